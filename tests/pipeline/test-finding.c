/* A finding as JSON, read back with a parser; titles and warnings. */
#include "support/findings.h"
#include "support/suite.h"

#include "pipeline/json-line.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static JsonNode *
read_back (const SmearFinding *finding)
{
  g_autofree char *line = smear_finding_to_json (finding);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (strchr (line, '\n'));
  JsonNode *node = json_from_string (line, &error);
  ck_assert_no_error (error);
  ck_assert (JSON_NODE_HOLDS_OBJECT (node));
  return node;
}

START_TEST (test_members)
{
  g_autoptr (SmearFinding) finding = finding_new ("a \"quoted\"\nname, ü.jpg");
  g_autoptr (JsonNode) node = read_back (finding);
  JsonObject *o = json_node_get_object (node);
  JsonObject *p = json_object_get_object_member (o, "probabilities");

  ck_assert_str_eq (json_object_get_string_member (o, "file"),
                    "a \"quoted\"\nname, ü.jpg");
  ck_assert_str_eq (json_object_get_string_member (o, "class"), "Pre");
  ck_assert_uint_eq (json_object_get_size (p), 4);
  ck_assert_double_eq (json_object_get_double_member (p, "Benign"), 0.125);
  ck_assert_double_eq (json_object_get_double_member (p, "Early"), 0.0625);
  ck_assert_double_eq (json_object_get_double_member (p, "Pre"), 0.75);
  ck_assert_double_eq (json_object_get_double_member (p, "Pro"), 0.0625);
  ck_assert_double_eq (json_object_get_double_member (o, "malignant"), 0.875);
  ck_assert_double_eq (json_object_get_double_member (o, "confidence"), 0.75);
  ck_assert_str_eq (json_object_get_string_member (o, "model"), "made up");
  ck_assert_str_eq (json_object_get_string_member (o, "model_sha256"), "cafe");
  ck_assert_str_eq (json_object_get_string_member (o, "verdict"), "answered");
  ck_assert (json_object_get_boolean_member (o, "research_use_only"));
  ck_assert (!json_object_has_member (o, "quality"));

  JsonArray *region = json_object_get_array_member (o, "region");
  const gint expected[] = { 10, 20, 40, 30 };
  ck_assert_uint_eq (json_array_get_length (region), 4);
  for (guint i = 0; i < 4; i++)
    ck_assert_int_eq (json_array_get_int_element (region, i), expected[i]);
}
END_TEST

START_TEST (test_cells)
{
  g_autoptr (SmearFinding) finding = finding_new ("x");
  g_autoptr (JsonNode) node = read_back (finding);
  JsonArray *cells = json_object_get_array_member (json_node_get_object (node), "cells");
  ck_assert_uint_eq (json_array_get_length (cells), 1);
  JsonObject *cell = json_array_get_object_element (cells, 0);
  ck_assert_int_eq (
      json_array_get_int_element (json_object_get_array_member (cell, "box"), 3), 8);
  ck_assert_double_eq (json_object_get_double_member (cell, "x"), 16.5);
  ck_assert_double_eq (json_object_get_double_member (cell, "y"), 25.25);
  ck_assert_int_eq (json_object_get_int_member (cell, "area"), 50);
  ck_assert (json_object_get_boolean_member (cell, "touches_edge"));
  ck_assert_str_eq (json_object_get_string_member (cell, "class"), "Pro");
}
END_TEST

START_TEST (test_refused)
{
  g_autoptr (SmearFinding) finding = finding_new (NULL);
  finding->klass = SMEAR_CLASS_NONE;
  finding->verdict = SMEAR_VERDICT_NOT_A_SMEAR;
  finding->confidence = NAN;
  finding->has_quality = TRUE;
  finding->quality
      = (SmearQuality){ .too_dark = TRUE, .blurred = TRUE, .reason = "one colour" };
  g_clear_pointer (&finding->cells, g_array_unref);
  g_autoptr (JsonNode) node = read_back (finding);
  JsonObject *o = json_node_get_object (node);

  ck_assert (json_object_get_null_member (o, "file"));
  ck_assert (json_object_get_null_member (o, "class"));
  ck_assert (json_object_get_null_member (o, "confidence")); /* no NaN in JSON */
  ck_assert_str_eq (json_object_get_string_member (o, "verdict"), "not a smear");
  ck_assert_uint_eq (json_array_get_length (json_object_get_array_member (o, "cells")),
                     0);
  JsonArray *warnings = json_object_get_array_member (o, "warnings");
  ck_assert_uint_eq (json_array_get_length (warnings), 3);
  ck_assert_ptr_nonnull (
      strstr (json_array_get_string_element (warnings, 0), "one colour"));
  ck_assert (!json_object_get_boolean_member (
      json_object_get_object_member (o, "quality"), "is_smear"));
}
END_TEST

START_TEST (test_numbers)
{
  /* Seven digits bring every float back that is written so. */
  g_autoptr (GString) text = g_string_new (NULL);
  smear_json_number (text, 0.973f);
  ck_assert_str_eq (text->str, "0.973");
  g_string_truncate (text, 0);
  smear_json_number (text, INFINITY);
  ck_assert_str_eq (text->str, "null");
}
END_TEST

static void
check_title (SmearVerdict verdict, const char *expected)
{
  g_autoptr (SmearFinding) finding = finding_new ("x");
  finding->verdict = verdict;
  g_autofree char *title = smear_finding_title (finding);
  ck_assert_str_eq (title, expected);
}

START_TEST (test_titles)
{
  check_title (SMEAR_VERDICT_ANSWERED, "Pre-B 75.0 %");
  check_title (SMEAR_VERDICT_UNCERTAIN, "uncertain (Pre-B 75.0 %)");
  check_title (SMEAR_VERDICT_NO_LEUKOCYTES, "no leukocytes found");
  check_title (SMEAR_VERDICT_NOT_A_SMEAR, "not a stained smear");
}
END_TEST

START_TEST (test_warnings)
{
  g_autoptr (SmearFinding) finding = finding_new ("x");
  g_auto (GStrv) single = smear_finding_warnings (finding);
  ck_assert_uint_eq (g_strv_length (single), 1); /* one cell is little to go by */
  g_clear_pointer (&finding->cells, g_array_unref);
  g_auto (GStrv) none = smear_finding_warnings (finding);
  ck_assert_uint_eq (g_strv_length (none), 0);
  finding->verdict = SMEAR_VERDICT_UNCERTAIN;
  g_auto (GStrv) uncertain = smear_finding_warnings (finding);
  ck_assert_uint_eq (g_strv_length (uncertain), 1);
}
END_TEST

START_TEST (test_filenames)
{
  const struct
  {
    const char *name, *text;
  } cases[] = { { "plain.jpg", "plain.jpg" },
                { "m\xC3\xBC.jpg", "mü.jpg" },
                { "m\xFC.jpg", "m\\xFC.jpg" },
                { "\xFF", "\\xFF" },
                { "a\xE2\x82", "a\\xE2\\x82" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = smear_text_from_filename (cases[i].name);
      ck_assert_str_eq (text, cases[i].text);
    }
}
END_TEST

int
main (void)
{
  Suite *suite = suite_create ("finding");
  TCase *tests = tcase_create ("finding");
  tcase_add_test (tests, test_members);
  tcase_add_test (tests, test_cells);
  tcase_add_test (tests, test_refused);
  tcase_add_test (tests, test_numbers);
  tcase_add_test (tests, test_titles);
  tcase_add_test (tests, test_warnings);
  tcase_add_test (tests, test_filenames);
  suite_add_tcase (suite, tests);
  return run_suite (suite);
}
