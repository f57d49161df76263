/* What an archive asks of a PDF beyond what cairo writes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SmearArchiveFacts: as the document information says them
 * @author: (nullable)
 * @time: ISO 8601, UTC
 */
typedef struct
{
  const char *title, *author, *subject, *keywords, *creator, *time;
} SmearArchiveFacts;

/**
 * smear_archive_pdf:
 * @pdf: of cairo, version 1.4, with a table of cross references
 *
 * Appends what PDF/A-2b (ISO 19005-2) wants besides embedded fonts: XMP metadata that say
 * the same as the document information, the colours' meaning (an sRGB profile as output
 * intent), and an identifier of the file.
 *
 * Returns: FALSE, with @pdf left as it was, if it is not built as expected
 */
gboolean smear_archive_pdf (GByteArray *pdf, const SmearArchiveFacts *facts);

G_END_DECLS
