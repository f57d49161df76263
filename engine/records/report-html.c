/* The report as one page of HTML that asks nothing of any other place. */
#include "records/report-private.h"

#include "base/put-file.h"
#include "image/image-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NARROW "\u202f"

static const char head[]
    = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "img-src data:; "
      "style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n";

static const char style[]
    = "<style>\n"
      "body{font:16px/1.45 \"Source Sans 3\",Lato,\"Noto Sans\",system-ui,sans-serif;"
      "color:#16181d;background:#fff;max-width:54rem;margin:2rem auto;padding:0 1rem}\n"
      "header,footer{display:flex;justify-content:space-between;color:#565b66;"
      "font-size:.85rem}\n"
      "header{border-bottom:1px solid #c9ccd3;padding-bottom:.4rem}\n"
      "footer{border-top:1px solid #c9ccd3;padding-top:.4rem;margin-top:2.5rem}\n"
      "footer b{color:#16181d}\n"
      "h1{font-size:1.7rem;line-height:1.2;margin:1.2rem 0 "
      ".1rem;overflow-wrap:anywhere}\n"
      "h2{font-size:.8rem;letter-spacing:.08em;text-transform:uppercase;"
      "margin:1.8rem 0 .5rem;border-bottom:1px solid #c9ccd3;padding-bottom:.2rem}\n"
      ".when{color:#565b66;margin:0 0 1rem}\n"
      ".answer{font-size:2.1rem;font-weight:700;line-height:1.15;margin:.4rem 0}\n"
      ".warning{font-weight:600;margin:.15rem 0}\n"
      ".pictures{display:flex;flex-wrap:wrap;margin:1rem -1rem 1rem 0}\n"
      "figure{margin:0 1rem .5rem 0;flex:1 1 18rem}\n"
      "figure div{position:relative;border:1px solid #c9ccd3}\n"
      "figure img{display:block;width:100%}\n"
      "figure svg{position:absolute;top:0;left:0;width:100%;height:100%}\n"
      "figcaption{font-size:.85rem;color:#565b66;margin-top:.25rem}\n"
      "figcaption span{float:right}\n"
      ".panels figure{flex-basis:9rem}\n"
      "figcaption i{display:inline-block;width:4rem;height:.6rem;margin:0 .4rem}\n"
      "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\n"
      "th{text-align:left;font-weight:400;color:#565b66;font-size:.85rem;"
      "border-bottom:1px solid #c9ccd3}\n"
      "td,th{padding:.15rem .8rem .15rem 0;vertical-align:baseline}\n"
      "td.n,th.n{text-align:right;white-space:nowrap}\n"
      "tr.most td{font-weight:700}\n"
      "tr.sum td{border-top:1px solid #c9ccd3}\n"
      "td.share{width:50%}\n"
      ".bar{background:#ececef;height:.6rem}\n"
      ".bar b{display:block;height:.6rem;background:#9a9ea8}\n"
      ".most .bar b{background:#1a335c}\n"
      "dl{margin:.5rem 0}\n"
      "dt{color:#565b66;font-size:.9rem;float:left;clear:left;width:11rem}\n"
      "dd{margin:0 0 .2rem 12rem;overflow-wrap:anywhere;white-space:pre-line}\n"
      ".counts{display:flex;flex-wrap:wrap;margin:1rem 0}\n"
      ".counts div{margin-right:1.8rem}\n"
      ".counts b{display:block;font-size:1.6rem;line-height:1.1}\n"
      ".counts span{color:#565b66;font-size:.85rem}\n"
      ".sign{display:flex;margin-top:4rem}\n"
      ".sign div{flex:1;border-top:1px solid #16181d;display:flex;margin-right:2rem;"
      "justify-content:space-between;font-size:.85rem;color:#565b66}\n"
      "@page{margin:20mm 18mm}\n"
      "@media print{body{margin:0;max-width:none;font-size:10pt}"
      "article.next{break-before:page}figure,tr{break-inside:avoid}"
      ".bar,.bar b,figcaption i{print-color-adjust:exact;"
      "-webkit-print-color-adjust:exact}}\n"
      "@media (max-width:36rem){dt{float:none}dd{margin-left:0}}\n"
      "</style>\n";

static void
add_text (GString *html, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (html, escaped);
}

static void
add_element (GString *html, const char *tag, const char *text)
{
  g_string_append_printf (html, "<%s>", tag);
  add_text (html, text);
  g_string_append_printf (html, "</%.*s>", (gint)strcspn (tag, " "), tag);
}

static void
add_pairs (GString *html, GPtrArray *pairs)
{
  g_string_append (html, "<dl>");
  for (guint i = 0; i < pairs->len; i++)
    {
      const SmearPair *pair = pairs->pdata[i];
      add_element (html, "dt", pair->label);
      add_element (html, "dd", pair->value);
    }
  g_string_append (html, "</dl>\n");
}

static void
add_image (GString *html, SmearImage *image, const char *what)
{
  gsize length = 0;
  guint8 *bytes = smear_jpeg_encode (smear_image_get_pixels (image),
                                     smear_image_get_width (image),
                                     smear_image_get_height (image), 90, 0, &length);
  g_autofree char *letters = bytes ? g_base64_encode (bytes, length) : NULL;

  free (bytes);
  if (letters)
    g_string_append_printf (html, "<img src=\"data:image/jpeg;base64,%s\" alt=\"%s\">",
                            letters, what);
}

/* Outlines in white under black, as on paper. */
static void
add_outlines (GString *html, const SmearFinding *finding)
{
  const SmearRegion *region = &finding->region;
  gint unit = MAX (1, MAX (region->width, region->height) / 30);

  g_string_append_printf (
      html,
      "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" fill=\"none\" "
      "font-size=\"%d\" font-weight=\"700\" font-family=\"sans-serif\">",
      region->width, region->height, unit);
  for (guint i = 0; finding->cells && i < finding->cells->len; i++)
    {
      const SmearRegion *box = &g_array_index (finding->cells, SmearCell, i).box;
      gint x = box->x - region->x, y = box->y - region->y;
      g_autofree char *ellipse = g_strdup_printf (
          "<ellipse cx=\"%d.5\" cy=\"%d.5\" rx=\"%d\" ry=\"%d\" "
          "vector-effect=\"non-scaling-stroke\"",
          x + box->width / 2, y + box->height / 2, MAX (1, box->width / 2),
          MAX (1, box->height / 2));

      g_string_append_printf (
          html,
          "%s stroke=\"#fff\" stroke-width=\"3\"/>%s stroke=\"#111\" "
          "stroke-width=\"1.3\"/><text x=\"%d\" y=\"%d\" fill=\"#111\" "
          "stroke=\"#fff\" stroke-width=\"%d\" paint-order=\"stroke\">%u</text>",
          ellipse, ellipse, x, MAX (unit, y + unit), MAX (1, unit / 4), i + 1);
    }
  g_string_append (html, "</svg>");
}

static void
add_ramp (GString *html, SmearColourMap colours)
{
  g_string_append (html, "<span>little<i style=\"background:linear-gradient(90deg");
  for (guint i = 0; i <= 8; i++)
    {
      guint8 rgb[3];
      smear_colour_map_lookup (colours, i / 8.0f, rgb);
      g_string_append_printf (html, ",#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    }
  g_string_append (html, ")\"></i>much</span>");
}

static void
add_class_panels (GString *html, const SmearReportEntry *entry)
{
  g_string_append (html, "<div class=\"pictures panels\">");
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autoptr (SmearImage) panel = smear_report_class_panel (entry, i);

      g_string_append (html, "<figure><div>");
      add_image (html, panel, "where leukocytes of one class lie");
      g_string_append_printf (html, "</div><figcaption>%s</figcaption></figure>",
                              smear_class_title (i));
    }
  g_string_append (html, "</div>\n");
}

static void
add_pictures (GString *html, const SmearReport *report, const SmearReportEntry *entry)
{
  g_autoptr (SmearImage) heat = smear_report_heat (report, entry);
  g_autofree char *heat_caption = smear_report_heat_caption (entry);

  if (!entry->picture && !heat)
    {
      g_string_append (html,
                       "<p class=\"when\">The image was not at hand when this report was "
                       "made.</p>\n");
      return;
    }
  g_string_append (html, "<div class=\"pictures\">");
  if (entry->picture)
    {
      g_string_append (html, "<figure><div>");
      add_image (html, entry->picture, "the region that was judged");
      add_outlines (html, entry->finding);
      g_string_append_printf (html, "</div><figcaption>%s</figcaption></figure>",
                              smear_report_caption (entry));
    }
  if (heat)
    {
      g_string_append (html, "<figure><div>");
      add_image (html, heat, "heat map over the region");
      g_string_append_printf (html, "</div><figcaption>%s", heat_caption);
      add_ramp (html, report->colours);
      if (smear_report_heat_note (entry))
        g_string_append_printf (html, "<br>%s", smear_report_heat_note (entry));
      g_string_append (html, "</figcaption></figure>");
    }
  g_string_append (html, "</div>\n");
  if (entry->class_map)
    add_class_panels (html, entry);
}

static void
add_probability (GString *html, const char *row_class, const char *name, gdouble share,
                 const char *cells)
{
  char width[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *percent = smear_report_percent (share);

  g_ascii_formatd (width, sizeof width, "%.2f", 100 * CLAMP (share, 0, 1));
  g_string_append_printf (
      html,
      "<tr class=\"%s\"><td>%s</td><td class=\"n\">%s</td><td class=\"share\">"
      "<div class=\"bar\"><b style=\"width:%s%%\"></b></div></td>"
      "<td class=\"n\">%s</td></tr>\n",
      row_class, name, percent, width, cells);
}

static void
add_probabilities (GString *html, const SmearReportEntry *entry)
{
  const SmearFinding *finding = entry->finding;
  guint counts[SMEAR_N_CLASSES], judged = smear_report_count_cells (entry, counts);

  g_string_append_printf (html,
                          "<table><tr><th>Class</th><th class=\"n\">%s</th><th></th>"
                          "<th class=\"n\">Cells</th></tr>\n",
                          entry->is_sweep ? "Share" : "Probability");
  for (guint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autofree char *cells = judged > 0 ? g_strdup_printf ("%u", counts[i])
                                          : g_strdup ("");
      add_probability (html, finding->klass == (SmearClass)i ? "most" : "",
                       smear_class_title (i), finding->probabilities[i], cells);
    }
  add_probability (html, "sum", "Malignant", finding->malignant, "");
  g_string_append (html, "</table>\n");
}

static void
add_entry (GString *html, const SmearReport *report, const SmearReportEntry *entry)
{
  g_autofree char *title = smear_report_title (entry);
  g_autofree char *time = smear_report_time (entry->time);
  g_autofree char *confidence = smear_report_confidence_text (report, entry);
  g_autofree char *cells = smear_report_cells_text (entry);
  g_autofree char *quality = smear_report_quality_text (entry);
  g_autoptr (GPtrArray) trace = smear_report_trace_pairs (report, entry);

  g_string_append (html,
                   report->entries->len > 1 ? "<article class=\"next\">" : "<article>");
  add_element (html, "h1", entry->finding->source);
  g_string_append (html, "<p class=\"when\">");
  if (entry->id > 0)
    g_string_append_printf (html, "Finding %" G_GINT64_FORMAT " · ", entry->id);
  add_text (html, time);
  if (entry->user)
    {
      g_string_append (html, " · ");
      add_text (html, entry->user);
    }
  g_string_append (html, "</p>");
  add_element (html, "p class=\"answer\"", title);
  for (guint i = 0; entry->warnings[i]; i++)
    {
      g_autofree char *line = g_strconcat ("▲ ", entry->warnings[i], NULL);
      add_element (html, "p class=\"warning\"", line);
    }
  add_pictures (html, report, entry);
  if (entry->finding->klass != SMEAR_CLASS_NONE)
    add_probabilities (html, entry);
  g_string_append (html, "<dl><dt>Confidence</dt>");
  add_element (html, "dd", confidence);
  g_string_append (html, "<dt>Cells</dt>");
  add_element (html, "dd", cells);
  g_string_append (html, "<dt>Image</dt>");
  add_element (html, "dd", quality);
  g_string_append (html, "</dl>\n<h2>To reproduce this finding</h2>");
  add_pairs (html, trace);
  g_string_append (html, "</article>\n");
}

static void
add_list (GString *html, const SmearReport *report)
{
  g_autoptr (GPtrArray) counts = smear_report_count_pairs (report);

  add_element (html, "h1", report->title);
  g_string_append_printf (html, "<p class=\"when\">%u findings</p><div class=\"counts\">",
                          report->entries->len);
  for (guint i = 0; i < counts->len; i++)
    {
      const SmearPair *pair = counts->pdata[i];
      g_string_append_printf (html, "<div><b>%s</b><span>%s</span></div>", pair->value,
                              pair->label);
    }
  g_string_append (
      html, "</div>\n<table><tr><th class=\"n\">No.</th><th>Image</th><th>Finding</th>"
            "<th class=\"n\">Such answers right, 95" NARROW
            "%</th><th class=\"n\">Malignant</th><th class=\"n\">Cells</th>"
            "<th>Warnings</th></tr>\n");
  for (guint i = 0; i < report->entries->len; i++)
    {
      const SmearReportEntry *entry = report->entries->pdata[i];
      const SmearFinding *finding = entry->finding;
      g_autofree char *title = smear_report_title (entry);
      g_autofree char *malignant = smear_report_percent (finding->malignant);
      g_autofree char *warnings = g_strjoinv (" ", entry->warnings);
      g_autofree char *right = smear_report_right_text (report, entry);

      g_string_append_printf (html, "<tr><td class=\"n\">%u</td>", i + 1);
      add_element (html, "td", finding->source);
      add_element (html, "td", title);
      add_element (html, "td class=\"n\"", right);
      g_string_append_printf (html, "<td class=\"n\">%s</td><td class=\"n\">%u</td>",
                              finding->klass == SMEAR_CLASS_NONE ? "–" : malignant,
                              finding->cells ? finding->cells->len : 0);
      add_element (html, "td", warnings);
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</table>\n");
}

gboolean
smear_report_write_html (SmearReport *report, const char *path, GError **error)
{
  g_autoptr (GString) html = g_string_new (head);
  g_autoptr (GPtrArray) model = smear_report_model_pairs (report);
  g_autoptr (GError) inner = NULL;
  guint n_pages = MIN (report->entries->len, (guint)MAX (1, report->max_pages));

  add_element (html, "title", report->title);
  g_string_append_printf (html, "\n%s</head><body>\n<header><span>", style);
  add_text (html, *report->laboratory ? report->laboratory : "Smearscope");
  g_string_append (html, "</span>");
  add_element (html, "span", report->title);
  g_string_append (html, "</header>\n");
  if (report->entries->len > 1)
    add_list (html, report);
  for (guint i = 0; i < n_pages; i++)
    add_entry (html, report, report->entries->pdata[i]);
  g_string_append (html, "<h2>The model and what is known of it</h2>");
  add_pairs (html, model);
  g_string_append (html,
                   "<div class=\"sign\"><div><span>Examined by</span>"
                   "<span>Date, signature</span></div><div><span>Checked by</span>"
                   "<span>Date, signature</span></div></div>\n"
                   "<footer><b>" SMEAR_DISCLAIMER "</b></footer>\n</body></html>\n");
  if (smear_put_file (path, html->str, html->len, 0600, &inner))
    return TRUE;
  g_set_error (error, SMEAR_ERROR, SMEAR_ERROR_IO, "%s cannot be written: %s", path,
               inner->message);
  return FALSE;
}
