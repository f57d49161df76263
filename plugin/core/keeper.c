#include "core/keeper.h"

#include "core/texts.h"

void
smear_keeper_init (SmearKeeper *keeper, SmearHost *host, const SmearScene *scene,
                   SmearModel *model, GVariantDict *arguments,
                   const SmearClassifyOptions *how)
{
  SmearRecorderOptions options = { .program = host->program, .how = how };

  *keeper = (SmearKeeper){ .host = host, .scene = scene };
  g_variant_dict_lookup (arguments, "record", "b", &options.wanted);
  keeper->recorder = smear_recorder_new (model, &options, NULL);
  keeper->path = host->image_path (host);
}

void
smear_keeper_clear (SmearKeeper *keeper)
{
  const char *problem = keeper->recorder != NULL
                            ? smear_recorder_get_problem (keeper->recorder)
                            : NULL;

  if (problem != NULL)
    {
      g_autofree char *text = g_strdup_printf (
          _ ("The findings were not kept in the history: %s"), problem);
      keeper->host->message (keeper->host, text);
    }
  g_clear_pointer (&keeper->recorder, smear_recorder_free);
  g_clear_pointer (&keeper->path, g_free);
}

SmearRecord *
smear_keeper_add (SmearKeeper *keeper, const SmearFinding *finding, SmearImage *image,
                  const SmearRegion *cut)
{
  const SmearRecordContext context = { .path = keeper->path,
                                       .cut = cut,
                                       .width = keeper->scene->width,
                                       .height = keeper->scene->height };

  return smear_recorder_add (keeper->recorder, finding, image, &context);
}

char *
smear_keeper_line (const SmearFinding *finding, const SmearRecord *record,
                   GArray *numbers)
{
  g_autofree char *json = smear_finding_to_json (finding);
  GString *line = g_string_new (json);

  g_string_truncate (line, line->len - 1);
  if (record != NULL)
    g_string_append_printf (line,
                            ", \"record\": %" G_GINT64_FORMAT ", \"record_hash\": \"%s\"",
                            record->id, record->hash);
  if (numbers != NULL)
    {
      g_string_append (line, ", \"numbers\": [");
      for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf (line, "%s%d", i ? ", " : "",
                                g_array_index (numbers, gint, i));
      g_string_append_c (line, ']');
    }
  g_string_append_c (line, '}');
  return g_string_free (line, FALSE);
}

gboolean
smear_keeper_asks (void)
{
  g_autoptr (SmearHistorySettings) settings = smear_history_settings_load (NULL);

  return settings != NULL && settings->recording == SMEAR_RECORDING_ASK;
}
