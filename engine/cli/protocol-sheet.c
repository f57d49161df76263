#include "cli/protocol-sheet.h"
#include "cli/figures.h"

#include "pipeline/json-line.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMN 24

/* The tables of one name. */
typedef struct
{
  char *name;
  GPtrArray *files, *runs;
} Tables;

static void
tables_free (gpointer data)
{
  Tables *tables = data;

  g_free (tables->name);
  g_ptr_array_unref (tables->files);
  g_ptr_array_unref (tables->runs);
  g_free (tables);
}

static Tables *
tables_of (GPtrArray *list, const char *name, gsize length)
{
  for (guint i = 0; i < list->len; i++)
    {
      Tables *known = list->pdata[i];
      if (strlen (known->name) == length && strncmp (known->name, name, length) == 0)
        return known;
    }
  Tables *tables = g_new0 (Tables, 1);
  tables->name = g_strndup (name, length);
  tables->files = g_ptr_array_new ();
  tables->runs = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  g_ptr_array_add (list, tables);
  return tables;
}

static GPtrArray *
read_tables (char **specs, const SmearCalibrating *calibrating, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (tables_free);

  for (gint i = 0; specs[i] != NULL; i++)
    {
      char *file = strchr (specs[i], '=');
      if (file == NULL || file == specs[i] || file[1] == '\0')
        {
          g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_ARGUMENT,
                       "“%s”: a protocol is given as NAME=TABLE.csv", specs[i]);
          return NULL;
        }
      g_autoptr (GArray) answers = smear_answers_read (file + 1, error);
      if (answers == NULL)
        return NULL;
      if (calibrating->cross)
        smear_answers_cross_calibrate (answers);
      else if (calibrating->given.temperature > 0)
        smear_answers_calibrate (answers, &calibrating->given);
      Tables *tables = tables_of (list, specs[i], file - specs[i]);
      g_ptr_array_add (tables->files, file + 1);
      g_ptr_array_add (tables->runs, g_steal_pointer (&answers));
    }
  return g_steal_pointer (&list);
}

/* The calibration that fits the answers of all runs together best. */
static SmearCalibration
calibration_of (GPtrArray *runs)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (SmearAnswer));

  for (guint i = 0; i < runs->len; i++)
    {
      GArray *run = runs->pdata[i];
      g_array_append_vals (all, run->data, run->len);
    }
  return smear_answers_calibration (all);
}

static void
append_json (GString *text, const SmearProtocol *p, const Tables *tables)
{
  GPtrArray *files = tables->files;
  SmearCalibration fits = calibration_of (tables->runs);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (names, smear_text_from_filename (files->pdata[i]));
  g_ptr_array_add (names, NULL);
  smear_json_member (text, p->name);
  g_string_append_c (text, '{');
  smear_json_member_string (text, "title", smear_protocol_title (p->name));
  smear_json_member (text, "tables");
  smear_json_strings (text, (const char *const *)names->pdata);
  smear_json_member_integer (text, "runs", p->n_runs);
  smear_figures_json_accuracy (text, &p->metrics);
  if (p->n_runs > 1)
    {
      smear_json_member_number (text, "accuracy_deviation", p->accuracy_deviation);
      smear_json_member_number (text, "macro_f1_deviation", p->macro_f1_deviation);
    }
  if (p->n_smears > 0)
    smear_figures_json_smears (text, p->n_smears, p->accuracy_smears, p->macro_f1_smears);
  smear_figures_json_classes (text, &p->metrics);
  smear_figures_json_calibration (text, &p->metrics);
  smear_json_member_number (text, "temperature", fits.temperature);
  smear_json_member_number (text, "few_cells", fits.few_cells);
  g_string_append_c (text, '}');
}

static const char *
calibration_note (const SmearCalibrating *calibrating)
{
  return calibrating->cross ? "Probabilities are calibrated: each fold by the others' "
                              "answers, and where there "
                              "are no folds every other answer by the rest."
         : calibrating->given.temperature > 0
             ? "Probabilities are calibrated by the temperature that was given."
             : "Probabilities are as the tables have them.";
}

static void
print_json (const SmearProtocol *protocols, GPtrArray *list,
            const SmearCalibrating *calibrating)
{
  g_autoptr (GString) text = g_string_new ("{");

  smear_json_member (text, "protocols");
  g_string_append_c (text, '{');
  for (guint i = 0; i < list->len; i++)
    append_json (text, &protocols[i], list->pdata[i]);
  g_string_append_c (text, '}');
  smear_json_member_string (text, "calibration", calibration_note (calibrating));
  smear_json_member_string (
      text, "note",
      "Images that were not judged count as wrong. Of several runs, counts are summed "
      "and figures are means.");
  smear_json_member_boolean (text, "research_use_only", TRUE);
  g_string_append_c (text, '}');
  puts (text->str);
}

typedef gdouble (*Figure) (const SmearProtocol *p);

static gdouble
accuracy (const SmearProtocol *p)
{
  return p->metrics.accuracy;
}

static gdouble
macro_f1 (const SmearProtocol *p)
{
  return p->metrics.macro_f1;
}

static gdouble
auc (const SmearProtocol *p)
{
  return p->metrics.auc;
}

static gdouble
sensitivity (const SmearProtocol *p)
{
  return p->metrics.sensitivity_at_95;
}

static gdouble
ece (const SmearProtocol *p)
{
  return p->metrics.ece;
}

static gdouble
brier (const SmearProtocol *p)
{
  return p->metrics.brier;
}

static gdouble
confident (const SmearProtocol *p)
{
  return p->metrics.accuracy_confident;
}

/* A cell of the table, with something in it even if the data do not define the figure. */
static void
print_cell (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *cell = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  printf (" %*s%s", COLUMN - (gint)g_utf8_strlen (cell, -1), "", cell);
}

static void
print_interval (SmearInterval i, gboolean per_cent)
{
  if (isnan (i.low))
    print_cell ("–");
  else if (per_cent)
    print_cell ("%.1f to %.1f %%", 100 * i.low, 100 * i.high);
  else
    print_cell ("%.4f to %.4f", i.low, i.high);
}

static void
print_line (const char *name, const SmearProtocol *p, guint n, Figure figure,
            gboolean per_cent)
{
  printf ("%-34s", name);
  for (guint i = 0; i < n; i++)
    if (isnan (figure (&p[i])))
      print_cell ("–");
    else if (per_cent)
      print_cell ("%.1f %%", 100 * figure (&p[i]));
    else
      print_cell ("%.4f", figure (&p[i]));
  puts ("");
}

static void
print_reliability (const SmearProtocol *p, guint n)
{
  puts ("\nright at a confidence of");
  for (gint b = 0; b < SMEAR_RELIABILITY_BINS; b++)
    {
      guint answers = 0;
      for (guint i = 0; i < n; i++)
        answers += p[i].metrics.reliability[b].answers;
      if (answers == 0)
        continue;
      printf ("  %3d to %3d %%%-20s", 100 * b / SMEAR_RELIABILITY_BINS,
              100 * (b + 1) / SMEAR_RELIABILITY_BINS, "");
      for (guint i = 0; i < n; i++)
        {
          const SmearReliability *bin = &p[i].metrics.reliability[b];
          if (bin->answers > 0)
            print_cell ("%.1f %% of %u", 100.0 * bin->right / bin->answers, bin->answers);
          else
            print_cell ("–");
        }
      puts ("");
    }
}

static void
print_table (const SmearProtocol *p, guint n)
{
  printf ("%-34s", "");
  for (guint i = 0; i < n; i++)
    print_cell ("%s", smear_protocol_title (p[i].name));
  printf ("\n%-34s", "images kept back, smears");
  for (guint i = 0; i < n; i++)
    print_cell ("%u, %u", p[i].metrics.n / p[i].n_runs, p[i].n_smears);
  printf ("\n%-34s", "runs (seeds)");
  for (guint i = 0; i < n; i++)
    print_cell ("%u", p[i].n_runs);
  puts ("");
  print_line ("accuracy", p, n, accuracy, TRUE);
  printf ("%-34s", "  95 %, images independent (Wilson)");
  for (guint i = 0; i < n; i++)
    print_interval (p[i].metrics.wilson, TRUE);
  printf ("\n%-34s", "  95 %, over smears (bootstrap)");
  for (guint i = 0; i < n; i++)
    print_interval (p[i].accuracy_smears, TRUE);
  printf ("\n%-34s", "  deviation between runs, points");
  for (guint i = 0; i < n; i++)
    if (p[i].n_runs > 1)
      print_cell ("%.2f", 100 * p[i].accuracy_deviation);
    else
      print_cell ("–");
  puts ("");
  print_line ("macro F1", p, n, macro_f1, FALSE);
  printf ("%-34s", "  95 %, over smears (bootstrap)");
  for (guint i = 0; i < n; i++)
    print_interval (p[i].macro_f1_smears, FALSE);
  puts ("");
  print_line ("AUC, benign against malignant", p, n, auc, FALSE);
  print_line ("sensitivity at 95 % specificity", p, n, sensitivity, TRUE);
  print_line ("accuracy of 80 % most confident", p, n, confident, TRUE);
  print_line ("expected calibration error", p, n, ece, FALSE);
  print_line ("Brier score", p, n, brier, FALSE);
  print_reliability (p, n);
  for (guint i = 0; i < n; i++)
    {
      printf ("\n%s", smear_protocol_title (p[i].name));
      smear_figures_print_matrix (&p[i].metrics);
    }
}

gboolean
smear_protocol_sheet (char **specs, const SmearCalibrating *calibrating, gboolean json,
                      GError **error)
{
  g_autoptr (GPtrArray) list = read_tables (specs, calibrating, error);

  if (list == NULL)
    return FALSE;
  g_autofree SmearProtocol *protocols = g_new (SmearProtocol, list->len);
  for (guint i = 0; i < list->len; i++)
    {
      Tables *tables = list->pdata[i];
      smear_protocol_rate (tables->name, tables->runs, &protocols[i]);
    }
  if (json)
    print_json (protocols, list, calibrating);
  else
    {
      print_table (protocols, list->len);
      printf (
          "\n%s\nImages without an answer count as wrong, but for AUC, sensitivity, "
          "ECE and Brier score, which are over the others. The tables of confusion and "
          "of reliability add up the answers of all runs.\n%s\n",
          calibration_note (calibrating), SMEAR_DISCLAIMER);
    }
  return TRUE;
}
