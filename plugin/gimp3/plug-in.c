/* Smearscope as a GIMP 3 plug-in: registers the procedures of plugin/core and runs them,
 * in a process for each call or in one that stays. */
#include <gegl.h>
#include <libgimp/gimp.h>

#include "core/resident.h"
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

static GimpRunMode
mode_for (const SmearProcedure *procedure, GimpRunMode run_mode)
{
  return run_mode == GIMP_RUN_WITH_LAST_VALS && procedure->asks_anew
             ? GIMP_RUN_INTERACTIVE
             : run_mode;
}

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

/* GIMP's menus run the plug-in itself; by name it is the resident process that answers.
 */
static GimpProcedure *
resident_for (GimpRunMode run_mode, const SmearProcedure *procedure)
{
  GimpProcedure *there;

  if (run_mode != GIMP_RUN_WITH_LAST_VALS || !smear_resident_serves (procedure))
    return NULL;
  there = gimp_pdb_lookup_procedure (gimp_get_pdb (), procedure->name);
  return there && gimp_procedure_get_proc_type (there) == GIMP_PDB_PROC_TYPE_TEMPORARY
             ? there
             : NULL;
}

static GimpValueArray *
run_there (GimpProcedure *there, const SmearProcedure *procedure, GimpImage *image,
           GimpDrawable **drawables, GimpProcedureConfig *config)
{
  g_autoptr (GimpProcedureConfig) asked = gimp_procedure_create_config (there);
  const SmearArg *arg;

  g_object_set (asked, "run-mode", GIMP_RUN_NONINTERACTIVE, "image", image, NULL);
  gimp_procedure_config_set_core_object_array (
      asked, "drawables", (GObject **)drawables,
      gimp_core_object_array_get_length ((GObject **)drawables));
  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)) != NULL; i++)
    {
      GValue value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (config), arg->name, &value);
      g_object_set_property (G_OBJECT (asked), arg->name, &value);
      g_value_unset (&value);
    }
  return gimp_procedure_run_config (there, asked);
}

static GimpValueArray *
run_on_image (GimpProcedure *target, GimpRunMode run_mode, GimpImage *image,
              GimpDrawable **drawables, GimpProcedureConfig *config, gpointer data)
{
  const SmearProcedure *procedure = data;
  const gint n_drawables = gimp_core_object_array_get_length ((GObject **)drawables);
  GimpProcedure *there;

  run_mode = mode_for (procedure, run_mode);
  if (run_mode != GIMP_RUN_NONINTERACTIVE)
    smear_gimp3_forget (procedure, config);
  there = resident_for (run_mode, procedure);
  if (there != NULL)
    return run_there (there, procedure, image, drawables, config);
  if (n_drawables > 1 && procedure->on == SMEAR_ON_DRAWABLE)
    return gimp_procedure_new_return_values (
        target, GIMP_PDB_CALLING_ERROR,
        g_error_new (SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                     _ ("One layer at a time can be judged; %d are selected."),
                     n_drawables));
  return run (target, procedure, run_mode, image, n_drawables > 0 ? drawables[0] : NULL,
              config);
}

/* GIMP then asks the plug-in of the same name. libgimp would not make such an answer. */
static GimpValueArray *
pass_on (void)
{
  GimpValueArray *values = gimp_value_array_new (1);
  GValue status = G_VALUE_INIT;

  g_value_init (&status, GIMP_TYPE_PDB_STATUS_TYPE);
  g_value_set_enum (&status, GIMP_PDB_PASS_THROUGH);
  gimp_value_array_append (values, &status);
  g_value_unset (&status);
  return values;
}

/* The resident process: see core/resident.h. */
static GimpValueArray *
run_resident (GimpProcedure *target, GimpRunMode run_mode, GimpImage *image,
              GimpDrawable **drawables, GimpProcedureConfig *config, gpointer procedure)
{
  GimpValueArray *values;

  if (mode_for (procedure, run_mode) == GIMP_RUN_INTERACTIVE)
    return pass_on ();
  if (run_mode == GIMP_RUN_WITH_LAST_VALS)
    smear_gimp3_forget (procedure, config);
  values = run_on_image (target, GIMP_RUN_NONINTERACTIVE, image, drawables, config,
                         procedure);
  smear_resident_rest ();
  return values;
}

static GimpValueArray *
run_alone (GimpProcedure *target, GimpProcedureConfig *config, gpointer procedure)
{
  GimpRunMode run_mode;

  g_object_get (config, "run-mode", &run_mode, NULL);
  return run (target, procedure, mode_for (procedure, run_mode), NULL, NULL, config);
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
new_on_image (GimpPlugIn *plug_in, const SmearProcedure *procedure, GimpPDBProcType type)
{
  GimpProcedure *target = gimp_image_procedure_new (
      plug_in, procedure->name, type,
      type == GIMP_PDB_PROC_TYPE_PLUGIN ? run_on_image : run_resident,
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
new_procedure (GimpPlugIn *plug_in, const SmearProcedure *procedure, GimpPDBProcType type)
{
  GimpProcedure *target = procedure->on == SMEAR_ON_NOTHING
                              ? new_alone (plug_in, procedure)
                              : new_on_image (plug_in, procedure, type);

  gimp_procedure_set_documentation (target, _ (procedure->blurb), _ (procedure->help),
                                    procedure->name);
  gimp_procedure_set_attribution (target, "Smearscope", "Smearscope", "2026");
  smear_gimp3_declare (target, procedure);
  return target;
}

static GimpValueArray *
stay (GimpProcedure *target, GimpProcedureConfig *config, gpointer run_data)
{
  GimpPlugIn *plug_in = gimp_procedure_get_plug_in (target);

  for (const SmearProcedure *const *p = smear_procedures (); *p != NULL; p++)
    if (smear_resident_serves (*p))
      {
        g_autoptr (GimpProcedure) served = new_procedure (plug_in, *p,
                                                          GIMP_PDB_PROC_TYPE_TEMPORARY);
        gimp_plug_in_add_temp_procedure (plug_in, served);
      }
  gimp_procedure_persistent_ready (target);
  for (;;)
    gimp_plug_in_persistent_process (plug_in, 0); /* ends with GIMP */
  return NULL;
}

static GimpProcedure *
new_resident (GimpPlugIn *plug_in)
{
  GimpProcedure *target = gimp_procedure_new (
      plug_in, SMEAR_RESIDENT, GIMP_PDB_PROC_TYPE_PERSISTENT, stay, NULL, NULL);

  gimp_procedure_set_documentation (target, _ (SMEAR_RESIDENT_BLURB),
                                    _ (SMEAR_RESIDENT_HELP), SMEAR_RESIDENT);
  gimp_procedure_set_attribution (target, "Smearscope", "Smearscope", "2026");
  return target;
}

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  GList *names = g_list_append (NULL, g_strdup (SMEAR_RESIDENT));

  for (const SmearProcedure *const *p = smear_procedures (); *p != NULL; p++)
    names = g_list_append (names, g_strdup ((*p)->name));
  return names;
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in, const gchar *name)
{
  const SmearProcedure *procedure = smear_procedure_find (name);
  GimpProcedure *target;

  if (procedure == NULL)
    return new_resident (plug_in);
  target = new_procedure (plug_in, procedure, GIMP_PDB_PROC_TYPE_PLUGIN);
  if (procedure->menu_label != NULL)
    {
      gimp_procedure_set_menu_label (target, _ (procedure->menu_label));
      gimp_procedure_add_menu_path (target, SMEAR_MENU);
    }
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
