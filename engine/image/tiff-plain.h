/* The common kinds of TIFF, chunk by chunk: a chunk is a strip or a tile. */
#pragma once

#include <smearscope/image.h>

struct tiff; /* of libtiff */

typedef struct _SmearTiffPlain SmearTiffPlain;

/**
 * smear_tiff_plain_new:
 * @tiff: (type TIFF): at the page to read; has to stay there
 *
 * Returns: (transfer full) (nullable): %NULL if the page is of another kind, or its
 * chunks are not what its tags say
 */
SmearTiffPlain *smear_tiff_plain_new (struct tiff *tiff);
void smear_tiff_plain_free (SmearTiffPlain *plain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmearTiffPlain, smear_tiff_plain_free)

/**
 * smear_tiff_plain_read:
 * @x: left edge of the chunk, a multiple of its width; likewise @y
 * @rgb: (out caller-allocates): where its first pixel goes; nothing is written for what
 *   hangs over the edge of the page
 * @stride: bytes from a row to the next
 */
gboolean smear_tiff_plain_read (SmearTiffPlain *plain, gint x, gint y, guint8 *rgb,
                                gsize stride);
