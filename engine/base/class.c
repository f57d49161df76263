#include <smearscope/class.h>

static const char *const names[] = { "Benign", "Early", "Pre", "Pro" };
static const char *const titles[] = { "Benign", "Early Pre-B", "Pre-B", "Pro-B" };

const char *
smear_class_name (SmearClass klass)
{
  return klass >= 0 && klass < SMEAR_N_CLASSES ? names[klass] : "none";
}

const char *
smear_class_title (SmearClass klass)
{
  return klass >= 0 && klass < SMEAR_N_CLASSES ? titles[klass] : "none";
}

SmearClass
smear_class_from_name (const char *name)
{
  g_return_val_if_fail (name != NULL, SMEAR_CLASS_NONE);
  for (gint i = 0; i < SMEAR_N_CLASSES; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0
        || g_ascii_strcasecmp (name, titles[i]) == 0)
      return i;
  return SMEAR_CLASS_NONE;
}

void
smear_class_rgb (SmearClass klass, guint8 rgb[3])
{
  static const guint8 colours[][3] = { { 0, 158, 115 },
                                       { 240, 228, 66 },
                                       { 230, 159, 0 },
                                       { 204, 121, 167 },
                                       { 86, 180, 233 } };
  const guint8 *colour
      = colours[klass >= 0 && klass < SMEAR_N_CLASSES ? klass : SMEAR_N_CLASSES];
  rgb[0] = colour[0];
  rgb[1] = colour[1];
  rgb[2] = colour[2];
}
