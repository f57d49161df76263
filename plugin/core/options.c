#include "core/options.h"

static gboolean
is_word (GVariantDict *arguments, const char *key, const char *word)
{
  const char *value = NULL;
  return g_variant_dict_lookup (arguments, key, "&s", &value)
         && g_str_equal (value, word);
}

void
smear_options_read (SmearOptions *options, GVariantDict *arguments)
{
  const char *text = NULL;

  *options
      = (SmearOptions){ .explain = SMEAR_CLASS_NONE, .opacity = 60, .heat_map = TRUE };
  if (g_variant_dict_lookup (arguments, "model", "&s", &text) && *text)
    options->model = g_strdup (text);
  if (g_variant_dict_lookup (arguments, "class", "&s", &text))
    options->explain = smear_class_from_name (text);
  if (g_variant_dict_lookup (arguments, "colour-map", "&s", &text))
    smear_colour_map_from_name (text, &options->colours);
  g_variant_dict_lookup (arguments, "opacity", "d", &options->opacity);
  g_variant_dict_lookup (arguments, "threshold", "d", &options->threshold);
  g_variant_dict_lookup (arguments, "heat-map", "b", &options->heat_map);
  g_variant_dict_lookup (arguments, "outlines", "b", &options->outlines);
  g_variant_dict_lookup (arguments, "caption", "b", &options->caption);
  g_variant_dict_lookup (arguments, "colour-bar", "b", &options->colour_bar);
  options->replace = is_word (arguments, "earlier", "replace");
  options->convert = is_word (arguments, "colours", "convert");
}

void
smear_options_clear (SmearOptions *options)
{
  g_clear_pointer (&options->model, g_free);
}
