/* What the history needs of GIMP 3: where an image came from, and showing it again. */
#include <libgimp/gimp.h>
#include <string.h>

#include "core/texts.h"
#include "gimp3/host.h"

/* On an image opened again from the history; not saved with it. */
#define PATH_PARASITE "smearscope-path"

/* What a plug-in loads, GIMP 3 takes for an image without a file. */
static void
note_path (GimpImage *image, const char *path)
{
  GimpParasite *note = gimp_parasite_new (PATH_PARASITE, 0, strlen (path) + 1, path);

  gimp_image_attach_parasite (image, note);
  gimp_parasite_free (note);
}

static char *
path_noted (GimpImage *image)
{
  GimpParasite *note = image != NULL ? gimp_image_get_parasite (image, PATH_PARASITE)
                                     : NULL;
  guint32 length = 0;
  const char *path = note != NULL ? gimp_parasite_get_data (note, &length) : NULL;
  char *copy = path != NULL ? g_strndup (path, length) : NULL;

  g_clear_pointer (&note, gimp_parasite_free);
  return copy;
}

static char *
image_path (SmearHost *host)
{
  SmearGimp3Host *self = (SmearGimp3Host *)host;
  GFile *file = self->image != NULL ? gimp_image_get_file (self->image) : NULL;
  char *path;

  if (file == NULL && self->image != NULL)
    file = gimp_image_get_imported_file (self->image);
  path = file != NULL ? g_file_get_path (file) : path_noted (self->image);
  g_clear_object (&file);
  return path;
}

static gint
show_file (SmearHost *host, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GimpImage *image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);

  if (image == NULL)
    {
      g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_FORMAT,
                   _ ("%s: GIMP cannot open it: %s"), path,
                   gimp_pdb_get_last_error (gimp_get_pdb ()));
      return -1;
    }
  gimp_image_policy_rotate (image, FALSE);
  note_path (image, path);
  gimp_image_clean_all (image);
  if (host->interactive)
    gimp_display_new (image);
  return gimp_image_get_id (image);
}

void
smear_gimp3_fill_records (SmearHost *host)
{
  g_autofree char *version = gimp_version ();
  g_autofree char *program = g_strconcat ("GIMP ", version, NULL);

  host->program = g_intern_string (program);
  host->image_path = image_path;
  host->show_file = show_file;
}
