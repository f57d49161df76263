/* What a cell absorbs, pixel by pixel, from its own random stream. */
#include "synthesise-private.h"

/* A closed outline: an ellipse, bent by three waves around it, perhaps with a notch. */
typedef struct
{
  gfloat xu, yu, xv, yv; /* from micrometres to the unit circle */
  gfloat c2, s2, c3, s3, c5, s5;
  gfloat notch_u, notch_v, notch;
  gfloat sharp; /* one over the width of the soft edge */
} Outline;

static Outline
outline_new (guint64 *dice, gdouble radius, gdouble stretch, gdouble ragged, gdouble soft)
{
  Outline outline = { 0 };
  gdouble angle = smear_roll (dice) * 2 * G_PI;
  gdouble aspect = sqrt (1 + stretch * smear_roll (dice));
  outline.xu = (gfloat)(cos (angle) / (radius * aspect));
  outline.yu = (gfloat)(sin (angle) / (radius * aspect));
  outline.xv = (gfloat)(-sin (angle) * aspect / radius);
  outline.yv = (gfloat)(cos (angle) * aspect / radius);
  gfloat *waves[] = { &outline.c2, &outline.s2, &outline.c3,
                      &outline.s3, &outline.c5, &outline.s5 };
  for (gint i = 0; i < 6; i++)
    *waves[i] = (gfloat)((smear_roll (dice) - 0.5) * 4 * ragged / (1 + i / 2));
  outline.sharp = (gfloat)(radius / soft);
  return outline;
}

/* 0 in the middle, 1 on the outline; on the way to @u, @v in units of the circle. */
static inline gfloat
outline_at (const Outline *outline, gfloat dx, gfloat dy, gfloat *u, gfloat *v)
{
  gfloat a = dx * outline->xu + dy * outline->yu, b = dx * outline->xv + dy * outline->yv;
  gfloat aa = a * a, bb = b * b, rr = aa + bb;
  gfloat two_c = aa - bb, two_s = 2 * a * b;
  gfloat three_c = a * (aa - 3 * bb), three_s = b * (3 * aa - bb);
  gfloat f = rr + outline->c2 * two_c + outline->s2 * two_s + outline->c3 * three_c
             + outline->s3 * three_s + outline->c5 * (two_c * three_c - two_s * three_s)
             + outline->s5 * (two_c * three_s + two_s * three_c);
  if (outline->notch > 0)
    {
      gfloat nu = a - outline->notch_u, nv = b - outline->notch_v;
      gfloat near = 1 - (nu * nu + nv * nv) * 4;
      if (near > 0)
        f += outline->notch * near * near;
    }
  *u = a;
  *v = b;
  return sqrtf (MAX (f, 0));
}

/* How much of a pixel at this distance belongs to the thing. */
static inline gfloat
inside (const Outline *outline, gfloat rho)
{
  gfloat t = (1 - rho) * outline->sharp + 0.5f;
  t = CLAMP (t, 0, 1);
  return t * t * (3 - 2 * t);
}

static inline gfloat
texture_at (const gfloat *texture, gfloat u, gfloat v)
{
  gfloat fu = floorf (u), fv = floorf (v), s = u - fu, t = v - fv;
  guint mask = SMEAR_TEXTURE_SIZE - 1;
  guint i = (guint)(gint)fu & mask, j = (guint)(gint)fv & mask;
  guint i1 = (i + 1) & mask, j1 = (j + 1) & mask;
  const gfloat *a = texture + j * SMEAR_TEXTURE_SIZE,
               *b = texture + j1 * SMEAR_TEXTURE_SIZE;
  gfloat above = a[i] + (a[i1] - a[i]) * s, below = b[i] + (b[i1] - b[i]) * s;
  return above + (below - above) * t;
}

static inline void
absorb (gint16 *od, const gfloat colour[3], gfloat amount)
{
  for (gint c = 0; c < 3; c++)
    {
      gfloat units = colour[c] * amount * SMEAR_OD_UNITS;
      od[c] = (gint16)(od[c] + (gint)(units < 0 ? units - 0.5f : units + 0.5f));
    }
}

/* The pixels of @tile that a thing can touch, as offsets into it. */
typedef struct
{
  gint x0, y0, x1, y1;
} Box;

static Box
box_of (const SmearSlide *slide, const SmearThing *thing, gdouble reach,
        const SmearRegion *tile)
{
  gdouble um = slide->what.um_per_pixel;
  gdouble left = (thing->x - reach) / um - tile->x,
          right = (thing->x + reach) / um - tile->x;
  gdouble top = (thing->y - reach) / um - tile->y,
          bottom = (thing->y + reach) / um - tile->y;
  return (Box){ (gint)CLAMP (floor (left), 0, tile->width),
                (gint)CLAMP (floor (top), 0, tile->height),
                (gint)CLAMP (ceil (right), 0, tile->width),
                (gint)CLAMP (ceil (bottom), 0, tile->height) };
}

/* Micrometres from @centre to the middle of pixel @at of the whole slide, for every tile
 * alike. */
static inline gfloat
offset (const SmearSlide *slide, gint at, gdouble centre)
{
  return (gfloat)((at + 0.5) * slide->what.um_per_pixel - centre);
}

#define FOR_EACH_PIXEL(box, tile, od)                                                    \
  for (gint y = box.y0; y < box.y1; y++)                                                 \
    for (gint x = box.x0, at = 3 * (y * tile->width + x); x < box.x1; x++, at += 3)

static void
draw_red (const SmearSlide *slide, const SmearThing *thing, const SmearRegion *tile,
          gint16 *od)
{
  guint64 dice = smear_mix (thing->dice);
  gboolean odd = smear_roll (&dice) < 0.08;
  Outline outline = outline_new (&dice, thing->radius, odd ? 1.0 : 0.28,
                                 odd ? 0.06 : 0.02, slide->soft);
  gfloat depth = (gfloat)smear_roll_between (&dice, 0.75, 1.25);
  gfloat pallor
      = (gfloat)(smear_roll (&dice) < 0.2 ? 0.15 : smear_roll_between (&dice, 0.55, 0.9));
  gfloat width = (gfloat)smear_roll_between (&dice, 0.55, 0.85);
  gfloat aside = (gfloat)smear_roll_between (&dice, -0.1, 0.1);
  gfloat bright = (gfloat)smear_roll_between (&dice, 0.3, 1);
  Box box = box_of (slide, thing, thing->radius * 1.5, tile);

  FOR_EACH_PIXEL (box, tile, od)
  {
    gfloat u, v;
    gfloat rho = outline_at (&outline, offset (slide, tile->x + x, thing->x),
                             offset (slide, tile->y + y, thing->y), &u, &v);
    if (rho > 1.35f)
      continue;
    gfloat hollow = 1 - ((u - aside) * (u - aside) + v * v) / (width * width);
    hollow = hollow > 0 ? hollow * hollow * (3 - 2 * hollow) : 0;
    absorb (od + at, slide->red, depth * inside (&outline, rho) * (1 - pallor * hollow));
    gfloat ring = 1 - (rho - 1.13f) * (rho - 1.13f) * 60;
    if (ring > 0)
      absorb (od + at, slide->halo, bright * ring);
  }
}

typedef struct
{
  gfloat u, v, size, depth;
} Nucleolus;

static void
draw_leukocyte (const SmearSlide *slide, const SmearThing *thing, const SmearRegion *tile,
                gint16 *od)
{
  const SmearKin *kin = &slide->kins[thing->kin];
  guint64 dice = smear_mix (thing->dice);
  Outline nucleus = outline_new (&dice, thing->radius, 0.22, kin->ragged, slide->soft);
  Outline cell = outline_new (&dice, thing->reach, 0.12, kin->ragged * 0.9,
                              slide->soft * 1.4);
  /* The nucleus lies to one side of its cell. */
  gdouble angle = smear_roll (&dice) * 2 * G_PI;
  gdouble aside = (thing->reach - thing->radius) * 0.7 * smear_roll (&dice);
  gdouble cell_x = thing->x + cos (angle) * aside,
          cell_y = thing->y + sin (angle) * aside;
  if (smear_roll (&dice) < kin->notch)
    {
      gdouble where = smear_roll (&dice) * 2 * G_PI;
      nucleus.notch_u = (gfloat)(cos (where) * 1.05);
      nucleus.notch_v = (gfloat)(sin (where) * 1.05);
      nucleus.notch = (gfloat)smear_roll_between (&dice, 0.15, 0.6);
    }
  Nucleolus nucleoli[4];
  gint n_nucleoli = (gint)(smear_roll (&dice) * (kin->nucleoli + 1));
  for (gint i = 0; i < n_nucleoli; i++)
    nucleoli[i] = (Nucleolus){ (gfloat)smear_roll_between (&dice, -0.5, 0.5),
                               (gfloat)smear_roll_between (&dice, -0.5, 0.5),
                               (gfloat)smear_roll_between (&dice, 0.18, 0.32),
                               (gfloat)smear_roll_between (&dice, 0.12, 0.3) };
  gfloat strength = (gfloat)smear_roll_between (&dice, 0.86, 1.14);
  gfloat shift_u = (gfloat)(smear_roll (&dice) * SMEAR_TEXTURE_SIZE);
  gfloat shift_v = (gfloat)(smear_roll (&dice) * SMEAR_TEXTURE_SIZE);
  /* Finer than a pixel can show, chromatin would only be noise. */
  gfloat seen = (gfloat)CLAMP (1.6 - 2 * slide->what.um_per_pixel, 0, 1);
  gfloat limit = (gfloat)(thing->reach * thing->reach * 1.45 * 1.45);
  gfloat stain[3], plasm[3];
  for (gint c = 0; c < 3; c++)
    {
      stain[c] = kin->nucleus[c] * slide->stain[c] * strength;
      plasm[c] = kin->plasm[c] * slide->stain[c];
    }
  Box box = box_of (slide, thing, thing->reach * 1.45, tile);

  FOR_EACH_PIXEL (box, tile, od)
  {
    gfloat dx = offset (slide, tile->x + x, thing->x),
           dy = offset (slide, tile->y + y, thing->y);
    if (dx * dx + dy * dy > limit)
      continue;
    gfloat u, v, cu, cv;
    gfloat rho_cell = outline_at (&cell, offset (slide, tile->x + x, cell_x),
                                  offset (slide, tile->y + y, cell_y), &cu, &cv);
    gfloat rho = outline_at (&nucleus, dx, dy, &u, &v);
    gfloat in = inside (&nucleus, rho), round = inside (&cell, rho_cell);
    if (in <= 0 && round <= 0)
      continue;
    gfloat fine = texture_at (slide->fine, dx * 12 + shift_u, dy * 12 + shift_v);
    gfloat clumps = texture_at (slide->coarse, dx * 8 + shift_v, dy * 8 + shift_u);
    if (in > 0)
      {
        gfloat chromatin = (1 - kin->coarse) * fine + kin->coarse * clumps;
        gfloat amount
            = 1
              + seen * kin->contrast * chromatin
              /* chromatin gathers below the membrane, and the middle is thicker */
              + 0.10f * rho * rho * rho - 0.06f * rho;
        for (gint i = 0; i < n_nucleoli; i++)
          {
            gfloat nu = u - nucleoli[i].u, nv = v - nucleoli[i].v;
            gfloat near = 1 - (nu * nu + nv * nv) / (nucleoli[i].size * nucleoli[i].size);
            if (near > 0)
              amount -= nucleoli[i].depth * near * near * (3 - 2 * near);
          }
        absorb (od + at, stain, in * MAX (amount, 0.3f));
      }
    /* Bluest at its rim, with a paler yard beside the nucleus. */
    absorb (od + at, plasm,
            round * (1 - 0.8f * in)
                * (0.75f + 0.35f * rho_cell * rho_cell + 0.10f * fine));
  }
}

static void
draw_platelet (const SmearSlide *slide, const SmearThing *thing, const SmearRegion *tile,
               gint16 *od)
{
  static const gfloat colours[2][3] = { { 0.22f, 0.34f, 0.10f },
                                        { 0.25f, 0.85f, 0.20f } };
  guint64 dice = smear_mix (thing->dice);
  Outline outline = outline_new (&dice, thing->radius, 0.6, thing->kin ? 0.03 : 0.09,
                                 slide->soft * (thing->kin ? 0.8 : 1.6));
  gfloat shift = (gfloat)(smear_roll (&dice) * SMEAR_TEXTURE_SIZE);
  Box box = box_of (slide, thing, thing->radius * 1.6 + slide->soft, tile);

  FOR_EACH_PIXEL (box, tile, od)
  {
    gfloat dx = offset (slide, tile->x + x, thing->x),
           dy = offset (slide, tile->y + y, thing->y);
    gfloat u, v, in = inside (&outline, outline_at (&outline, dx, dy, &u, &v));
    if (in <= 0)
      continue;
    gfloat grains = texture_at (slide->fine, dx * 16 + shift, dy * 16 - shift);
    absorb (od + at, colours[thing->kin], in * MAX (1 + 0.45f * grains, 0.2f));
  }
}

/* A burst cell: a pink veil without an edge. */
static void
draw_smudge (const SmearSlide *slide, const SmearThing *thing, const SmearRegion *tile,
             gint16 *od)
{
  static const gfloat colour[3] = { 0.04f, 0.17f, 0.045f };
  guint64 dice = smear_mix (thing->dice);
  Outline outline = outline_new (&dice, thing->radius, 0.8, 0.08, thing->radius);
  gfloat shift = (gfloat)(smear_roll (&dice) * SMEAR_TEXTURE_SIZE);
  Box box = box_of (slide, thing, thing->radius * 1.7, tile);

  FOR_EACH_PIXEL (box, tile, od)
  {
    gfloat dx = offset (slide, tile->x + x, thing->x),
           dy = offset (slide, tile->y + y, thing->y);
    gfloat u, v, in = inside (&outline, outline_at (&outline, dx, dy, &u, &v));
    if (in <= 0)
      continue;
    gfloat veil = texture_at (slide->coarse, dx * 1.6f + shift, dy * 1.6f - shift);
    gfloat threads = texture_at (slide->fine, dx * 5 - shift, dy * 5 + shift);
    gfloat amount = in * (0.75f + 0.55f * veil + 0.2f * threads);
    if (amount > 0)
      absorb (od + at, colour, amount);
  }
}

void
smear_slide_draw (const SmearSlide *slide, SmearThingKind kind, const SmearThing *thing,
                  const SmearRegion *tile, gint16 *od)
{
  static void (*const draw[SMEAR_N_THINGS]) (const SmearSlide *, const SmearThing *,
                                             const SmearRegion *, gint16 *)
      = { draw_leukocyte, draw_red, draw_platelet, draw_smudge };
  draw[kind](slide, thing, tile, od);
}
