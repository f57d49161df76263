#include "train/audit.h"

#include <math.h>

static gdouble
rate (guint k, guint n)
{
  return n > 0 ? 100.0 * k / n : 0;
}

static gdouble
right (const SmearProbeScore *score)
{
  return rate (score->n_correct, score->n);
}

/* Whether any image could be asked: images of one class have nothing to swap. */
static gboolean
was_put (GString *text, guint n, const char *what)
{
  if (n == 0)
    g_string_append_printf (text, "Not asked: %s.\n", what);
  return n > 0;
}

/* A picture of twice the magnification shows fewer cells: what that costs is no matter of
 * the size. */
static SmearProbe
reference_of (SmearProbe probe)
{
  return probe == SMEAR_PROBE_DOUBLE_SIZE ? SMEAR_PROBE_MIDDLE : SMEAR_PROBE_UNTOUCHED;
}

gdouble
smear_audit_lost (const SmearProbeScore *scores, SmearProbe first, SmearProbe last)
{
  gdouble lost = -100;

  for (gint p = first; p <= (gint)last; p++)
    if (scores[p].n > 0)
      lost = MAX (lost, right (&scores[reference_of (p)]) - right (&scores[p]));
  return lost;
}

/* “Withstands …” if the worst of some probes costs no more than @most points. */
static void
say_lost (GString *text, const SmearProbeScore *scores, SmearProbe first, SmearProbe last,
          gdouble most, const char *what)
{
  gdouble lost = smear_audit_lost (scores, first, last);
  guint n = 0;

  for (gint p = first; p <= (gint)last; p++)
    n += scores[p].n;
  if (!was_put (text, n, what))
    return;
  g_string_append_printf (text, "%s %s: the worst costs %.1f points.\n",
                          lost <= most ? "Withstands" : "Does NOT withstand", what, lost);
}

/* “Follows …” if most keep their answer although something is another class's. */
static void
say_swapped (GString *text, const SmearAudit *a, SmearProbe probe, const char *what,
             const char *donated)
{
  const SmearProbeScore *swap = &a->scores[probe];
  g_autofree char *interval = !isnan (a->same[probe].low)
                                  ? g_strdup_printf (" (95 %% over smears: %.1f to %.1f)",
                                                     100 * a->same[probe].low,
                                                     100 * a->same[probe].high)
                                  : g_strdup ("");

  if (!was_put (text, swap->n, what))
    return;
  g_string_append_printf (
      text, "%s %s: %.1f %%%s keep their answer, %.1f %% take that of the %s.\n",
      rate (swap->n_same, swap->n) >= 90 ? "Follows" : "Does NOT follow", what,
      rate (swap->n_same, swap->n), interval, rate (swap->n_donor, swap->n), donated);
}

static void
say_what_it_follows (GString *text, const SmearAudit *a)
{
  const SmearProbeScore *gone = &a->scores[SMEAR_PROBE_LEUKOCYTES_REMOVED];
  const SmearProbeScore *erased = &a->scores[SMEAR_PROBE_SCALE_BAR_ERASED];
  gdouble bar = smear_audit_lost (a->scores, SMEAR_PROBE_SCALE_BAR_ERASED,
                                  SMEAR_PROBE_SCALE_BAR_ERASED);

  g_string_append_printf (
      text,
      "%s without the leukocytes that the finder knows: a class is named in %.1f %% of "
      "fields.\n",
      rate (gone->n_named, gone->n) <= 2 ? "Silent" : "NOT silent",
      rate (gone->n_named, gone->n));
  say_swapped (text, a, SMEAR_PROBE_BACKGROUND_SWAPPED,
               "the cells when the background changes", "background");
  say_swapped (text, a, SMEAR_PROBE_STAIN_SWAPPED,
               "their form when another class's stain is laid on them", "stain");
  g_string_append_printf (
      text,
      "%s the scale bar: erasing it, and what lies in its corner, costs %.1f points; "
      "%.1f %% keep their answer.\n",
      bar <= 0.5 ? "Does not need" : "NEEDS", bar, rate (erased->n_same, erased->n));
}

char *
smear_audit_verdict (const SmearAudit *a)
{
  GString *text = g_string_new (NULL);
  const SmearProbeScore *grey = &a->scores[SMEAR_PROBE_GREY];

  say_what_it_follows (text, a);
  say_lost (text, a->scores, SMEAR_PROBE_REDDER, SMEAR_PROBE_GAMMA_125, 2,
            "changes of colour and light");
  say_lost (text, a->scores, SMEAR_PROBE_BLUR, SMEAR_PROBE_NOISE, 2,
            "blur, JPEG compression, smooth colour and noise");
  say_lost (text, a->scores, SMEAR_PROBE_HALF_SIZE, SMEAR_PROBE_DOUBLE_SIZE, 5,
            "half and double magnification, the latter beside the same cells");
  say_lost (text, a->scores, SMEAR_PROBE_MIRRORED, SMEAR_PROBE_HALF_TURN, 2,
            "mirroring and turning");
  g_string_append_printf (text,
                          "Without colour it names a class in %.1f %% of fields, "
                          "%.1f %% of all rightly.\n",
                          rate (grey->n_named, grey->n), right (grey));
  g_string_append_printf (text,
                          "%.0f %% of the heat map lies in leukocytes, %.1f %% in the "
                          "scale bar's corner, %.1f %% elsewhere.\n",
                          100 * a->energy_cells, 100 * a->energy_scale_bar,
                          100 * a->energy_elsewhere);
  g_string_append_printf (
      text,
      "The heat map %s what was learnt: its rank correlation%s with the map of random "
      "weights is %.2f (only the last layer random: %.2f; the upper half: %.2f).\n",
      fabs (a->randomised[SMEAR_CASCADE_ALL]) <= 0.3 ? "depends on"
                                                     : "depends only in part on",
      a->within_cells ? " within leukocytes" : "", a->randomised[SMEAR_CASCADE_ALL],
      a->randomised[SMEAR_CASCADE_OUTPUT], a->randomised[SMEAR_CASCADE_HALF]);
  return g_string_free (text, FALSE);
}
