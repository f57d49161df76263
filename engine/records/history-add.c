#include "records/history-json.h"

#include <string.h>

/* Longer side of the picture kept where pixels are allowed. */
#define PICTURE_SIDE 512

static char *
name_to_keep (SmearHistory *history, const SmearFinding *finding,
              const SmearRecordContext *context, GError **error)
{
  const char *source = finding->source;

  if (!source && context)
    source = context->path;
  if (!source)
    return g_strdup ("unnamed");
  return history->settings->pseudonyms ? smear_pseudonym (source, error)
                                       : g_path_get_basename (source);
}

/* Where the finding's region lies in the pixels at hand. */
static SmearRegion
region_in_image (const SmearFinding *finding, const SmearRecordContext *context)
{
  SmearRegion region = finding->region;

  if (context && context->cut)
    {
      region.x -= context->cut->x;
      region.y -= context->cut->y;
    }
  return region;
}

gint64
smear_history_add (SmearHistory *history, const SmearFinding *finding, SmearImage *image,
                   const SmearRecordContext *context, GError **error)
{
  g_autofree char *facts = NULL;
  g_autofree char *personal = NULL;
  g_autofree char *name = NULL;
  g_autofree char *pixels = NULL;
  g_autofree char *picture_hash = NULL;
  g_autoptr (GBytes) picture = NULL;
  SmearPersonal parts = { 0 };
  SmearEntry entry = { .kind = SMEAR_RECORD_FINDING };
  SmearRegion region;

  g_return_val_if_fail (history != NULL && finding != NULL, 0);
  name = name_to_keep (history, finding, context, error);
  if (!name)
    return 0;
  region = region_in_image (finding, context);
  if (image)
    pixels = smear_pixel_hash (image, &region);
  if (pixels && history->settings->pixels)
    picture = smear_picture_encode (image, &region, PICTURE_SIDE);
  if (picture)
    picture_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, picture);
  parts.name = name;
  parts.pixel_hash = pixels;
  parts.picture_hash = picture_hash;
  parts.user = context && context->user ? context->user : g_get_user_name ();
  if (context && !history->settings->pseudonyms)
    parts.path = context->path;
  if (context && context->model)
    parts.model_path = smear_model_get_path (context->model);
  facts = smear_record_facts_from_finding (finding, image, context);
  personal = smear_record_personal_from_finding (&parts);
  entry.facts = facts;
  entry.personal = personal;
  entry.name = name;
  entry.pixel_hash = pixels;
  entry.picture = picture;
  return smear_chain_append (history, &entry, error);
}
