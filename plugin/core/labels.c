#include "core/labels.h"

#include <string.h>

#include "core/keeper.h"
#include "core/texts.h"

typedef struct
{
  const char *name, *label;
} Label;

/* No letter twice in one dialog, nor those of Help, Reset, Cancel, OK, Load and Save. */
static const Label arguments[] = {
  { "model", N_ ("_Model") },
  { "class", N_ ("_Explain") },
  { "colour-map", N_ ("Colour ma_p") },
  { "opacity", N_ ("Opac_ity") },
  { "threshold", N_ ("_Threshold") },
  { "heat-map", N_ ("Heat m_ap") },
  { "outlines", N_ ("Outli_nes as a path") },
  { "caption", N_ ("Caption _with the answer") },
  { "colour-bar", N_ ("Colour _bar in the caption") },
  { "earlier", N_ ("Earlier r_uns") },
  { "colours", N_ ("_Grey or indexed image") },
  { "leave-out", N_ ("Lea_ve out cells") },
  { "file", N_ ("_File") },
  { "format", N_ ("Forma_t") },
  { "record", N_ ("_Keep in the history") },
  { "paper", N_ ("Pape_r") },
  { "title", N_ ("_Title") },
  { "laboratory", N_ ("_Laboratory") },
  { "cell", N_ ("Ce_ll") },
  { "opinion", N_ ("O_pinion") },
  { "correct-class", N_ ("Cl_ass") },
  { "found-class", N_ ("C_lass") },
  { "model-name", N_ ("_Model") },
  { "who", N_ ("_Reviewer") },
  { "note", N_ ("_Note") },
  { "reason", N_ ("_Reason") },
  { "name", N_ ("_Name of image") },
  { "verdict", N_ ("_Answer") },
  { "since", N_ ("S_ince") },
  { "until", N_ ("_Until") },
  { "recording", N_ ("_Keep findings") },
  { "pseudonyms", N_ ("_Pseudonyms for names") },
  { "pixels", N_ ("Small pict_ures") },
  { "retention-days", N_ ("Erase after so many _days") },
  { "encryption", N_ ("_Encryption") },
  { "key-file", N_ ("Ke_y file") },
};

static const Label choices[] = {
  { "winner", N_ ("The most probable class") },
  { "viridis", N_ ("Viridis") },
  { "magma", N_ ("Magma") },
  { "inferno", N_ ("Inferno") },
  { "turbo", N_ ("Turbo") },
  { "grey", N_ ("Grey") },
  { "add", N_ ("Keep their layers") },
  { "replace", N_ ("Replace their layers") },
  { "keep", N_ ("Keep it, map in grey") },
  { "convert", N_ ("Convert it to RGB") },
  { "a4", N_ ("A4") },
  { "letter", N_ ("Letter") },
  { "agree", N_ ("Agree with the model") },
  { "correct", N_ ("Another class") },
  { "flag", N_ ("Flag: look again") },
  { "any", N_ ("Any") },
  { "answered", N_ ("Answered") },
  { "uncertain", N_ ("Uncertain") },
  { "no leukocytes", N_ ("No leukocytes") },
  { "not a smear", N_ ("Not a smear") },
  { "off", N_ ("Never") },
  { "on", N_ ("Always") },
  { "ask", N_ ("Ask each time") },
  { "yes", N_ ("Yes") },
  { "no", N_ ("No") },
  { "none", N_ ("None") },
  { "key-file", N_ ("Key in a file") },
  { "secret-service", N_ ("Key in the desktop's keyring") },
  { "by-name", N_ ("By the file's name") },
  { "csv", N_ ("Table (CSV)") },
  { "jsonl", N_ ("JSON Lines") },
  { "geojson", N_ ("GeoJSON for QuPath") },
};

/* What smear_classify() says of its progress. */
static const Label stages[] = {
  { "preparing", N_ ("Preparing") },
  { "classifying", N_ ("Classifying") },
  { "done", N_ ("Done") },
};

static const char *
find (const Label *labels, guint n_labels, const char *name)
{
  for (guint i = 0; i < n_labels; i++)
    if (g_str_equal (labels[i].name, name))
      return _ (labels[i].label);
  return NULL;
}

const char *
smear_arg_label (const SmearArg *arg)
{
  const char *label = find (arguments, G_N_ELEMENTS (arguments), arg->name);

  return label != NULL ? label : _ (arg->title);
}

const char *
smear_arg_needs (const char *name)
{
  static const char *const of_the_map[]
      = { "class", "colour-map", "opacity", "threshold", "outlines", "caption", NULL };

  if (g_str_equal (name, "colour-bar"))
    return "caption";
  return g_strv_contains (of_the_map, name) ? "heat-map" : NULL;
}

gboolean
smear_arg_suits (const char *name, GVariantDict *arguments)
{
  static const struct
  {
    const char *name, *choice, *wanted;
  } suiting[] = {
    { "correct-class", "opinion", "correct" },
    { "key-file", "encryption", "key-file" },
  };
  const char *chosen = "";

  for (guint i = 0; i < G_N_ELEMENTS (suiting); i++)
    if (g_str_equal (name, suiting[i].name)
        && g_variant_dict_lookup (arguments, suiting[i].choice, "&s", &chosen))
      return g_str_equal (chosen, suiting[i].wanted);
  return TRUE;
}

const char *
smear_choice_label (const char *choice)
{
  const char *label = find (choices, G_N_ELEMENTS (choices), choice);
  const SmearClass klass = smear_class_from_name (choice);

  if (label != NULL)
    return label;
  return klass != SMEAR_CLASS_NONE ? _ (smear_class_title (klass)) : choice;
}

const char *
smear_stage_label (const char *stage)
{
  const char *label = find (stages, G_N_ELEMENTS (stages), stage);

  return label != NULL ? label : stage;
}

static gboolean
matters (const SmearArg *arg, const SmearScene *scene)
{
  if (g_str_equal (arg->name, "colours"))
    return scene != NULL && scene->base != SMEAR_BASE_RGB;
  if (g_str_equal (arg->name, "record"))
    return smear_keeper_asks ();
  return TRUE;
}

GPtrArray *
smear_shown_args (const SmearProcedure *procedure, const SmearScene *scene)
{
  GPtrArray *shown = g_ptr_array_new ();
  const SmearArg *arg;

  for (guint i = 0; (arg = smear_procedure_arg (procedure, i)) != NULL; i++)
    {
      guint place = 0;

      if (!matters (arg, scene))
        continue;
      while (place < shown->len
             && g_strcmp0 (smear_arg_needs (((SmearArg *)shown->pdata[place])->name),
                           arg->name)
                    != 0)
        place++;
      g_ptr_array_insert (shown, place, (gpointer)arg);
    }
  return shown;
}

char *
smear_procedure_title (const SmearProcedure *procedure)
{
  g_auto (GStrv) words = g_strsplit (_ (procedure->menu_label), "_", -1);
  g_autofree char *label = g_strjoinv ("", words);

  if (g_str_has_suffix (label, "…"))
    label[strlen (label) - strlen ("…")] = '\0';
  g_strchomp (label); /* some languages set the dots apart */
  return g_strdup_printf ("Smearscope: %s", label);
}
