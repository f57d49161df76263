/* Smearscope as a GIMP 3 plug-in: registers the procedures of plugin/core and runs them.
 */
#include <gegl.h>
#include <libgimp/gimp.h>

#include "core/texts.h"
#include "gimp3/arguments.h"
#include "gimp3/dialog.h"
#include "gimp3/host.h"

/* More would only grow this process: an image is read once, strip by strip. */
#define TILE_CACHE_BYTES (64 * 1024 * 1024)

#define SMEAR_TYPE_PLUG_IN (smear_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (SmearPlugIn, smear_plug_in, SMEAR, PLUG_IN, GimpPlugIn)

struct _SmearPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE (SmearPlugIn, smear_plug_in, GIMP_TYPE_PLUG_IN)

static GimpValueArray *
run (GimpProcedure *target, const SmearProcedure *procedure, GimpRunMode run_mode,
     GimpImage *image, GimpDrawable *drawable, GimpProcedureConfig *config)
{
  g_autoptr (GVariantDict) arguments = NULL;
  g_autoptr (GVariantDict) results = g_variant_dict_new (NULL);
  SmearGimp3Host host;
  GimpValueArray *values;
  GError *error = NULL;

  gegl_init (NULL, NULL);
  g_object_set (gegl_config (), "tile-cache-size", (guint64)TILE_CACHE_BYTES, NULL);
  smear_gimp3_host_init (&host, image, drawable, run_mode != GIMP_RUN_NONINTERACTIVE);

  if (run_mode == GIMP_RUN_INTERACTIVE && procedure->has_dialog
      && !smear_gimp3_dialog (target, procedure, &host.host, config))
    return gimp_procedure_new_return_values (target, GIMP_PDB_CANCEL, NULL);

  arguments = smear_gimp3_pack (procedure, config);
  if (!smear_procedure_run (procedure, &host.host, arguments, results, &error))
    return gimp_procedure_new_return_values (target, GIMP_PDB_EXECUTION_ERROR, error);

  values = gimp_procedure_new_return_values (target, GIMP_PDB_SUCCESS, NULL);
  smear_gimp3_unpack (procedure, results, values);
  return values;
}

static GimpValueArray *
run_on_image (GimpProcedure *target, GimpRunMode run_mode, GimpImage *image,
              GimpDrawable **drawables, GimpProcedureConfig *config, gpointer procedure)
{
  const gint n_drawables = gimp_core_object_array_get_length ((GObject **)drawables);

  if (n_drawables > 1 && ((const SmearProcedure *)procedure)->on == SMEAR_ON_DRAWABLE)
    return gimp_procedure_new_return_values (
        target, GIMP_PDB_CALLING_ERROR,
        g_error_new (SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                     _ ("One layer at a time can be judged; %d are selected."),
                     n_drawables));
  return run (target, procedure, run_mode, image, n_drawables > 0 ? drawables[0] : NULL,
              config);
}

static GimpValueArray *
run_alone (GimpProcedure *target, GimpProcedureConfig *config, gpointer procedure)
{
  GimpRunMode run_mode;

  g_object_get (config, "run-mode", &run_mode, NULL);
  return run (target, procedure, run_mode, NULL, NULL, config);
}

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  GList *names = NULL;

  for (const SmearProcedure *const *p = smear_procedures (); *p != NULL; p++)
    names = g_list_append (names, g_strdup ((*p)->name));
  return names;
}

static GimpProcedure *
new_alone (GimpPlugIn *plug_in, const SmearProcedure *procedure)
{
  GimpProcedure *target = gimp_procedure_new (plug_in, procedure->name,
                                              GIMP_PDB_PROC_TYPE_PLUGIN, run_alone,
                                              (gpointer)procedure, NULL);

  gimp_procedure_add_enum_argument (target, "run-mode", "Run mode", "The run mode",
                                    GIMP_TYPE_RUN_MODE, GIMP_RUN_NONINTERACTIVE,
                                    G_PARAM_READWRITE);
  return target;
}

static GimpProcedure *
new_on_image (GimpPlugIn *plug_in, const SmearProcedure *procedure)
{
  GimpProcedure *target = gimp_image_procedure_new (
      plug_in, procedure->name, GIMP_PDB_PROC_TYPE_PLUGIN, run_on_image,
      (gpointer)procedure, NULL);
  gint sensitive = GIMP_PROCEDURE_SENSITIVE_DRAWABLE;

  if (procedure->on == SMEAR_ON_IMAGE)
    sensitive |= GIMP_PROCEDURE_SENSITIVE_DRAWABLES
                 | GIMP_PROCEDURE_SENSITIVE_NO_DRAWABLES;
  gimp_procedure_set_image_types (target, "*");
  gimp_procedure_set_sensitivity_mask (target, sensitive);
  return target;
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in, const gchar *name)
{
  const SmearProcedure *procedure = smear_procedure_find (name);
  GimpProcedure *target;

  g_return_val_if_fail (procedure != NULL, NULL);
  target = procedure->on == SMEAR_ON_NOTHING ? new_alone (plug_in, procedure)
                                             : new_on_image (plug_in, procedure);
  gimp_procedure_set_documentation (target, _ (procedure->blurb), _ (procedure->help),
                                    name);
  gimp_procedure_set_attribution (target, "Smearscope", "Smearscope", "2026");
  if (procedure->menu_label != NULL)
    {
      gimp_procedure_set_menu_label (target, _ (procedure->menu_label));
      gimp_procedure_add_menu_path (target, SMEAR_MENU);
    }
  smear_gimp3_declare (target, procedure);
  return target;
}

/* The catalogues are the plug-in's own: core/texts.h looks them up. */
static gboolean
set_i18n (GimpPlugIn *plug_in, const gchar *procedure_name, gchar **gettext_domain,
          gchar **catalog_dir)
{
  return FALSE;
}

static void
smear_plug_in_class_init (SmearPlugInClass *klass)
{
  GimpPlugInClass *plug_in = GIMP_PLUG_IN_CLASS (klass);

  plug_in->query_procedures = query_procedures;
  plug_in->create_procedure = create_procedure;
  plug_in->set_i18n = set_i18n;
}

static void
smear_plug_in_init (SmearPlugIn *self)
{
}

GIMP_MAIN (SMEAR_TYPE_PLUG_IN)
