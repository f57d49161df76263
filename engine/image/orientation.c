/* What a file says about its pixels: which way is up, and how large they are. */
#include "image-private.h"

#include <math.h>
#include <string.h>

enum
{
  TAG_ORIENTATION = 0x0112,
  TAG_X_RESOLUTION = 0x011a,
  TAG_Y_RESOLUTION = 0x011b,
  TAG_RESOLUTION_UNIT = 0x0128,
  TYPE_SHORT = 3,
  TYPE_RATIONAL = 5
};

typedef struct
{
  const guint8 *data;
  gsize size;
  gboolean big_endian;
} Exif;

static guint
get16 (const Exif *exif, gsize at)
{
  const guint8 *p = exif->data + at;
  return exif->big_endian ? (guint)p[0] << 8 | p[1] : (guint)p[1] << 8 | p[0];
}

static guint32
get32 (const Exif *exif, gsize at)
{
  guint32 first = get16 (exif, at), second = get16 (exif, at + 2);
  return exif->big_endian ? first << 16 | second : second << 16 | first;
}

/* The rational that the entry at @entry points to, 0 if it points outside. */
static gdouble
rational (const Exif *exif, gsize entry)
{
  gsize at = get32 (exif, entry + 8);
  if (exif->size < 8 || at > exif->size - 8)
    return 0;
  guint32 below = get32 (exif, at + 4);
  return below ? (gdouble)get32 (exif, at) / below : 0;
}

void
smear_exif_read (const guint8 *data, gsize size, SmearTags *tags)
{
  Exif exif = { data, size, FALSE };
  gdouble x = 0, y = 0;
  gint unit = 2;

  if (size < 8 || (memcmp (data, "II*\0", 4) != 0 && memcmp (data, "MM\0*", 4) != 0))
    return;
  exif.big_endian = data[0] == 'M';
  gsize at = get32 (&exif, 4);
  if (at > size - 2)
    return;
  guint n = get16 (&exif, at);
  at += 2;
  for (; n > 0 && size - at >= 12; n--, at += 12)
    {
      guint tag = get16 (&exif, at), type = get16 (&exif, at + 2);
      if (get32 (&exif, at + 4) != 1)
        continue;
      if (tag == TAG_ORIENTATION && type == TYPE_SHORT)
        tags->orientation = (gint)get16 (&exif, at + 8);
      else if (tag == TAG_RESOLUTION_UNIT && type == TYPE_SHORT)
        unit = (gint)get16 (&exif, at + 8);
      else if (tag == TAG_X_RESOLUTION && type == TYPE_RATIONAL)
        x = rational (&exif, at);
      else if (tag == TAG_Y_RESOLUTION && type == TYPE_RATIONAL)
        y = rational (&exif, at);
    }
  tags->um_x = smear_resolution_to_um (x, unit);
  tags->um_y = smear_resolution_to_um (y, unit);
}

gdouble
smear_resolution_to_um (gdouble per_unit, gint unit)
{
  if (!(per_unit > 0) || !isfinite (per_unit))
    return 0;
  return unit == 2 ? 25400 / per_unit : unit == 3 ? 10000 / per_unit : 0;
}

/*
 * The eight orientations are made of three switches. With @transposed, row y of the
 * result is column y of the file; the two flips say from which end the file's axes are
 * counted.
 */
static SmearImage *
turn (const SmearImage *image, gboolean transposed, gboolean flip_x, gboolean flip_y,
      GError **error)
{
  gint width = transposed ? image->height : image->width;
  gint height = transposed ? image->width : image->height;
  SmearImage *out = smear_image_new (width, height, error);
  if (!out)
    return NULL;

  gssize across = transposed ? (gssize)image->width * 3 : 3;
  gssize down = transposed ? 3 : (gssize)image->width * 3;
  gboolean flip_across = transposed ? flip_y : flip_x;
  gboolean flip_down = transposed ? flip_x : flip_y;
  const guint8 *first = image->pixels + (flip_across ? across * (width - 1) : 0)
                        + (flip_down ? down * (height - 1) : 0);
  if (flip_across)
    across = -across;
  if (flip_down)
    down = -down;
  guint8 *q = out->pixels;
  for (gint y = 0; y < height; y++)
    {
      const guint8 *p = first + y * down;
      for (gint x = 0; x < width; x++, p += across, q += 3)
        memcpy (q, p, 3);
    }
  return out;
}

/* One figure where both axes agree and a microscope could have made it, else 0. */
static gdouble
plausible_um (const SmearTags *tags)
{
  if (tags->um_x < 0.01 || tags->um_x > 10
      || fabs (tags->um_x - tags->um_y) > 0.02 * tags->um_x)
    return 0;
  return (tags->um_x + tags->um_y) / 2;
}

SmearImage *
smear_image_finish (SmearImage *image, const SmearTags *tags, GError **error)
{
  gint o = tags->orientation;

  if (o >= 2 && o <= 8)
    {
      SmearImage *turned = turn (image, o >= 5, o == 2 || o == 3 || o == 7 || o == 8,
                                 o == 3 || o == 4 || o == 6 || o == 7, error);
      smear_image_unref (image);
      if (!turned)
        return NULL;
      image = turned;
    }
  image->um_per_pixel = plausible_um (tags);
  return image;
}
