#include "explain/grad-cam.h"

SmearHeatMap *
smear_grad_cam (SmearWorkspace *workspace, const SmearNetwork *net, const gfloat *input,
                gint target, gfloat *outputs)
{
  gint layer, h, w, c;

  smear_network_explained (net, &layer, &h, &w, &c);
  g_autofree gfloat *weights = g_new (gfloat, c);
  const gfloat *features = smear_workspace_explain (workspace, input, outputs, target,
                                                    weights);
  SmearHeatMap *map = smear_heat_map_new (w, h);
  gfloat top = 0;

  for (gint p = 0; p < w * h; p++, features += c)
    {
      gfloat sum = 0;
      for (gint i = 0; i < c; i++)
        sum += weights[i] * features[i];
      map->values[p] = MAX (sum, 0);
      top = MAX (top, sum);
    }
  for (gint p = 0; top > 0 && p < w * h; p++)
    map->values[p] /= top;
  return map;
}
