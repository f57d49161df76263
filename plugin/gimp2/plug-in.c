/* Smearscope as a GIMP 2.10 plug-in: registers the procedures of plugin/core and runs
 * them, in a process for each call or in one that stays. */
#include <gegl.h>
#include <libgimp/gimp.h>

#include "core/resident.h"
#include "core/texts.h"
#include "gimp2/arguments.h"
#include "gimp2/dialog.h"
#include "gimp2/host.h"

/* More would only grow this process: an image is read once, strip by strip. */
#define TILE_CACHE_BYTES (64 * 1024 * 1024)

/* GIMP reads the values after the run has returned; they live until the next one. */
static struct
{
  GimpParam *values;
  gint n;
} answer;

static void
fail (GimpPDBStatusType status, const char *text)
{
  answer.n = text ? 2 : 1;
  answer.values = g_new0 (GimpParam, answer.n);
  answer.values[0].type = GIMP_PDB_STATUS;
  answer.values[0].data.d_status = status;
  if (text)
    {
      answer.values[1].type = GIMP_PDB_STRING;
      answer.values[1].data.d_string = g_strdup (text);
    }
}

static GimpRunMode
mode_of (const SmearProcedure *procedure, const GimpParam *params)
{
  GimpRunMode mode = params[0].data.d_int32;

  return mode == GIMP_RUN_WITH_LAST_VALS && procedure->asks_anew ? GIMP_RUN_INTERACTIVE
                                                                 : mode;
}

static void
run_here (const SmearGimp2Call *call, gint n_params, const GimpParam *params)
{
  const SmearProcedure *procedure = call->procedure;
  GimpRunMode mode = mode_of (procedure, params);
  gint first = smear_gimp2_first (procedure);
  g_autoptr (GVariantDict) arguments = g_variant_dict_new (NULL);
  g_autoptr (GVariantDict) results = g_variant_dict_new (NULL);
  g_autoptr (GError) error = NULL;
  SmearGimp2Host self;

  gegl_init (NULL, NULL);
  g_object_set (gegl_config (), "tile-cache-size", (guint64)TILE_CACHE_BYTES, NULL);
  smear_gimp2_host_init (&self, first > 1 ? params[1].data.d_image : -1,
                         first > 2 ? params[2].data.d_drawable : -1,
                         mode != GIMP_RUN_NONINTERACTIVE);

  if (mode != GIMP_RUN_NONINTERACTIVE)
    smear_procedure_recall (procedure, &self.host, arguments);
  else if (!smear_gimp2_pack (call, n_params, params, arguments))
    {
      fail (GIMP_PDB_CALLING_ERROR, NULL);
      return;
    }
  if (mode == GIMP_RUN_INTERACTIVE && procedure->has_dialog
      && !smear_gimp2_dialog (procedure, &self.host, arguments))
    {
      fail (GIMP_PDB_CANCEL, NULL);
      return;
    }
  if (!smear_procedure_run (procedure, &self.host, arguments, results, &error))
    {
      fail (GIMP_PDB_EXECUTION_ERROR, error->message);
      return;
    }
  if (mode == GIMP_RUN_INTERACTIVE)
    smear_procedure_remember (procedure, &self.host, arguments);
  answer.values = smear_gimp2_unpack (procedure, results, &answer.n);
}

/* The resident process: see core/resident.h. */
static void
run_resident (const gchar *name, gint n_params, const GimpParam *params, gint *n_values,
              GimpParam **values)
{
  SmearGimp2Call call;

  /* While a run waits for GIMP it may be called once more, and that call comes by here
     too. */
  gimp_destroy_params (answer.values, answer.n);
  answer.values = NULL;
  answer.n = 0;
  if (!smear_gimp2_call_find (name, &call))
    fail (GIMP_PDB_CALLING_ERROR, NULL);
  else if (mode_of (call.procedure, params) == GIMP_RUN_INTERACTIVE)
    fail (GIMP_PDB_PASS_THROUGH, NULL);
  else
    run_here (&call, n_params, params);
  smear_resident_rest ();
  *values = answer.values;
  *n_values = answer.n;
}

static void
stay (void)
{
  for (const SmearProcedure *const *p = smear_procedures (); *p; p++)
    if (smear_resident_serves (*p))
      smear_gimp2_install (*p, run_resident);
  gimp_extension_ack ();
  for (;;)
    gimp_extension_process (0);
}

/* GIMP's menus run the plug-in itself; by name it is the resident process that answers.
 */
static gboolean
run_there (const gchar *name, gint n_params, const GimpParam *params)
{
  g_autofree char *blurb = NULL, *help = NULL, *author = NULL, *copyright = NULL;
  g_autofree char *date = NULL;
  GimpPDBProcType type;
  GimpParamDef *param_defs, *value_defs;
  gint n_param_defs, n_value_defs;

  if (!gimp_procedural_db_proc_info (name, &blurb, &help, &author, &copyright, &date,
                                     &type, &n_param_defs, &n_value_defs, &param_defs,
                                     &value_defs))
    return FALSE;
  gimp_destroy_paramdefs (param_defs, n_param_defs);
  gimp_destroy_paramdefs (value_defs, n_value_defs);
  if (type != GIMP_TEMPORARY)
    return FALSE;
  answer.values = gimp_run_procedure2 (name, &answer.n, n_params, params);
  return TRUE;
}

static void
query (void)
{
  gimp_plugin_domain_register (SMEAR_DOMAIN, smear_text_folder ());
  for (const SmearProcedure *const *p = smear_procedures (); *p; p++)
    smear_gimp2_install (*p, NULL);
  gimp_install_procedure (SMEAR_RESIDENT, SMEAR_RESIDENT_BLURB, SMEAR_RESIDENT_HELP,
                          "Smearscope", "Smearscope", "2026", NULL, "", GIMP_EXTENSION, 0,
                          0, NULL, NULL);
}

static void
run (const gchar *name, gint n_params, const GimpParam *params, gint *n_values,
     GimpParam **values)
{
  SmearGimp2Call call;

  if (g_str_equal (name, SMEAR_RESIDENT))
    stay ();
  if (!smear_gimp2_call_find (name, &call))
    fail (GIMP_PDB_CALLING_ERROR, NULL);
  else if (mode_of (call.procedure, params) != GIMP_RUN_WITH_LAST_VALS
           || !run_there (name, n_params, params))
    run_here (&call, n_params, params);
  *values = answer.values;
  *n_values = answer.n;
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()
