/* Sealing of what an encrypted history holds: XChaCha20-Poly1305 of libsodium. */
#include "records/history-private.h"

#include <sodium.h>
#include <string.h>

#define NONCE_LENGTH crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_LENGTH crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT (SMEAR_KEY_LENGTH == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

struct _SmearCrypt
{
  guint8 seal_key[SMEAR_KEY_LENGTH];
  guint8 blind_key[SMEAR_KEY_LENGTH];
};

SmearCrypt *
smear_crypt_open (const SmearHistorySettings *settings, GError **error)
{
  guint8 key[SMEAR_KEY_LENGTH];
  SmearCrypt *crypt;
  gboolean found;

  if (sodium_init () < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "libsodium cannot be started");
      return NULL;
    }
  if (settings->key_file)
    found = smear_key_read (settings->key_file, key, error);
  else if (settings->secret_service)
    found = smear_key_lookup_secret (key, error);
  else
    {
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
          "no key is named. Set key-file or secret-service: smearscope history settings");
      return NULL;
    }
  if (!found)
    return NULL;
  crypt = sodium_malloc (
      sizeof *crypt); /* locked pages: the key is not swapped to disk */
  if (!crypt)
    g_error ("no memory for a key");
  crypto_kdf_derive_from_key (crypt->seal_key, sizeof crypt->seal_key, 1, "smearsea",
                              key);
  crypto_kdf_derive_from_key (crypt->blind_key, sizeof crypt->blind_key, 2, "smearsea",
                              key);
  sodium_memzero (key, sizeof key);
  return crypt;
}

void
smear_crypt_free (SmearCrypt *crypt)
{
  if (crypt)
    sodium_free (crypt);
}

GBytes *
smear_crypt_seal (SmearCrypt *crypt, const void *data, gsize length)
{
  gsize sealed_length = NONCE_LENGTH + length + TAG_LENGTH;
  guint8 *sealed = g_malloc (sealed_length);

  randombytes_buf (sealed, NONCE_LENGTH);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_LENGTH, NULL, data, length,
                                              NULL, 0, NULL, sealed, crypt->seal_key);
  return g_bytes_new_take (sealed, sealed_length);
}

GBytes *
smear_crypt_unseal (SmearCrypt *crypt, const void *data, gsize length)
{
  const guint8 *sealed = data;
  guint8 *opened;
  gsize opened_length;

  if (length < NONCE_LENGTH + TAG_LENGTH)
    return NULL;
  opened_length = length - NONCE_LENGTH - TAG_LENGTH;
  opened = g_malloc (opened_length + 1);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (
          opened, NULL, NULL, sealed + NONCE_LENGTH, length - NONCE_LENGTH, NULL, 0,
          sealed, crypt->seal_key)
      == 0)
    return g_bytes_new_take (opened, opened_length);
  g_free (opened);
  return NULL;
}

GBytes *
smear_crypt_blind (SmearCrypt *crypt, const char *text)
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *)text, strlen (text),
                      crypt->blind_key, sizeof crypt->blind_key);
  return g_bytes_new (hash, sizeof hash);
}
