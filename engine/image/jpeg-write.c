/* Writing JPEG, to a file or into the tile of a scan. */
#include "image-private.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

typedef struct
{
  struct jpeg_error_mgr errors; /* first: libjpeg hands us its address */
  jmp_buf escape;
  unsigned char *data;
  unsigned long size;
} Writer;

static void
fail (j_common_ptr jpeg)
{
  longjmp (((Writer *)jpeg->err)->escape, 1);
}

static gboolean
encode (Writer *writer, struct jpeg_compress_struct *jpeg, const guint8 *rgb, gint width,
        gint height, gint quality, gdouble um_per_pixel)
{
  if (setjmp (writer->escape))
    return FALSE;
  jpeg_create_compress (jpeg);
  jpeg_mem_dest (jpeg, &writer->data, &writer->size);
  jpeg->image_width = (JDIMENSION)width;
  jpeg->image_height = (JDIMENSION)height;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_RGB;
  jpeg_set_defaults (jpeg);
  jpeg_set_quality (jpeg, quality, TRUE);
  if (um_per_pixel > 0 && 10000 / um_per_pixel < G_MAXUINT16)
    {
      jpeg->density_unit = 2; /* dots a centimetre */
      jpeg->X_density = jpeg->Y_density = (UINT16)(10000 / um_per_pixel + 0.5);
    }
  jpeg_start_compress (jpeg, TRUE);
  while (jpeg->next_scanline < jpeg->image_height)
    {
      JSAMPROW row = (JSAMPROW)rgb + (gsize)jpeg->next_scanline * width * 3;
      jpeg_write_scanlines (jpeg, &row, 1);
    }
  jpeg_finish_compress (jpeg);
  return TRUE;
}

guint8 *
smear_jpeg_encode (const guint8 *rgb, gint width, gint height, gint quality,
                   gdouble um_per_pixel, gsize *size)
{
  struct jpeg_compress_struct jpeg = { 0 };
  Writer writer = { 0 };

  jpeg.err = jpeg_std_error (&writer.errors);
  writer.errors.error_exit = fail;
  gboolean ok = encode (&writer, &jpeg, rgb, width, height, quality, um_per_pixel);
  jpeg_destroy_compress (&jpeg);
  if (!ok)
    {
      free (writer.data);
      return NULL;
    }
  *size = writer.size;
  return writer.data;
}

typedef struct
{
  const guint8 *data;
  gsize size;
} Bytes;

static gint
write_bytes (gint fd, gpointer what)
{
  Bytes *bytes = what;
  return smear_write_fully (fd, bytes->data, bytes->size);
}

gboolean
smear_image_save_jpeg (SmearImage *image, const char *path, gint quality, GError **error)
{
  g_return_val_if_fail (image != NULL && path != NULL && quality >= 1 && quality <= 100,
                        FALSE);
  if (image->width > JPEG_MAX_DIMENSION || image->height > JPEG_MAX_DIMENSION)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_TOO_LARGE,
                   "%s: a JPEG has at most %ld pixels on a side; save as PNG", path,
                   (glong)JPEG_MAX_DIMENSION);
      return FALSE;
    }

  Bytes bytes = { 0 };
  guint8 *data = smear_jpeg_encode (image->pixels, image->width, image->height, quality,
                                    image->um_per_pixel, &bytes.size);
  if (!data)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s: cannot be written: %s", path,
                   g_strerror (ENOMEM));
      return FALSE;
    }
  bytes.data = data;
  gboolean ok = smear_save (path, write_bytes, &bytes, error);
  free (data);
  return ok;
}
