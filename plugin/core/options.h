/* Arguments as the run logic wants them. */
#pragma once

#include "core/host.h"

G_BEGIN_DECLS

/**
 * SmearOptions:
 * @model: name, path, or %NULL for the default
 * @explain: class of the heat map, %SMEAR_CLASS_NONE for the winner
 * @colours: of the heat map
 * @opacity: of the heat map's layer, 0 to 100
 * @threshold: map values below it are transparent
 * @heat_map: add layers at all
 * @outlines: add a path
 * @caption: add a caption
 * @colour_bar: show the colours of the heat map in it
 * @replace: remove what earlier runs added
 * @convert: turn a grey or indexed image into RGB first
 */
typedef struct
{
  char *model;
  SmearClass explain;
  SmearColourMap colours;
  gdouble opacity, threshold;
  gboolean heat_map, outlines, caption, colour_bar, replace, convert;
} SmearOptions;

/** smear_options_read: from checked arguments; what is absent takes the engine's default.
 */
void smear_options_read (SmearOptions *options, GVariantDict *arguments);
void smear_options_clear (SmearOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmearOptions, smear_options_clear)

G_END_DECLS
