/* JPEG through libjpeg(-turbo), default DCT so that other decoders give the same pixels.
 */
#include "image-private.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

/* Each scan of a progressive file is a pass over the whole image; real ones have about
 * ten. */
#define MAX_SCANS 200

typedef struct
{
  struct jpeg_error_mgr errors; /* first: libjpeg hands us its address */
  struct jpeg_progress_mgr progress;
  struct jpeg_decompress_struct jpeg;
  jmp_buf escape;
  const char *name;
  GError **error;
  SmearImage *image;
  guint8 *row; /* CMYK only */
} Reader;

static void
fail (j_common_ptr jpeg)
{
  Reader *reader = (Reader *)jpeg->err;
  int code = jpeg->err->msg_code;
  char text[JMSG_LENGTH_MAX];

  jpeg->err->format_message (jpeg, text);
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JERR_INPUT_EMPTY
      || code == JERR_INPUT_EOF)
    g_set_error (reader->error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                 "%s: the JPEG is truncated (%s); copy it again from its source",
                 reader->name, text);
  else if (code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED
           || code == JERR_CONVERSION_NOTIMPL || code == JERR_NOT_COMPILED)
    g_set_error (
        reader->error, SMEAR_ERROR, SMEAR_ERROR_UNSUPPORTED,
        "%s: a kind of JPEG that cannot be read (%s); save it as 8-bit JPEG or PNG",
        reader->name, text);
  else
    g_set_error (reader->error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                 "%s: the JPEG is damaged (%s)", reader->name, text);
  longjmp (reader->escape, 1);
}

/* libjpeg paints grey over what it cannot read and goes on; a judgement must not rest on
 * that. */
static void
message (j_common_ptr jpeg, int level)
{
  if (level >= 0)
    return;
  switch (jpeg->err->msg_code)
    {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      fail (jpeg);
      break;
    default: /* stray bytes between markers and the like leave every pixel readable */
      break;
    }
}

static void
on_progress (j_common_ptr jpeg)
{
  Reader *reader = (Reader *)jpeg->err;
  if (((j_decompress_ptr)jpeg)->input_scan_number <= MAX_SCANS)
    return;
  g_set_error (reader->error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
               "%s: more than %d scans in one JPEG", reader->name, MAX_SCANS);
  longjmp (reader->escape, 1);
}

static void
read_tags (struct jpeg_decompress_struct *jpeg, SmearTags *tags)
{
  for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next)
    if (m->marker == JPEG_APP0 + 1 && m->data_length > 6
        && memcmp (m->data, "Exif\0\0", 6) == 0)
      {
        smear_exif_read (m->data + 6, m->data_length - 6, tags);
        break;
      }
  if (jpeg->saw_JFIF_marker && jpeg->density_unit != 0)
    {
      /* JFIF numbers its units from 1, TIFF from 2. */
      tags->um_x = smear_resolution_to_um (jpeg->X_density, jpeg->density_unit + 1);
      tags->um_y = smear_resolution_to_um (jpeg->Y_density, jpeg->density_unit + 1);
    }
}

/* Adobe's files hold the paper that shines through, others the ink that covers it. */
static void
cmyk_to_rgb (const guint8 *cmyk, gint width, gboolean inverted, guint8 *rgb)
{
  guint8 flip = inverted ? 0 : 255;
  for (gint x = 0; x < width; x++, cmyk += 4, rgb += 3)
    for (gint c = 0; c < 3; c++)
      rgb[c] = (guint8)(((cmyk[c] ^ flip) * (cmyk[3] ^ flip) + 127) / 255);
}

static gboolean
read_all (Reader *reader, const guint8 *data, gsize size, SmearTags *tags)
{
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;

  jpeg->err = jpeg_std_error (&reader->errors);
  reader->errors.error_exit = fail;
  reader->errors.emit_message = message;
  if (setjmp (reader->escape))
    return FALSE;

  jpeg_create_decompress (jpeg);
  reader->progress.progress_monitor = on_progress;
  jpeg->progress = &reader->progress;
  jpeg_mem_src (jpeg, data, size);
  jpeg_save_markers (jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header (jpeg, TRUE);
  read_tags (jpeg, tags);

  gboolean cmyk = jpeg->jpeg_color_space == JCS_CMYK
                  || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  reader->image = smear_image_new_named (reader->name, jpeg->image_width,
                                         jpeg->image_height, reader->error);
  if (!reader->image)
    return FALSE;
  if (cmyk)
    reader->row = g_malloc ((gsize)jpeg->image_width * 4);

  jpeg_start_decompress (jpeg);
  while (jpeg->output_scanline < jpeg->output_height)
    {
      guint8 *out = reader->image->pixels
                    + (gsize)jpeg->output_scanline * jpeg->output_width * 3;
      JSAMPROW row = cmyk ? reader->row : out;
      jpeg_read_scanlines (jpeg, &row, 1);
      if (cmyk)
        cmyk_to_rgb (row, reader->image->width, jpeg->saw_Adobe_marker, out);
    }
  jpeg_finish_decompress (jpeg);
  return TRUE;
}

SmearImage *
smear_decode_jpeg (const guint8 *data, gsize size, const char *name, GError **error)
{
  Reader *reader = g_new0 (Reader, 1);
  SmearTags tags = { 0 };
  SmearImage *image = NULL;

  reader->name = name;
  reader->error = error;
  if (read_all (reader, data, size, &tags))
    image = smear_image_finish (g_steal_pointer (&reader->image), &tags, error);
  jpeg_destroy_decompress (&reader->jpeg);
  smear_image_unref (reader->image);
  g_free (reader->row);
  g_free (reader);
  return image;
}
