/* Reports: what has to be in them, and what must not. */
#include "records/records-support.h"
#include "records/report-private.h"

#include <smearscope/report.h>
#include <smearscope/smearscope.h>

/* A drawn smear whose finding names the cells that were drawn, with warnings. */
static SmearFinding *
finding_of_drawn (const char *source, SmearImage **image)
{
  SmearSynthesis what = { 640, 480, 0.15, SMEAR_CLASS_PRE, 7, TRUE };
  g_autoptr (GArray) drawn = NULL;
  SmearFinding *finding = finding_new (source, 2);

  *image = smear_synthesise (&what, &drawn, NULL);
  ck_assert_ptr_nonnull (*image);
  finding->region = (SmearRegion){ 0, 0, 640, 480 };
  g_array_set_size (finding->cells, 0);
  for (guint i = 0; i < drawn->len; i++)
    {
      const SmearSyntheticCell *from = &g_array_index (drawn, SmearSyntheticCell, i);
      gint r = (gint)from->radius;
      SmearCell cell = { { (gint)from->x - r, (gint)from->y - r, 2 * r, 2 * r },
                         from->x,
                         from->y,
                         3 * r * r,
                         FALSE,
                         i % 5 ? SMEAR_CLASS_PRE : SMEAR_CLASS_EARLY,
                         { 0 } };
      g_array_append_val (finding->cells, cell);
    }
  finding->map = smear_heat_map_new (16, 12);
  for (gint i = 0; i < 16 * 12; i++)
    finding->map->values[i] = (i % 16) / 15.0f;
  return finding;
}

static char *
write_report (const Bench *bench, SmearReport *report, const char *name, gsize *length)
{
  const char *kept = g_getenv ("SMEARSCOPE_KEEP_REPORTS"); /* to look at them */
  g_autofree char *path = g_build_filename (kept ? kept : bench->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *data = NULL;

  ck_assert (smear_report_write (report, path, &error));
  ck_assert_no_error (error);
  ck_assert (g_file_get_contents (path, &data, length, NULL));
  return data;
}

static SmearReport *
report_of (guint n, SmearPaper paper)
{
  SmearReportOptions options = SMEAR_REPORT_OPTIONS_DEFAULT;
  SmearReport *report;

  options.paper = paper;
  options.laboratory = "Haematology <b>& more";
  report = smear_report_new (&options);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *source = g_strdup_printf ("/secret ward/<script>%u.jpg", i);
      g_autoptr (SmearImage) image = NULL;
      g_autoptr (SmearFinding) finding = NULL;

      if (i < 3)
        finding = finding_of_drawn (source, &image);
      else
        finding = finding_new (source, i);
      if (i % 7 == 4)
        {
          finding->verdict = SMEAR_VERDICT_NOT_A_SMEAR;
          finding->klass = SMEAR_CLASS_NONE;
        }
      smear_report_add (report, finding, image, NULL);
    }
  return report;
}

static guint
count (const char *data, gsize length, const char *words)
{
  guint n = 0;
  const char *at = data;

  while ((at = memmem (at, length - (at - data), words, strlen (words))))
    {
      n++;
      at += strlen (words);
    }
  return n;
}

START_TEST (pdf_is_of_the_paper_asked_for)
{
  Bench bench = bench_new ();
  g_autoptr (SmearReport) report = report_of (1,
                                              _i ? SMEAR_PAPER_LETTER : SMEAR_PAPER_A4);
  gsize length;
  g_autofree char *pdf = write_report (&bench, report, _i ? "letter.pdf" : "a4.pdf",
                                       &length);
  ck_assert (g_str_has_prefix (pdf, "%PDF-1."));
  ck_assert_int_ge (
      count (pdf, length, _i ? "[ 0 0 612 792 ]" : "[ 0 0 595.276 841.89 ]"), 1);
  ck_assert_int_eq (count (pdf, length, "secret ward"), 0);
  ck_assert_int_ge (count (pdf, length, "/FontFile"), 1);  /* fonts go with it */
  ck_assert_int_eq (count (pdf, length, "/DCTDecode"), 2); /* region and heat map */
  ck_assert_int_eq (count (pdf, length, "Exif"), 0);
  /* For the archive: what it is, what its colours mean, and nothing left to viewers. */
  ck_assert_int_eq (count (pdf, length, "<pdfaid:part>2</pdfaid:part>"), 1);
  ck_assert_int_eq (count (pdf, length, "Haematology &lt;b&gt;&amp; more"), 1);
  ck_assert_int_eq (count (pdf, length, "/GTS_PDFA1"), 1);
  ck_assert_int_eq (count (pdf, length, "/ID [ <"), 1);
  ck_assert_int_eq (count (pdf, length, "/Interpolate true"), 0);
  ck_assert_int_eq (count (pdf, length, "/Encrypt"), 0);
  ck_assert_int_eq (count (pdf, length, "/CIDFontType2"),
                    2 * count (pdf, length, "/CIDToGIDMap /Identity"));
  bench_free (&bench);
}
END_TEST

START_TEST (html_stands_alone_and_says_what_it_must)
{
  Bench bench = bench_new ();
  g_autoptr (SmearReport) report = report_of (12, SMEAR_PAPER_A4);
  gsize length;
  g_autofree char *html = write_report (&bench, report, "batch.html", &length);
  static const char *const must[] = {
    SMEAR_DISCLAIMER,
    "default-src 'none'",
    "&lt;script&gt;0.jpg",
    "Haematology &lt;b&gt;&amp; more",
    "12 findings",
    "Pre-B",
    "The cells are out of focus.",
    "leukocytes were given Pre-B by themselves",
    "not a stained smear",
    "Examined by",
    "Pixels SHA-256",
    "Not measured: the model does not state",
    "data:image/jpeg;base64,",
  };
  static const char *const must_not[]
      = { "secret ward", "<script", "http:", "https:", "src=\"/", "url(", "<b>& more" };
  for (guint i = 0; i < G_N_ELEMENTS (must); i++)
    ck_assert_msg (count (html, length, must[i]) > 0, "missing: %s", must[i]);
  for (guint i = 0; i < G_N_ELEMENTS (must_not); i++)
    ck_assert_msg (count (html, length, must_not[i]) == 0, "in it: %s", must_not[i]);
  ck_assert_int_eq (count (html, length, "<img"), 6);
  bench_free (&bench);
}
END_TEST

/* A list over several sheets, and no more pages of their own than allowed. */
/* A column of each class's colour, full and pale, on white, one of grey, one of the
 * colour of those without a class. */
START_TEST (each_class_has_its_panel)
{
  SmearReportEntry entry = { .class_map = smear_image_new (2 * SMEAR_N_CLASSES + 3, 1,
                                                           NULL) };
  guint8 *pixels = smear_image_get_pixels (entry.class_map);
  memset (pixels, 0xff, 3);
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      smear_class_rgb (i, pixels + 3 * (1 + 2 * i));
      for (gint c = 0; c < 3; c++) /* half covered, as at the edge of a shrunken cell */
        pixels[3 * (2 + 2 * i) + c] = (pixels[3 * (1 + 2 * i) + c] + 255) / 2;
    }
  memset (pixels + 3 * (2 * SMEAR_N_CLASSES + 1), 0x90, 3);
  smear_class_rgb (SMEAR_CLASS_NONE, pixels + 3 * (2 * SMEAR_N_CLASSES + 2));
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    {
      g_autoptr (SmearImage) panel = smear_report_class_panel (&entry, i);
      const guint8 *p = smear_image_get_pixels (panel);
      for (gint k = 0; k < SMEAR_N_CLASSES; k++)
        for (gint pale = 0; pale < 2; pale++)
          {
            guint luma = p[3 * (1 + 2 * k + pale) + 1];
            ck_assert_msg (k == i ? luma < 0x40 : luma > 0xc0, "class %d in panel %d: %u",
                           k, i, luma);
          }
      ck_assert_mem_eq (p, pixels, 3);
      ck_assert_mem_eq (p + 3 * (2 * SMEAR_N_CLASSES + 1),
                        pixels + 3 * (2 * SMEAR_N_CLASSES + 1), 3);
    }
  smear_image_unref (entry.class_map);
}
END_TEST

/* The drawn map rises from left to right: half is in the middle, black to the right of it
 * and white to the left. */
START_TEST (half_of_the_most_is_outlined)
{
  g_autoptr (SmearImage) image = NULL;
  g_autoptr (SmearFinding) finding = finding_of_drawn ("a.jpg", &image);
  SmearReportEntry entry = { .finding = finding, .picture = image };
  SmearReport report = { .colours = SMEAR_COLOUR_MAP_VIRIDIS, .opacity = 0.6f };
  g_autoptr (SmearImage) heat = smear_report_heat (&report, &entry);
  gint width = smear_image_get_width (heat);
  for (gint y = 1; y < 479; y += 7)
    {
      const guint8 *row = smear_image_get_pixels (heat) + 3 * (gsize)y * width;
      ck_assert_mem_eq (row + 3 * 319, "\xff\xff\xff", 3);
      ck_assert_mem_eq (row + 3 * 320, "\x0d\x0d\x0d", 3);
    }
}
END_TEST

START_TEST (long_lists_go_over_several_pages)
{
  Bench bench = bench_new ();
  g_autoptr (SmearReport) report = report_of (120, SMEAR_PAPER_A4);
  gsize length;
  g_autofree char *pdf = write_report (&bench, report, "long.pdf", &length);
  const char *said = memmem (pdf, length, "/Count ", 7);
  guint n_pages = said ? atoi (said + 7) : 0;
  ck_assert_int_ge (n_pages, 50 + 3);
  ck_assert_int_le (n_pages, 50 + 6);
  bench_free (&bench);
}
END_TEST

START_TEST (pseudonyms_reach_the_report)
{
  Bench bench = bench_new ();
  bench.settings->pseudonyms = TRUE;
  g_autoptr (SmearHistory) history = bench_open (&bench);
  g_autoptr (SmearImage) image = NULL;
  g_autoptr (SmearFinding) finding = finding_of_drawn ("/ward/Quince.jpg", &image);
  gint64 id = smear_history_add (history, finding, image, NULL, NULL);
  g_autoptr (SmearRecord) record = smear_history_get (history, id, NULL);
  g_autoptr (SmearReport) report = smear_report_new (NULL);
  smear_report_add (report, finding, image, record);
  gsize length;
  g_autofree char *html = write_report (&bench, report, "one.html", &length);
  ck_assert_int_eq (count (html, length, "Quince"), 0);
  ck_assert_int_ge (count (html, length, record->finding->source), 1);
  ck_assert_int_eq (count (html, length, record->hash), 1);
  ck_assert_int_eq (count (html, length, "smearscope reproduce 1"), 1);
  bench_free (&bench);
}
END_TEST

START_TEST (what_cannot_be_written_is_told)
{
  Bench bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SmearReport) empty = smear_report_new (NULL);
  ck_assert (!smear_report_write (empty, "/tmp/x.pdf", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, "no findings");
  g_clear_error (&error);
  g_autoptr (SmearReport) report = report_of (4, SMEAR_PAPER_A4);
  ck_assert (!smear_report_write (report, "/tmp/x.doc", &error));
  ck_assert_smear_error (error, SMEAR_ERROR_ARGUMENT, ".pdf or .html");
  for (guint i = 0; i < 2; i++)
    {
      const char *path = i ? "/proc/nowhere/x.pdf" : "/proc/nowhere/x.html";
      g_clear_error (&error);
      ck_assert (!smear_report_write (report, path, &error));
      ck_assert_smear_error (error, SMEAR_ERROR_IO, path);
    }
  bench_free (&bench);
}
END_TEST

/* Fontconfig keeps what it has read until the process ends; that is no leak of ours. */
const char *__lsan_default_suppressions (void) __attribute__ ((visibility ("default")));

const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\nleak:libpango\n";
}

int
main (void)
{
  Suite *suite = suite_create ("report");
  TCase *tc = tcase_create ("report");
  tcase_add_loop_test (tc, pdf_is_of_the_paper_asked_for, 0, 2);
  tcase_add_test (tc, html_stands_alone_and_says_what_it_must);
  tcase_add_test (tc, each_class_has_its_panel);
  tcase_add_test (tc, half_of_the_most_is_outlined);
  tcase_add_test (tc, long_lists_go_over_several_pages);
  tcase_add_test (tc, pseudonyms_reach_the_report);
  tcase_add_test (tc, what_cannot_be_written_is_told);
  suite_add_tcase (suite, tc);
  return run_suite (suite);
}
