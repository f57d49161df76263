#include "records/report-archive.h"

#include <cairo.h>
#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY_LENGTH 20 /* of a line of the table of cross references */
#define TAIL_LENGTH 256 /* holds the trailer, and before it nothing but that table */

/* Numbers of the objects that are there, and of the first one that is added. */
typedef struct
{
  gsize table;
  guint size, root, info;
} Trailer;

typedef struct
{
  GByteArray *pdf;
  GString *table;
} Update;

static guint
number_after (const char *text, const char *name)
{
  const char *at = strstr (text, name);

  return at ? (guint)strtoul (at + strlen (name), NULL, 10) : 0;
}

/* @text ends in a zero byte after the PDF's own. */
static gboolean
read_trailer (const char *text, gsize length, Trailer *trailer)
{
  const char *tail = text + (length > TAIL_LENGTH ? length - TAIL_LENGTH : 0);
  const char *start = strstr (tail, "startxref"), *dictionary = strstr (tail, "trailer");

  if (!start || !dictionary)
    return FALSE;
  *trailer = (Trailer){ .table = strtoul (start + strlen ("startxref"), NULL, 10),
                        .size = number_after (dictionary, "/Size "),
                        .root = number_after (dictionary, "/Root "),
                        .info = number_after (dictionary, "/Info ") };
  return trailer->table + strlen ("xref") < length
         && g_str_has_prefix (text + trailer->table, "xref") && trailer->root > 0
         && trailer->info > 0 && trailer->size > trailer->root;
}

/* The dictionary of object @number, without the brackets around it. */
static char *
read_object (const char *text, gsize length, const Trailer *trailer, guint number)
{
  const char *entries = strchr (text + trailer->table + strlen ("xref\n"), '\n');
  gsize entry = entries ? (gsize)(entries + 1 - text) + (gsize)number * ENTRY_LENGTH
                        : length;
  gsize offset = entry < length ? strtoul (text + entry, NULL, 10) : length;
  const char *from = offset < length ? strstr (text + offset, "<<") : NULL;
  const char *to = from ? strstr (from, "endobj") : NULL;

  while (to && to > from && !g_str_has_prefix (to, ">>"))
    to--;
  return to && to > from ? g_strndup (from + 2, to - from - 2) : NULL;
}

static void
append (GByteArray *pdf, const char *text)
{
  g_byte_array_append (pdf, (const guint8 *)text, strlen (text));
}

static void
begin_object (Update *update, guint number)
{
  g_autofree char *head = g_strdup_printf ("%u 0 obj\n", number);

  g_string_append_printf (update->table, "%u 1\n%010u 00000 n \n", number,
                          update->pdf->len);
  append (update->pdf, head);
}

static void
add_stream (Update *update, guint number, const char *dictionary, const void *data,
            gsize length)
{
  g_autofree char *head = g_strdup_printf (
      "<< %s /Length %" G_GSIZE_FORMAT " >>\nstream\n", dictionary, length);

  begin_object (update, number);
  append (update->pdf, head);
  g_byte_array_append (update->pdf, data, length);
  append (update->pdf, "\nendstream\nendobj\n");
}

static GByteArray *
srgb_profile (void)
{
  cmsHPROFILE profile = cmsCreate_sRGBProfile ();
  GByteArray *bytes = g_byte_array_new ();
  cmsUInt32Number length = 0;

  cmsSetProfileVersion (profile, 2.1);
  if (cmsSaveProfileToMem (profile, NULL, &length))
    {
      g_byte_array_set_size (bytes, length);
      cmsSaveProfileToMem (profile, bytes->data, &length);
    }
  cmsCloseProfile (profile);
  return bytes;
}

static char *
xmp (const SmearArchiveFacts *facts)
{
  g_autofree char *author = facts->author ? g_markup_printf_escaped (
                                "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq>"
                                "</dc:creator>\n",
                                facts->author)
                                          : g_strdup ("");
  g_autofree char *body = g_markup_printf_escaped (
      "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt>"
      "</dc:title>\n"
      "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt>"
      "</dc:description>\n"
      "<pdf:Keywords>%s</pdf:Keywords>\n"
      "<pdf:Producer>cairo %s (https://cairographics.org)</pdf:Producer>\n"
      "<xmp:CreatorTool>%s</xmp:CreatorTool>\n"
      "<xmp:CreateDate>%s</xmp:CreateDate>\n",
      facts->title, facts->subject, facts->keywords, cairo_version_string (),
      facts->creator, facts->time);

  return g_strconcat (
      "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
      " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n"
      " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
      " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
      "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n",
      body, author, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>",
      NULL);
}

static void
add_output_intent (Update *update, guint number, guint profile)
{
  g_autofree char *intent = g_strdup_printf (
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) "
      "/Info (sRGB IEC61966-2.1) /DestOutputProfile %u 0 R >>\nendobj\n",
      profile);

  begin_object (update, number);
  append (update->pdf, intent);
}

/* cairo numbers the letters of a subset as the font does, and leaves it unsaid. */
static void
say_letters (Update *update, const char *text, gsize length, const Trailer *trailer)
{
  for (guint number = 1; number < trailer->size; number++)
    {
      g_autofree char *font = read_object (text, length, trailer, number);
      g_autofree char *whole = NULL;

      if (!font || !strstr (font, "/CIDFontType2") || strstr (font, "/CIDToGIDMap"))
        continue;
      whole = g_strdup_printf ("<<%s /CIDToGIDMap /Identity >>\nendobj\n", font);
      begin_object (update, number);
      append (update->pdf, whole);
    }
}

static void
end_update (Update *update, const Trailer *trailer, guint size, const char *digest)
{
  gsize table = update->pdf->len;
  g_autofree char *end = g_strdup_printf (
      "xref\n0 1\n0000000000 65535 f \n%strailer\n<< /Size %u /Root %u 0 R /Info %u 0 R\n"
      "   /Prev %" G_GSIZE_FORMAT
      " /ID [ <%.32s> <%.32s> ] >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
      update->table->str, size, trailer->root, trailer->info, trailer->table, digest,
      digest, table);

  append (update->pdf, end);
}

gboolean
smear_archive_pdf (GByteArray *pdf, const SmearArchiveFacts *facts)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, pdf->data,
                                                         pdf->len);
  g_autofree char *text = g_malloc (pdf->len + 1);
  g_autofree char *catalogue = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *metadata = xmp (facts);
  g_autoptr (GByteArray) profile = srgb_profile ();
  g_autoptr (GString) table = g_string_new (NULL);
  Update update = { pdf, table };
  gsize length = pdf->len;
  Trailer trailer;

  memcpy (text, pdf->data, length);
  text[length] = '\0';
  if (!read_trailer (text, length, &trailer))
    return FALSE;
  catalogue = read_object (text, length, &trailer, trailer.root);
  if (!catalogue || profile->len == 0)
    return FALSE;
  begin_object (&update, trailer.root);
  whole = g_strdup_printf ("<<%s /Metadata %u 0 R /OutputIntents [ %u 0 R ] >>\nendobj\n",
                           catalogue, trailer.size, trailer.size + 1);
  append (pdf, whole);
  add_stream (&update, trailer.size, "/Type /Metadata /Subtype /XML", metadata,
              strlen (metadata));
  add_output_intent (&update, trailer.size + 1, trailer.size + 2);
  add_stream (&update, trailer.size + 2, "/N 3", profile->data, profile->len);
  say_letters (&update, text, length, &trailer);
  end_update (&update, &trailer, trailer.size + 3, digest);
  return TRUE;
}
