/* The one place where transparency becomes white, for every adapter alike. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * smear_over_white:
 * @rgba: @n pixels, not premultiplied
 * @rgb: (out caller-allocates): the same laid on white
 *
 * Rounded exactly as smear_image_load() does, so that a picture is judged alike whether
 * it comes from a file or out of GIMP.
 */
void smear_over_white (const guint8 *rgba, gsize n, guint8 *rgb);

G_END_DECLS
