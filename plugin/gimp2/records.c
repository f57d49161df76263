/* What the history needs of GIMP 2.10: where an image came from, and showing it again. */
#include <libgimp/gimp.h>

#include "core/texts.h"
#include "gimp2/host.h"

static char *
image_path (SmearHost *host)
{
  SmearGimp2Host *self = (SmearGimp2Host *)host;

  return gimp_image_is_valid (self->image) ? gimp_image_get_filename (self->image) : NULL;
}

static gint
show_file (SmearHost *host, const char *path, GError **error)
{
  gint32 image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, path, path);

  if (image == -1)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   _ ("%s: GIMP cannot open it: %s"), path, gimp_get_pdb_error ());
      return -1;
    }
  gimp_image_clean_all (image);
  if (host->interactive)
    gimp_display_new (image);
  return image;
}

void
smear_gimp2_fill_records (SmearHost *host)
{
  g_autofree char *version = gimp_version ();

  g_autofree char *program = g_strconcat ("GIMP ", version, NULL);

  host->program = g_intern_string (program);
  host->image_path = image_path;
  host->show_file = show_file;
}
