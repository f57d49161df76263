/* Resizing by area: the mean of what lies under each new pixel. */
#include "image-private.h"

#include "base/cpu.h"

#include <string.h>

#if defined __GNUC__ && !defined __clang__
#pragma GCC optimize("O3") /* the inner loops are written to be vectorised */
#endif

typedef gfloat Rgb __attribute__ ((vector_size (16)));

/* Input samples first … first + n - 1 make one output sample; weights begin at @at. */
typedef struct
{
  gint first, n;
  gint at;
} Span;

typedef struct
{
  Span *spans;
  gfloat *weights;
} Axis;

static void
axis_clear (Axis *axis)
{
  g_free (axis->spans);
  g_free (axis->weights);
}

static Axis
axis_new (gint from, gint to)
{
  gdouble step = (gdouble)from / to;
  gint most = from > to ? (gint)step + 3 : 2;
  Axis axis = { g_new (Span, to), g_new (gfloat, (gsize)to * most) };

  for (gint i = 0; i < to; i++)
    {
      Span *span = &axis.spans[i];
      gfloat *w = axis.weights + (gsize)i * most;
      span->at = i * most;
      if (from > to)
        {
          /* Exact ends: i * from / to in integers tells which samples are touched at all.
           */
          gint64 begin = (gint64)i * from, end = begin + from;
          span->first = (gint)(begin / to);
          span->n = (gint)((end + to - 1) / to) - span->first;
          for (gint k = 0; k < span->n; k++)
            {
              gint64 left = MAX (begin, (gint64)(span->first + k) * to);
              gint64 right = MIN (end, (gint64)(span->first + k + 1) * to);
              w[k] = (gfloat)((gdouble)(right - left) / from);
            }
        }
      else
        {
          gdouble centre = CLAMP ((i + 0.5) * step - 0.5, 0, from - 1);
          span->first = MIN ((gint)centre, MAX (0, from - 2));
          span->n = MIN (2, from);
          gdouble part = centre - span->first;
          w[0] = (gfloat)(1 - part);
          if (span->n == 2)
            w[1] = (gfloat)part;
        }
    }
  return axis;
}

SMEAR_WIDE static void
scale_row (const guint8 *restrict in, gfloat weight, gfloat *restrict sum, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum[i] = in[i] * weight;
}

SMEAR_WIDE static void
add_row (const guint8 *restrict in, gfloat weight, gfloat *restrict sum, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum[i] += in[i] * weight;
}

/* @row has a value more than there are samples: three channels are taken as four. */
static void
across (const gfloat *row, const Axis *axis, gint width, guint8 *out)
{
  for (gint x = 0; x < width; x++, out += 3)
    {
      const Span *span = &axis->spans[x];
      const gfloat *w = axis->weights + span->at, *p = row + (gsize)span->first * 3;
      Rgb sum = { 0.5f, 0.5f, 0.5f, 0 };
      for (gint k = 0; k < span->n; k++, p += 3)
        {
          Rgb sample;
          memcpy (&sample, p, sizeof sample);
          sum += sample * w[k];
        }
      out[0] = (guint8)MIN (sum[0], 255);
      out[1] = (guint8)MIN (sum[1], 255);
      out[2] = (guint8)MIN (sum[2], 255);
    }
}

SmearImage *
smear_image_resize (SmearImage *image, gint width, gint height, GError **error)
{
  g_return_val_if_fail (image != NULL, NULL);
  SmearImage *out = smear_image_new (width, height, error);
  if (!out)
    return NULL;

  gdouble zoom_x = (gdouble)image->width / width,
          zoom_y = (gdouble)image->height / height;
  /* One figure cannot tell of a squeezed image. */
  if (ABS (zoom_x - zoom_y) <= 0.02 * zoom_x)
    out->um_per_pixel = image->um_per_pixel * zoom_x;

  Axis columns = axis_new (image->width, width), rows = axis_new (image->height, height);
  gsize stride = (gsize)image->width * 3;
  g_autofree gfloat *sum = g_new0 (gfloat, stride + 1);
  for (gint y = 0; y < height; y++)
    {
      const Span *span = &rows.spans[y];
      const guint8 *in = image->pixels + span->first * stride;
      scale_row (in, rows.weights[span->at], sum, stride);
      for (gint k = 1; k < span->n; k++)
        add_row (in + k * stride, rows.weights[span->at + k], sum, stride);
      across (sum, &columns, width, out->pixels + (gsize)y * width * 3);
    }
  axis_clear (&columns);
  axis_clear (&rows);
  return out;
}
