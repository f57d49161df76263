/* Any bytes at all as an image: decoded, or refused with a message. */
#include <smearscope/image.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearImage) image = smear_image_load_bytes (bytes, "fuzz", &error);

  g_assert ((image == NULL) == (error != NULL));
  if (image)
    {
      gsize n = (gsize)3 * smear_image_get_width (image) * smear_image_get_height (image);
      /* The last byte, so that a buffer too short is noticed. */
      volatile guint8 last = smear_image_get_pixels (image)[n - 1];
      (void)last;
    }
  return 0;
}
