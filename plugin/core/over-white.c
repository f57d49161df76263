#include "core/over-white.h"

#include <string.h>

void
smear_over_white (const guint8 *rgba, gsize n, guint8 *rgb)
{
  for (gsize i = 0; i < n; i++, rgba += 4, rgb += 3)
    if (rgba[3] == 255) /* nearly always */
      memcpy (rgb, rgba, 3);
    else
      for (gint channel = 0; channel < 3; channel++)
        rgb[channel] = (guint8)((rgba[channel] * rgba[3] + 255 * (255 - rgba[3]) + 127)
                                / 255);
}
