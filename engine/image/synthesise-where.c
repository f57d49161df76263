/*
 * Where the cells of a synthetic slide lie. A hashed grid proposes them, one a square at
 * most, and of two that are too close the one with the lower rank is left out, even if a
 * third outranks the winner. That rule looks at neighbours only, so every tile comes to
 * the same answer about a cell it shares with the next.
 */
#include "synthesise-private.h"

static const gdouble grid[SMEAR_N_THINGS] = { 12, 5, 16, 150 };
/* Nothing is drawn further from its centre than this, micrometres. */
static const gdouble furthest[SMEAR_N_THINGS] = { 11.6, 6.8, 4.5, 31 };

/* How crowded the slide is here, 0 to 2 with mean 1, changing over some 60 micrometres.
 */
static gdouble
crowding (const SmearSlide *slide, gdouble x, gdouble y)
{
  gdouble u = x / 60, v = y / 60, left = floor (u), top = floor (v);
  gdouble s = u - left, t = v - top, sum = 0;
  s = s * s * (3 - 2 * s);
  t = t * t * (3 - 2 * t);
  for (gint i = 0; i < 4; i++)
    {
      guint64 dice = smear_hash (slide->seed, 99, (gint64)left + (i & 1),
                                 (gint64)top + (i >> 1));
      sum += ((i & 1) ? s : 1 - s) * ((i & 2) ? t : 1 - t) * smear_roll (&dice);
    }
  return 2 * sum;
}

static gint
choose_kin (const SmearSlide *slide, gdouble roll)
{
  gint kin = 0;
  while (kin < slide->n_kins - 1 && roll >= slide->kins[kin].share)
    roll -= slide->kins[kin++].share;
  return kin;
}

static gboolean
under_scale_bar (const SmearSlide *slide, const SmearThing *thing)
{
  gdouble um = slide->what.um_per_pixel;
  const SmearRegion *bar = &slide->bar;
  return bar->width > 0 && thing->x + thing->radius > bar->x * um
         && thing->x - thing->radius < (bar->x + bar->width) * um
         && thing->y + thing->radius > bar->y * um
         && thing->y - thing->radius < (bar->y + bar->height) * um;
}

/* What the grid proposes for one square; radius 0 for nothing. */
static SmearThing
propose (const SmearSlide *slide, SmearThingKind kind, gint64 column, gint64 row)
{
  guint64 dice = smear_hash (slide->seed, kind, column, row);
  gdouble side = grid[kind];
  SmearThing thing = {
    (column + smear_roll (&dice)) * side, (row + smear_roll (&dice)) * side, 0, 0, dice, 0
  };
  gdouble chance = smear_roll (&dice), roll = smear_roll (&dice);
  gdouble crowd = crowding (slide, thing.x, thing.y);

  switch (kind)
    {
    case SMEAR_THING_LEUKOCYTE:
      {
        if (chance >= slide->leukocytes * (0.5 + 0.5 * crowd))
          break;
        thing.kin = choose_kin (slide, roll);
        const SmearKin *kin = &slide->kins[thing.kin];
        thing.radius = smear_roll_between (&dice, kin->radius[0], kin->radius[1]);
        thing.reach = thing.radius
                      * smear_roll_between (&dice, kin->cytoplasm[0], kin->cytoplasm[1]);
        if (under_scale_bar (slide, &thing))
          thing.radius = 0;
        break;
      }
    case SMEAR_THING_RED:
      if (chance >= slide->reds * (0.3 + 0.9 * crowd))
        break;
      thing.radius = 3.75 + 0.45 * (roll + smear_roll (&dice) - 1) * 1.6;
      thing.reach = thing.radius;
      break;
    case SMEAR_THING_PLATELET:
      if (chance >= slide->platelets)
        break;
      thing.kin = roll < 0.4; /* a grain of stain rather than a platelet */
      thing.radius = thing.kin ? smear_roll_between (&dice, 0.2, 0.45)
                               : smear_roll_between (&dice, 0.8, 1.6);
      thing.reach = thing.radius;
      break;
    case SMEAR_THING_SMUDGE:
      if (chance >= 0.3)
        break;
      thing.radius = smear_roll_between (&dice, 9, 18);
      thing.reach = thing.radius;
      break;
    case SMEAR_N_THINGS:
      g_assert_not_reached ();
    }
  return thing;
}

/* How close two of a kind may come, as a share of the sum of their reaches. */
static gdouble
distance_kept (SmearThingKind kind, const SmearThing *a)
{
  if (kind == SMEAR_THING_LEUKOCYTE)
    return 1.02;
  /* A quarter of the red cells may lie well over another. */
  return kind == SMEAR_THING_RED ? (a->dice >> 60 < 4 ? 0.55 : 0.86) : 0;
}

static gboolean
too_close (const SmearThing *a, const SmearThing *b, gdouble share)
{
  gdouble dx = a->x - b->x, dy = a->y - b->y, least = (a->reach + b->reach) * share;
  return dx * dx + dy * dy < least * least;
}

static gboolean
outranked (const SmearThing *squares, gsize at, gsize stride, SmearThingKind kind)
{
  const SmearThing *self = squares + at;
  gdouble share = distance_kept (kind, self);
  for (gint dy = -2; dy <= 2; dy++)
    for (gint dx = -2; dx <= 2; dx++)
      {
        const SmearThing *other = self + dy * (gssize)stride + dx;
        if (other->radius > 0 && other->dice > self->dice
            && too_close (self, other, share))
          return TRUE;
      }
  return FALSE;
}

/* Two squares more on each side than can matter, for the neighbours' say. */
static GArray *
gather_one_kind (const SmearSlide *slide, SmearThingKind kind, gdouble x0, gdouble y0,
                 gdouble x1, gdouble y1)
{
  gdouble side = grid[kind], far = furthest[kind];
  gint64 left = (gint64)floor ((x0 - far) / side) - 2;
  gint64 top = (gint64)floor ((y0 - far) / side) - 2;
  gsize columns = (gsize)((gint64)floor ((x1 + far) / side) + 3 - left);
  gsize rows = (gsize)((gint64)floor ((y1 + far) / side) + 3 - top);
  g_autofree SmearThing *squares = g_new (SmearThing, columns * rows);
  GArray *things = g_array_new (FALSE, FALSE, sizeof (SmearThing));

  for (gsize i = 0; i < columns * rows; i++)
    squares[i] = propose (slide, kind, left + (gint64)(i % columns),
                          top + (gint64)(i / columns));
  for (gsize row = 2; row < rows - 2; row++)
    for (gsize column = 2; column < columns - 2; column++)
      {
        const SmearThing *thing = &squares[row * columns + column];
        gdouble margin = far;
        if (thing->radius > 0 && thing->x > x0 - margin && thing->x < x1 + margin
            && thing->y > y0 - margin && thing->y < y1 + margin
            && !outranked (squares, row * columns + column, columns, kind))
          g_array_append_val (things, *thing);
      }
  return things;
}

GArray *
smear_slide_gather (const SmearSlide *slide, SmearThingKind kind, gdouble x0, gdouble y0,
                    gdouble x1, gdouble y1)
{
  GArray *things = gather_one_kind (slide, kind, x0, y0, x1, y1);
  if (kind == SMEAR_THING_LEUKOCYTE)
    return things;

  /* Everything else makes room for leukocytes; smudges keep well away from them. */
  gdouble far = 2 * furthest[kind];
  g_autoptr (GArray) leukocytes = gather_one_kind (slide, SMEAR_THING_LEUKOCYTE, x0 - far,
                                                   y0 - far, x1 + far, y1 + far);
  guint kept = 0;
  for (guint i = 0; i < things->len; i++)
    {
      SmearThing *thing = &g_array_index (things, SmearThing, i);
      gboolean room = TRUE;
      for (guint k = 0; room && k < leukocytes->len; k++)
        room = !too_close (thing, &g_array_index (leukocytes, SmearThing, k), 0.95);
      if (room)
        g_array_index (things, SmearThing, kept++) = *thing;
    }
  g_array_set_size (things, kept);
  return things;
}
