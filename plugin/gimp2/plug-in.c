/* Smearscope as a GIMP 2.10 plug-in: registers the procedures of plugin/core and runs
 * them. */
#include <gegl.h>
#include <libgimp/gimp.h>

#include "core/texts.h"
#include "gimp2/arguments.h"
#include "gimp2/dialog.h"
#include "gimp2/host.h"

/* More would only grow this process: an image is read once, strip by strip. */
#define TILE_CACHE_BYTES (64 * 1024 * 1024)

static void
query (void)
{
  gimp_plugin_domain_register (SMEAR_DOMAIN, smear_text_folder ());
  for (const SmearProcedure *const *p = smear_procedures (); *p; p++)
    smear_gimp2_install (*p);
}

/* GIMP reads the values after run() has returned. */
static void
fail (GimpPDBStatusType status, const char *text, gint *n_values, GimpParam **values)
{
  static GimpParam answer[2];

  answer[0].type = GIMP_PDB_STATUS;
  answer[0].data.d_status = status;
  answer[1].type = GIMP_PDB_STRING;
  answer[1].data.d_string = g_strdup (text);
  *n_values = text ? 2 : 1;
  *values = answer;
}

static void
run (const gchar *name, gint n_params, const GimpParam *params, gint *n_values,
     GimpParam **values)
{
  const SmearProcedure *procedure = smear_procedure_find (name);
  GimpRunMode mode = params[0].data.d_int32;
  gint first = smear_gimp2_first (procedure);
  g_autoptr (GVariantDict) arguments = g_variant_dict_new (NULL);
  g_autoptr (GVariantDict) results = g_variant_dict_new (NULL);
  g_autoptr (GError) error = NULL;
  SmearGimp2Host self;

  gegl_init (NULL, NULL);
  g_object_set (gegl_config (), "tile-cache-size", (guint64)TILE_CACHE_BYTES, NULL);
  smear_gimp2_host_init (&self, first > 1 ? params[1].data.d_image : -1,
                         first > 2 ? params[2].data.d_drawable : -1,
                         mode == GIMP_RUN_INTERACTIVE);

  if (mode == GIMP_RUN_NONINTERACTIVE)
    {
      if (!smear_gimp2_pack (procedure, n_params, params, arguments))
        {
          fail (GIMP_PDB_CALLING_ERROR, NULL, n_values, values);
          return;
        }
    }
  else
    smear_procedure_recall (procedure, &self.host, arguments);
  if (mode == GIMP_RUN_INTERACTIVE && procedure->has_dialog
      && !smear_gimp2_dialog (procedure, &self.host, arguments))
    {
      fail (GIMP_PDB_CANCEL, NULL, n_values, values);
      return;
    }
  if (!smear_procedure_run (procedure, &self.host, arguments, results, &error))
    {
      fail (GIMP_PDB_EXECUTION_ERROR, error->message, n_values, values);
      return;
    }
  if (mode == GIMP_RUN_INTERACTIVE)
    smear_procedure_remember (procedure, &self.host, arguments);
  *values = smear_gimp2_unpack (procedure, results, n_values);
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()
