/* Where keys lie: files only their owner can read, or the desktop's secret service. */
#include "records/history-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_LENGTH (2 * SMEAR_KEY_LENGTH)

static const SecretSchema secret_schema = {
  .name = "io.github.smearscope.HistoryKey",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "purpose", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

static gboolean
decode (const char *text, gsize length, guint8 key[SMEAR_KEY_LENGTH])
{
  gsize decoded = 0;

  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return length == HEX_LENGTH
         && sodium_hex2bin (key, SMEAR_KEY_LENGTH, text, length, NULL, &decoded, NULL)
                == 0
         && decoded == SMEAR_KEY_LENGTH;
}

/* The mode is asked of the open file, so nobody can swap it in between. */
static gssize
read_private_file (const char *path, char *buffer, gsize size, GError **error)
{
  gint fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct stat info;
  gssize length = -1;

  if (fd < 0 || fstat (fd, &info) != 0)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s: the key cannot be read: %s",
                 path, g_strerror (errno));
  else if (!S_ISREG (info.st_mode))
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s is no key file", path);
  else if (info.st_mode & 077)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
        "%s: others can read this key. Say: chmod 600 on it, or better make a new one",
        path);
  else if ((length = read (fd, buffer, size)) < 0)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "%s: the key cannot be read: %s",
                 path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return length;
}

gboolean
smear_key_read (const char *path, guint8 key[SMEAR_KEY_LENGTH], GError **error)
{
  char text[HEX_LENGTH + 3];
  gssize length = read_private_file (path, text, sizeof text, error);
  gboolean whole;

  if (length < 0)
    return FALSE;
  whole = decode (text, length, key);
  sodium_memzero (text, sizeof text);
  if (!whole)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "%s is no key file: %d hexadecimal digits are expected. Make one with: "
                 "smearscope history key FILE",
                 path, HEX_LENGTH);
  return whole;
}

/* Written whole under another name and then linked, so a second process never reads half.
 */
gboolean
smear_key_write (const char *path, const guint8 key[SMEAR_KEY_LENGTH], GError **error)
{
  char text[HEX_LENGTH + 2];
  g_autofree char *made = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  gint fd = -1;
  gboolean written;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_mkstemp_full (made, O_WRONLY | O_CLOEXEC, 0600);
  sodium_bin2hex (text, sizeof text, key, SMEAR_KEY_LENGTH);
  text[HEX_LENGTH] = '\n';
  written = fd >= 0 && write (fd, text, HEX_LENGTH + 1) == HEX_LENGTH + 1
            && fsync (fd) == 0;
  sodium_memzero (text, sizeof text);
  written = written && link (made, path) == 0;
  if (!written)
    g_set_error (
        error, SMEAR_ERROR, errno == EEXIST ? SMEAR_ERROR_ARGUMENT : SMEAR_ERROR_RECORD,
        "%s: the key cannot be written: %s%s", path, g_strerror (errno),
        errno == EEXIST ? ". An old key is never overwritten: name another file" : "");
  if (fd >= 0)
    {
      close (fd);
      g_unlink (made);
    }
  return written;
}

gboolean
smear_key_lookup_secret (guint8 key[SMEAR_KEY_LENGTH], GError **error)
{
  g_autoptr (GError) inner = NULL;
  char *text = secret_password_lookup_sync (&secret_schema, NULL, &inner, "purpose",
                                            "history", NULL);
  gboolean whole = text && decode (text, strlen (text), key);

  secret_password_free (text);
  if (!whole)
    g_set_error (
        error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
        "the desktop's secret service gave no key (%s). Unlock the keyring, or name a "
        "key file",
        inner ? inner->message : "none is stored");
  return whole;
}

gboolean
smear_key_store_secret (const guint8 key[SMEAR_KEY_LENGTH], GError **error)
{
  char text[HEX_LENGTH + 1];
  g_autoptr (GError) inner = NULL;
  gboolean stored;

  sodium_bin2hex (text, sizeof text, key, SMEAR_KEY_LENGTH);
  stored = secret_password_store_sync (&secret_schema, SECRET_COLLECTION_DEFAULT,
                                       "Key of Smearscope's history", text, NULL, &inner,
                                       "purpose", "history", NULL);
  sodium_memzero (text, sizeof text);
  if (!stored)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD,
                 "the desktop's secret service took no key (%s). Use a key file instead",
                 inner ? inner->message : "no reason given");
  return stored;
}

/* A second key in the secret service would shut out what the first one sealed. */
gboolean
smear_history_key_new (const char *path, GError **error)
{
  guint8 key[SMEAR_KEY_LENGTH];
  gboolean kept;

  if (sodium_init () < 0)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_RECORD, "libsodium cannot be started");
      return FALSE;
    }
  if (!path && smear_key_lookup_secret (key, NULL))
    {
      sodium_memzero (key, sizeof key);
      g_set_error (
          error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
          "the secret service holds a key already; an old key is never overwritten");
      return FALSE;
    }
  randombytes_buf (key, sizeof key);
  kept = path ? smear_key_write (path, key, error) : smear_key_store_secret (key, error);
  sodium_memzero (key, sizeof key);
  return kept;
}
