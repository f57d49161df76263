/* Perceptual colour maps from eighteen knots each, the curve between them drawn here. */
#include <smearscope/heat-map.h>

#define N_KNOTS 18

static const char *const names[SMEAR_N_COLOUR_MAPS] = { "viridis", "magma", "inferno",
                                                        "turbo", "grey" };

/* The published colours at every fifteenth of 256 steps. */
static const guint32 knots[][N_KNOTS] = {
  [SMEAR_COLOUR_MAP_VIRIDIS] = { 0x440154, 0x481769, 0x472a7a, 0x433d84, 0x3d4e8a,
                                 0x355e8d, 0x2e6d8e, 0x297b8e, 0x23898e, 0x1f978b,
                                 0x21a585, 0x2eb37c, 0x46c06f, 0x65cb5e, 0x89d548,
                                 0xb0dd2f, 0xd8e219, 0xfde725 },
  [SMEAR_COLOUR_MAP_MAGMA] = { 0x000004, 0x090720, 0x1a1042, 0x311165, 0x4a1079, 0x621980,
                               0x792282, 0x912b81, 0xaa337d, 0xc23b75, 0xd9466b, 0xec5860,
                               0xf7725c, 0xfc8e64, 0xfeaa74, 0xfec68a, 0xfde2a3,
                               0xfcfdbf },
  [SMEAR_COLOUR_MAP_INFERNO] = { 0x000004, 0x0a0722, 0x1e0c45, 0x380962, 0x510e6c,
                                 0x69166e, 0x801f6c, 0x982766, 0xb0315b, 0xc63d4d,
                                 0xd94d3d, 0xe9612b, 0xf47918, 0xfa9407, 0xfcb014,
                                 0xf8cd37, 0xf2ea69, 0xfcffa4 },
  [SMEAR_COLOUR_MAP_TURBO] = { 0x30123b, 0x3f3e9c, 0x4666dd, 0x458cfd, 0x2fb2f4, 0x1ad4d0,
                               0x22ebaa, 0x52fa7a, 0x8bff4b, 0xb7f735, 0xdbe236, 0xf5c53a,
                               0xfea130, 0xf9751d, 0xe84b0c, 0xce2d04, 0xa91601,
                               0x7a0403 },
};

const char *
smear_colour_map_name (SmearColourMap map)
{
  g_return_val_if_fail (map < SMEAR_N_COLOUR_MAPS, NULL);
  return names[map];
}

gboolean
smear_colour_map_from_name (const char *name, SmearColourMap *map)
{
  g_return_val_if_fail (name != NULL && map != NULL, FALSE);
  for (gint i = 0; i < SMEAR_N_COLOUR_MAPS; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      {
        *map = i;
        return TRUE;
      }
  return FALSE;
}

/* Beyond either end the curve goes straight on. */
static gfloat
knot (const guint32 *colours, gint i, gint shift)
{
  if (i < 0)
    return 2 * knot (colours, 0, shift) - knot (colours, 1, shift);
  if (i >= N_KNOTS)
    return 2 * knot (colours, N_KNOTS - 1, shift) - knot (colours, N_KNOTS - 2, shift);
  return (gfloat)(colours[i] >> shift & 0xff);
}

void
smear_colour_map_lookup (SmearColourMap map, gfloat value, guint8 rgb[3])
{
  g_return_if_fail (map < SMEAR_N_COLOUR_MAPS && rgb != NULL);

  /* The comparison this way round sends NaN to 0; 256 steps are what the maps are made
   * of. */
  gint step = value > 0 ? (gint)(MIN (value, 1) * 255 + 0.5f) : 0;
  if (map == SMEAR_COLOUR_MAP_GREY)
    {
      rgb[0] = rgb[1] = rgb[2] = (guint8)step;
      return;
    }

  const guint32 *colours = knots[map];
  gint i = MIN (step / 15, N_KNOTS - 2);
  gfloat t = (gfloat)(step - 15 * i) / 15;
  for (gint c = 0; c < 3; c++)
    {
      gint shift = 16 - 8 * c;
      gfloat before = knot (colours, i - 1, shift), from = knot (colours, i, shift);
      gfloat to = knot (colours, i + 1, shift), after = knot (colours, i + 2, shift);
      /* A Catmull-Rom segment: through both knots, with the slope of their neighbours. */
      gfloat slope_from = (to - before) / 2, slope_to = (after - from) / 2,
             rise = to - from;
      gfloat value_here = from
                          + t
                                * (slope_from
                                   + t
                                         * (3 * rise - 2 * slope_from - slope_to
                                            + t * (slope_from + slope_to - 2 * rise)));
      rgb[c] = (guint8)CLAMP (value_here + 0.5f, 0, 255);
    }
}
