/* Texts for people, translated. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SMEAR_DOMAIN: the gettext domain. */
#define SMEAR_DOMAIN "smearscope"

#define _(text) smear_text (text)
#define N_(text) (text)

/** smear_text: @text in the user's language, from a catalogue beside the program or
 * installed. */
const char *smear_text (const char *text) G_GNUC_FORMAT (1);
/** smear_text_n: the one of two forms, or of a language's many, that fits @n. */
const char *smear_text_n (const char *one, const char *many, gulong n) G_GNUC_FORMAT (1)
    G_GNUC_FORMAT (2);
/** smear_text_folder: where the catalogues are; an adapter tells its GIMP. */
const char *smear_text_folder (void);

G_END_DECLS
