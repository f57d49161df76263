/* A synthetic slide's look, and any rectangle of it. */
#include "synthesise-private.h"

#include <stdlib.h>
#include <string.h>

#define TILE 512
#define BRIGHTEST (SMEAR_OD_UNITS / 4) /* a halo lets more pass than the bare slide */
#define DARKEST (4 * SMEAR_OD_UNITS)
#define GRAIN_SIZE 65536

gfloat *
smear_texture_new (guint64 seed, gint cells, gint octaves)
{
  const gint size = SMEAR_TEXTURE_SIZE;
  gfloat *texture = g_new0 (gfloat, size * size);
  gdouble weight = 1;

  for (gint octave = 0; octave < octaves; octave++, cells *= 2, weight *= 0.6)
    for (gint y = 0; y < size; y++)
      for (gint x = 0; x < size; x++)
        {
          gdouble u = (gdouble)x * cells / size, v = (gdouble)y * cells / size;
          gint i = (gint)u, j = (gint)v;
          gdouble s = u - i, t = v - j, sum = 0;
          s = s * s * (3 - 2 * s);
          t = t * t * (3 - 2 * t);
          for (gint k = 0; k < 4; k++)
            {
              guint64 dice = smear_hash (seed, 200 + octave, (i + (k & 1)) % cells,
                                         (j + (k >> 1)) % cells);
              sum += ((k & 1) ? s : 1 - s) * ((k & 2) ? t : 1 - t) * smear_roll (&dice);
            }
          texture[y * size + x] += (gfloat)(weight * sum);
        }

  gdouble mean = 0, square = 0;
  for (gint i = 0; i < size * size; i++)
    mean += texture[i];
  mean /= size * size;
  for (gint i = 0; i < size * size; i++)
    square += (texture[i] - mean) * (texture[i] - mean);
  gdouble deviation = sqrt (square / (size * size));
  for (gint i = 0; i < size * size; i++)
    texture[i] = (gfloat)((texture[i] - mean) / deviation);
  return texture;
}

/* A camera's noise, a little alike from one pixel to the next as demosaicing leaves it.
 */
static gint8 *
grain_new (guint64 seed)
{
  gint8 *grain = g_new (gint8, GRAIN_SIZE);
  g_autofree gdouble *white = g_new (gdouble, GRAIN_SIZE);
  guint64 dice = smear_mix (seed ^ 77);
  for (gint i = 0; i < GRAIN_SIZE; i++)
    {
      white[i] = -6;
      for (gint k = 0; k < 12; k++)
        white[i] += smear_roll (&dice);
    }
  for (gint i = 0; i < GRAIN_SIZE; i++)
    grain[i] = (gint8)lrint (1.3 * white[i] + 0.8 * white[(i + 3) % GRAIN_SIZE]
                             + 0.5 * white[i / 3 * 3]);
  return grain;
}

/* Each slide has its own stainer, lamp and camera, whatever class of cell lies on it. */
static void
choose_look (SmearSlide *slide)
{
  static const gfloat lights[][3]
      = { { 248, 249, 252 }, { 236, 243, 252 }, { 252, 251, 240 }, { 247, 242, 251 } };
  static const gfloat reds[][3] = { { 0.38f, 0.30f, 0.20f },   /* grey-blue */
                                    { 0.22f, 0.24f, 0.08f },   /* lavender */
                                    { 0.40f, 0.30f, 0.25f },   /* greenish grey */
                                    { 0.12f, 0.34f, 0.30f } }; /* salmon */
  guint64 dice = smear_mix (slide->what.seed ^ 1);
  const gfloat *light = lights[(gint)(smear_roll (&dice) * G_N_ELEMENTS (lights))];
  const gfloat *red = reds[(gint)(smear_roll (&dice) * G_N_ELEMENTS (reds))];
  gdouble density = smear_roll_between (&dice, 0.7, 1.1);
  gdouble strength = smear_roll_between (&dice, 0.88, 1.12);

  for (gint c = 0; c < 3; c++)
    {
      slide->light[c] = light[c] - (gfloat)(4 * smear_roll (&dice));
      slide->red[c] = (gfloat)(red[c] * density * smear_roll_between (&dice, 0.9, 1.1));
      slide->halo[c] = -0.045f;
      slide->stain[c] = (gfloat)(strength * smear_roll_between (&dice, 0.94, 1.06));
    }
  slide->halo[2] = (gfloat)smear_roll_between (&dice, -0.02, 0.04);
  slide->soft = MAX (smear_roll_between (&dice, 0.25, 0.55),
                     0.9 * slide->what.um_per_pixel);
  slide->reds = smear_roll_between (&dice, 0.22, 0.55);
  slide->platelets = smear_roll_between (&dice, 0.03, 0.12);
  slide->vignette = smear_roll_between (&dice, 0.03, 0.10);
  slide->centre_x = smear_roll_between (&dice, 0.35, 0.65);
  slide->centre_y = smear_roll_between (&dice, 0.35, 0.65);
}

static gboolean
holds_leukocyte (const SmearSlide *slide)
{
  gdouble right = slide->what.width * slide->what.um_per_pixel;
  gdouble bottom = slide->what.height * slide->what.um_per_pixel;
  g_autoptr (GArray) things = smear_slide_gather (slide, SMEAR_THING_LEUKOCYTE, 0, 0,
                                                  right, bottom);
  for (guint i = 0; i < things->len; i++)
    {
      const SmearThing *thing = &g_array_index (things, SmearThing, i);
      if (thing->x >= 0 && thing->x < right && thing->y >= 0 && thing->y < bottom)
        return TRUE;
    }
  return FALSE;
}

static gboolean
check (const SmearSynthesis *what, GError **error)
{
  if (what->width < 1 || what->height < 1)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "a smear of %d x %d pixels cannot be made; both have to be at least 1",
                 what->width, what->height);
  else if (!(what->um_per_pixel >= 0.02 && what->um_per_pixel <= 2))
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                 "a smear at %g micrometres a pixel cannot be made; choose 0.02 to 2",
                 what->um_per_pixel);
  else if (what->klass < SMEAR_CLASS_NONE || what->klass >= SMEAR_N_CLASSES)
    g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT, "no class has the number %d",
                 what->klass);
  else
    return TRUE;
  return FALSE;
}

SmearSlide *
smear_slide_new (const SmearSynthesis *what, gboolean field, GError **error)
{
  if (!check (what, error))
    return NULL;

  SmearSlide *slide = g_new0 (SmearSlide, 1);
  slide->what = *what;
  slide->seed = smear_mix (what->seed);
  slide->kins = smear_class_kins (what->klass, &slide->n_kins, &slide->leukocytes);
  choose_look (slide);
  if (what->scale_bar)
    slide->bar = smear_scale_bar_place (what);
  slide->fine = smear_texture_new (slide->seed, 20, 3);
  slide->coarse = smear_texture_new (slide->seed + 1, 24, 2);
  slide->grain = grain_new (slide->seed);
  slide->passes = g_new (gfloat, BRIGHTEST + DARKEST);
  for (gint i = 0; i < BRIGHTEST + DARKEST; i++)
    slide->passes[i] = expf (-(gfloat)(i - BRIGHTEST) / SMEAR_OD_UNITS);
  if (!field)
    slide->vignette = 0; /* a scanner evens its light out */

  /* A photographer moves the stage until there is something to see. */
  if (field && slide->n_kins > 0)
    for (gint i = 0; i < 2000 && !holds_leukocyte (slide); i++)
      slide->seed = smear_mix (slide->seed);
  return slide;
}

void
smear_slide_free (SmearSlide *slide)
{
  if (!slide)
    return;
  g_free (slide->fine);
  g_free (slide->coarse);
  g_free (slide->grain);
  g_free (slide->passes);
  g_free (slide);
}

static void
add_cells (const SmearSlide *slide, const GArray *things, const SmearRegion *tile,
           GArray *cells)
{
  gdouble um = slide->what.um_per_pixel;
  for (guint i = 0; i < things->len; i++)
    {
      const SmearThing *thing = &g_array_index (things, SmearThing, i);
      SmearSyntheticCell cell = { thing->x / um, thing->y / um, thing->radius / um,
                                  slide->what.klass };
      /* The last tiles of a scan hang over its edge. */
      gint right = MIN (tile->x + tile->width, slide->what.width);
      gint bottom = MIN (tile->y + tile->height, slide->what.height);
      if (cell.x >= tile->x && cell.x < right && cell.y >= tile->y && cell.y < bottom)
        g_array_append_val (cells, cell);
    }
}

/* Light through the slide into the camera. */
static void
expose (const SmearSlide *slide, const SmearRegion *tile, const gint16 *od, guint8 *rgb)
{
  gdouble width = slide->what.width, height = slide->what.height;
  gdouble fall = slide->vignette / (0.25 * (width * width + height * height));

  for (gint y = 0; y < tile->height; y++)
    {
      gdouble dy = tile->y + y + 0.5 - slide->centre_y * height;
      guint64 grain = smear_hash (slide->seed, 300, tile->y + y, 0);
      for (gint x = 0; x < tile->width; x++, od += 3, rgb += 3)
        {
          gdouble dx = tile->x + x + 0.5 - slide->centre_x * width;
          gfloat light = (gfloat)(1 - fall * (dx * dx + dy * dy));
          for (gint c = 0; c < 3; c++)
            {
              gint at = CLAMP (od[c], -BRIGHTEST, DARKEST - 1) + BRIGHTEST;
              /* Towards the rim a condenser loses red first. */
              gfloat lamp = slide->light[c] * (c == 0 ? light : 0.4f + 0.6f * light);
              gint noise
                  = slide->grain[(grain + (guint64)(tile->x + x) * 3 + c) % GRAIN_SIZE];
              gfloat value = lamp * slide->passes[at] + noise + 0.5f;
              rgb[c] = (guint8)CLAMP (value, 0, 255);
            }
        }
    }
}

void
smear_slide_render (const SmearSlide *slide, const SmearRegion *tile, guint8 *rgb,
                    GArray *cells)
{
  gdouble um = slide->what.um_per_pixel;
  gdouble x0 = tile->x * um, x1 = ((gdouble)tile->x + tile->width) * um;
  gdouble y0 = tile->y * um, y1 = ((gdouble)tile->y + tile->height) * um;
  g_autofree gint16 *od = g_new0 (gint16, (gsize)tile->width * tile->height * 3);

  for (SmearThingKind kind = 0; kind < SMEAR_N_THINGS; kind++)
    {
      g_autoptr (GArray) things = smear_slide_gather (slide, kind, x0, y0, x1, y1);
      for (guint i = 0; i < things->len; i++)
        smear_slide_draw (slide, kind, &g_array_index (things, SmearThing, i), tile, od);
      if (kind == SMEAR_THING_LEUKOCYTE && cells)
        add_cells (slide, things, tile, cells);
    }
  expose (slide, tile, od, rgb);
  if (slide->bar.width > 0)
    smear_scale_bar_draw (&slide->what, &slide->bar, tile, rgb);
}

SmearImage *
smear_synthesise (const SmearSynthesis *what, GArray **cells, GError **error)
{
  g_return_val_if_fail (what != NULL, NULL);
  /* Before the slide, which holds a little of all that is on it: this refuses what is too
   * large. */
  g_autoptr (SmearImage) image = check (what, error)
                                     ? smear_image_new (what->width, what->height, error)
                                     : NULL;
  g_autoptr (SmearSlide) slide = image ? smear_slide_new (what, TRUE, error) : NULL;
  if (!slide)
    return NULL;

  smear_image_set_um_per_pixel (image, what->um_per_pixel);
  guint8 *pixels = smear_image_get_pixels (image);
  g_autofree guint8 *rgb = g_malloc (TILE * TILE * 3);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (SmearSyntheticCell));
  for (gint y = 0; y < what->height; y += TILE)
    for (gint x = 0; x < what->width; x += TILE)
      {
        SmearRegion tile = { x, y, MIN (TILE, what->width - x),
                             MIN (TILE, what->height - y) };
        smear_slide_render (slide, &tile, rgb, found);
        for (gint row = 0; row < tile.height; row++)
          memcpy (pixels + ((gsize)(y + row) * what->width + x) * 3,
                  rgb + (gsize)row * tile.width * 3, (gsize)tile.width * 3);
      }
  if (cells)
    *cells = g_steal_pointer (&found);
  return g_steal_pointer (&image);
}
