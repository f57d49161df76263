/* Each convolution kernel against plain loops in 64 bits, over a grid of shapes. */
#include "base/random.h"
#include "nn/network.h"
#include "support/suite.h"

#include <math.h>
#include <string.h>

/* in_h, in_w, in_c, dilate, kh, kw, stride, pad_top, pad_left, out_h, out_w, out_c */
static const SmearConvShape shapes[] = {
  { 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1 },       /* the least there is */
  { 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1 },       /* nothing but border */
  { 5, 7, 1, 1, 3, 3, 1, 1, 1, 5, 7, 3 },       /* one channel in */
  { 6, 9, 5, 1, 3, 3, 1, 1, 1, 6, 9, 1 },       /* one channel out */
  { 13, 17, 3, 1, 3, 3, 1, 1, 1, 13, 17, 16 },  /* as the first layer, odd */
  { 5, 33, 32, 1, 3, 3, 1, 1, 1, 5, 33, 48 },   /* one pixel more than two tiles */
  { 4, 31, 17, 1, 3, 3, 1, 1, 1, 4, 31, 33 },   /* one less, channels odd */
  { 3, 16, 64, 1, 3, 3, 1, 1, 1, 3, 16, 128 },  /* as the last layer */
  { 12, 12, 6, 1, 3, 3, 1, 0, 0, 10, 10, 9 },   /* no border */
  { 15, 15, 5, 1, 3, 3, 2, 1, 1, 8, 8, 7 },     /* stride */
  { 14, 19, 16, 1, 3, 3, 2, 0, 0, 6, 9, 31 },   /* stride, last column unused */
  { 23, 21, 3, 1, 7, 7, 2, 3, 3, 12, 11, 20 },  /* stem of ResNet */
  { 11, 10, 8, 1, 1, 1, 2, 0, 0, 6, 5, 24 },    /* its shortcut */
  { 7, 12, 10, 1, 1, 7, 1, 0, 3, 7, 12, 18 },   /* Inception's row */
  { 12, 7, 10, 1, 7, 1, 1, 3, 0, 12, 7, 18 },   /* and column */
  { 9, 8, 4, 1, 5, 3, 1, 2, 1, 9, 8, 12 },      /* taller than wide */
  { 10, 10, 21, 1, 5, 5, 1, 2, 2, 10, 10, 16 }, /* 5x5 */
  { 8, 8, 7, 2, 3, 3, 1, 1, 1, 15, 15, 5 },     /* the way back through a stride */
  { 6, 5, 24, 2, 1, 1, 1, 0, 0, 11, 10, 8 },    /* and through a shortcut */
  { 6, 9, 31, 2, 3, 3, 1, 2, 2, 14, 19, 16 },   /* and past an unused column */
  { 13, 18, 32, 1, 3, 3, 1, 1, 1, 13, 18, 64 }, /* Winograd's tiles cut on two sides */
  { 10, 14, 16, 1, 3, 3, 1, 0, 0, 8, 12, 24 },  /* none cut, no border */
  { 7, 9, 40, 1, 3, 3, 1, 2, 2, 9, 11, 72 },    /* the way back from there */
  { 6, 6, 128, 1, 3, 3, 1, 1, 1, 6, 6, 128 },   /* four tiles, many channels */
  { 30, 57, 17, 1, 3, 3, 1, 1, 1, 30, 57, 16 }, /* more tiles than go at once */
  { 1, 33, 70, 1, 1, 1, 1, 0, 0, 1, 33, 12 },   /* dense layer, batch 33 */
  { 1, 1, 300, 1, 1, 1, 1, 0, 0, 1, 1, 4 },     /* batch 1 */
};

/* Allowed error of a sum of products, as a share of the sum of the products' sizes. Each
 * rounding in 32 bits is 6e-8 and roundings add up like a walk: plain sums, the portable
 * ones, are off by 2.2e-7 at worst in this grid. Winograd's, by 1.1e-6: a tile's error
 * goes with its largest numbers, and some outputs at the border have but one product of
 * their own. AMX cuts each factor to 16 bits and leaves one product of four out, 2^-16
 * altogether. */
static gdouble
allowed (SmearIsa isa)
{
  if (isa == SMEAR_ISA_AMX)
    return 1.0 / 65536;
  return isa == SMEAR_ISA_PORTABLE ? 5e-7 : 2e-6;
}

/* Buffers of exactly the size that the contract names, so that a sanitizer sees every
 * step over it. */
typedef struct
{
  const SmearConvShape *s;
  gsize n_in, n_out, n_weights;
  gfloat *in, *weights, *dout; /* IMAGES of them, for the weights' gradient */
} Case;

#define IMAGES 3

static gfloat *
draw (SmearRandom *random, gsize n)
{
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++)
    values[i] = smear_random_uniform (random, -1, 1);
  return values;
}

static Case
case_new (const SmearConvShape *s)
{
  SmearRandom random = smear_random (s->in_h * 31 + s->out_c);
  Case c = { .s = s,
             .n_in = (gsize)s->in_h * s->in_w * s->in_c,
             .n_out = (gsize)s->out_h * s->out_w * s->out_c,
             .n_weights = (gsize)s->kh * s->kw * s->in_c * s->out_c };

  c.in = draw (&random, IMAGES * c.n_in);
  c.weights = draw (&random, c.n_weights);
  c.dout = draw (&random, IMAGES * c.n_out);
  return c;
}

static void
case_clear (Case *c)
{
  g_free (c->in);
  g_free (c->weights);
  g_free (c->dout);
}

/* What was in scratch memory before must not matter. */
static void *
dirty (gsize bytes)
{
  return memset (smear_aligned_new (bytes), 0xff, bytes);
}

static const gfloat *
input_pixel (const Case *c, gint y, gint x)
{
  const SmearConvShape *s = c->s;

  if (y < 0 || x < 0 || y % s->dilate != 0 || x % s->dilate != 0)
    return NULL;
  y /= s->dilate;
  x /= s->dilate;
  return y < s->in_h && x < s->in_w ? c->in + ((gsize)y * s->in_w + x) * s->in_c : NULL;
}

/* Calls for every product that a convolution consists of: indices of output and weight.
 */
typedef void (*Product) (const Case *c, gfloat in, gsize out, gsize weight, gdouble *sum,
                         gdouble *size);

static void
each_product (const Case *c, Product product, gdouble *sum, gdouble *size)
{
  const SmearConvShape *s = c->s;

  for (gint y = 0; y < s->out_h; y++)
    for (gint x = 0; x < s->out_w; x++)
      for (gint tap = 0; tap < s->kh * s->kw; tap++)
        {
          const gfloat *in = input_pixel (c, y * s->stride + tap / s->kw - s->pad_top,
                                          x * s->stride + tap % s->kw - s->pad_left);
          for (gint i = 0; in != NULL && i < s->in_c; i++)
            for (gint o = 0; o < s->out_c; o++)
              product (c, in[i], ((gsize)y * s->out_w + x) * s->out_c + o,
                       ((gsize)tap * s->in_c + i) * s->out_c + o, sum, size);
        }
}

static void
forward_product (const Case *c, gfloat in, gsize out, gsize weight, gdouble *sum,
                 gdouble *size)
{
  gdouble p = (gdouble)in * c->weights[weight];

  sum[out] += p;
  size[out] += fabs (p);
}

static void
weight_product (const Case *c, gfloat in, gsize out, gsize weight, gdouble *sum,
                gdouble *size)
{
  gdouble p = (gdouble)in * c->dout[out];

  sum[weight] += p;
  size[weight] += fabs (p);
}

static void
check_sums (const char *what, SmearIsa isa, const gfloat *ours, const gdouble *sum,
            const gdouble *size, gsize n)
{
  for (gsize i = 0; i < n; i++)
    ck_assert_msg (fabs (ours[i] - sum[i]) <= allowed (isa) * size[i] + 1e-30,
                   "%s on %s, number %d of %d: %.9g, not %.9g", what,
                   smear_isa_name (isa), (gint)i, (gint)n, ours[i], sum[i]);
}

/* Rows @from to @to - 1; weights packed anew. */
static void
convolve (const Case *c, SmearIsa isa, const SmearEpilogue *e, gint from, gint to)
{
  const SmearKernels *k = smear_kernels_get (isa);
  void *packed = dirty (k->weights_size (c->s)),
       *scratch = dirty (k->conv_scratch (c->s));

  k->pack_weights (c->s, c->weights, packed);
  k->conv_rows (c->s, c->in, packed, e, from, to, scratch);
  smear_aligned_free (scratch);
  smear_aligned_free (packed);
}

START_TEST (test_forward)
{
  Case c = case_new (&shapes[_i]);
  g_autofree gdouble *sum = g_new0 (gdouble, c.n_out), *size = g_new0 (gdouble, c.n_out);
  g_autofree gfloat *out = g_new (gfloat, c.n_out);

  each_product (&c, forward_product, sum, size);
  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      convolve (&c, isa, &(SmearEpilogue){ .out = out }, 0, c.s->out_h);
      check_sums ("output", isa, out, sum, size, c.n_out);
    }
  case_clear (&c);
}
END_TEST

/* Wherever the rows are cut, the bits are the same; with pooling only even rows may be.
 */
START_TEST (test_rows_in_two_parts)
{
  Case c = case_new (&shapes[_i]);
  gsize bytes = c.n_out * sizeof (gfloat);
  g_autofree gfloat *whole = g_malloc0 (bytes), *parts = g_malloc0 (bytes);

  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    for (gint pool = 0; pool <= 1; pool++)
      {
        memset (whole, 0, bytes);
        SmearEpilogue all = { .pool = pool, .out = whole },
                      part = { .pool = pool, .out = parts };
        convolve (&c, isa, &all, 0, c.s->out_h);
        for (gint cut = 1 + pool; cut < c.s->out_h; cut += 3 + pool)
          {
            memset (parts, 0, bytes);
            convolve (&c, isa, &part, cut, c.s->out_h);
            convolve (&c, isa, &part, 0, cut);
            ck_assert_mem_eq (parts, whole, bytes);
          }
      }
  case_clear (&c);
}
END_TEST

START_TEST (test_weights_gradient)
{
  Case c = case_new (&shapes[_i]);
  gsize n = c.n_weights;
  g_autofree gdouble *sum = g_new (gdouble, n), *size = g_new (gdouble, n);
  g_autofree gfloat *dw = g_new (gfloat, n);

  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      const SmearKernels *k = smear_kernels_get (isa);
      void *scratch = dirty (k->conv_dw_scratch (c.s));
      for (gsize i = 0; i < n; i++)
        {
          sum[i] = dw[i] = c.weights[i]; /* it is added to what is there */
          size[i] = fabs (sum[i]);
        }
      for (gint image = 0; image < IMAGES; image++)
        {
          Case one = c;
          one.in += image * c.n_in;
          one.dout += image * c.n_out;
          each_product (&one, weight_product, sum, size);
          k->conv_dw (c.s, one.in, one.dout, image, IMAGES, dw, scratch);
        }
      check_sums ("gradient of weights", isa, dw, sum, size, n);
      smear_aligned_free (scratch);
    }
  case_clear (&c);
}
END_TEST

/* The epilogue of one value, by its definition. */
static gfloat
finished (const SmearEpilogue *e, gfloat v, gint channel, gfloat *tap)
{
  if (e->bias != NULL)
    v += e->bias[channel];
  if (e->relu)
    v = MAX (v, 0);
  *tap = v;
  if (e->scale != NULL)
    v = v * e->scale[channel] + e->shift[channel];
  return e->relu_after ? MAX (v, 0) : v;
}

static void
check_close (const char *what, SmearIsa isa, gfloat ours, gdouble expected, gdouble size)
{
  ck_assert_msg (fabs (ours - expected) <= 1e-6 * size, "%s on %s: %.9g, not %.9g", what,
                 smear_isa_name (isa), ours, expected);
}

/* @plain: the convolution alone, by the same kernel: only what comes after it is judged.
 */
static void
check_epilogue (const Case *c, SmearIsa isa, const gfloat *plain, SmearEpilogue e)
{
  const SmearConvShape *s = c->s;
  gint step = e.pool ? 2 : 1, h = s->out_h / step, w = s->out_w / step, n = s->out_c;
  gsize n_out = (gsize)h * w * n;
  g_autofree gfloat *out = g_new (gfloat, MAX (n_out, 1));
  g_autofree gfloat *tap = g_new (gfloat, c->n_out);
  g_autofree gdouble *sums = g_new (gdouble, 2 * n), *expected = g_new (gdouble, 2 * n);
  g_autofree gdouble *size = g_new (gdouble, 2 * n);
  gfloat tapped, old = 0.25f;

  for (gint o = 0; o < 2 * n; o++)
    sums[o] = expected[o] = size[o] = o;
  for (gsize i = 0; i < n_out; i++)
    out[i] = old;
  e.out = out;
  e.tap = tap;
  e.sums = sums;
  convolve (c, isa, &e, 0, s->out_h);

  for (gsize i = 0; i < c->n_out; i++)
    {
      finished (&e, plain[i], i % n, &tapped);
      check_close ("tap", isa, tap[i], tapped, fabsf (tapped));
      expected[i % n] += tapped;
      size[i % n] += fabsf (tapped);
      expected[n + i % n] += (gdouble)tapped * tapped;
      size[n + i % n] += (gdouble)tapped * tapped;
    }
  for (gint o = 0; o < 2 * n; o++)
    check_close ("sums", isa, sums[o], expected[o], size[o]);
  for (gsize i = 0; i < n_out; i++)
    {
      gint channel = i % n, x = i / n % w, y = i / n / w;
      gfloat best = -INFINITY;
      for (gint j = 0; j < step * step; j++)
        {
          gsize at = ((gsize)(y * step + j / step) * s->out_w + x * step + j % step) * n;
          best = MAX (best, finished (&e, plain[at + channel], channel, &tapped));
        }
      check_close ("output", isa, out[i], best + (e.add ? old : 0), 1 + fabsf (best));
    }
}

START_TEST (test_epilogue)
{
  Case c = case_new (&shapes[_i]);
  SmearRandom random = smear_random (6);
  g_autofree gfloat *bias = draw (&random, c.s->out_c),
                    *scale = draw (&random, c.s->out_c);
  g_autofree gfloat *shift = draw (&random, c.s->out_c);
  g_autofree gfloat *plain = g_new (gfloat, c.n_out);

  for (gint isa = 0; isa <= (gint)smear_cpu_best_isa (); isa++)
    {
      convolve (&c, isa, &(SmearEpilogue){ .out = plain }, 0, c.s->out_h);
      for (gint what = 0; what < 32; what += c.n_weights < 8192 ? 1 : 5)
        {
          SmearEpilogue e = { .bias = what & 1 ? bias : NULL,
                              .relu = (what & 2) != 0,
                              .scale = what & 4 ? scale : NULL,
                              .shift = what & 4 ? shift : NULL,
                              .relu_after = (what & 12) == 12,
                              .pool = (what & 16) != 0 };
          check_epilogue (&c, isa, plain, e);
        }
      check_epilogue (&c, isa, plain, (SmearEpilogue){ .add = TRUE });
    }
  case_clear (&c);
}
END_TEST

gint
main (void)
{
  Suite *suite = suite_create ("kernels");
  TCase *tcase = tcase_create ("kernels");

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, test_forward, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tcase, test_rows_in_two_parts, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tcase, test_weights_gradient, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tcase, test_epilogue, 0, G_N_ELEMENTS (shapes));
  suite_add_tcase (suite, tcase);
  return run_suite (suite);
}
