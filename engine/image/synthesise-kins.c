/* What the leukocytes of each class look like; sizes and colours as seen on
 * Wright-Giemsa. */
#include "synthesise-private.h"

/* Haematogones: small, dense, smooth, almost no cytoplasm; among them a few maturing
 * cells. */
static const SmearKin benign[] = {
  { .share = 0.72,
    .radius = { 3.2, 4.1 },
    .cytoplasm = { 1.04, 1.16 },
    .nucleus = { 1.05f, 1.95f, 0.40f },
    .plasm = { 0.30f, 0.22f, 0.06f },
    .coarse = 0.8f,
    .contrast = 0.09f,
    .ragged = 0.031f,
    .nucleoli = 0,
    .notch = 0.15 },
  { .share = 0.16,
    .radius = { 4.6, 5.6 },
    .cytoplasm = { 1.22, 1.45 },
    .nucleus = { 0.62f, 1.12f, 0.24f },
    .plasm = { 0.20f, 0.24f, 0.05f },
    .coarse = 0.9f,
    .contrast = 0.23f,
    .ragged = 0.062f,
    .nucleoli = 0,
    .notch = 0.85 },
  { .share = 0.12,
    .radius = { 4.2, 5.2 },
    .cytoplasm = { 1.12, 1.25 },
    .nucleus = { 0.85f, 1.45f, 0.33f },
    .plasm = { 0.42f, 0.33f, 0.08f },
    .coarse = 0.9f,
    .contrast = 0.22f,
    .ragged = 0.050f,
    .nucleoli = 0,
    .notch = 0.3 },
};

static const SmearKin early[] = {
  { .share = 0.8,
    .radius = { 4.6, 5.8 },
    .cytoplasm = { 1.05, 1.16 },
    .nucleus = { 0.74f, 0.94f, 0.21f },
    .plasm = { 0.38f, 0.30f, 0.07f },
    .coarse = 0.35f,
    .contrast = 0.16f,
    .ragged = 0.088f,
    .nucleoli = 2,
    .notch = 0.45 },
  { .share = 0.2,
    .radius = { 3.9, 4.6 },
    .cytoplasm = { 1.04, 1.12 },
    .nucleus = { 0.86f, 1.08f, 0.25f },
    .plasm = { 0.40f, 0.32f, 0.08f },
    .coarse = 0.5f,
    .contrast = 0.16f,
    .ragged = 0.075f,
    .nucleoli = 1,
    .notch = 0.4 },
};

static const SmearKin pre[] = {
  { .share = 0.55,
    .radius = { 4.0, 5.0 },
    .cytoplasm = { 1.05, 1.15 },
    .nucleus = { 0.95f, 1.26f, 0.28f },
    .plasm = { 0.48f, 0.38f, 0.10f },
    .coarse = 0.65f,
    .contrast = 0.19f,
    .ragged = 0.056f,
    .nucleoli = 1,
    .notch = 0.25 },
  { .share = 0.45,
    .radius = { 5.0, 6.6 },
    .cytoplasm = { 1.06, 1.20 },
    .nucleus = { 0.74f, 1.05f, 0.22f },
    .plasm = { 0.50f, 0.38f, 0.10f },
    .coarse = 0.5f,
    .contrast = 0.19f,
    .ragged = 0.062f,
    .nucleoli = 3,
    .notch = 0.25 },
};

static const SmearKin pro[] = {
  { .share = 1,
    .radius = { 4.7, 6.2 },
    .cytoplasm = { 1.03, 1.12 },
    .nucleus = { 0.17f, 0.80f, 0.13f },
    .plasm = { 0.20f, 0.17f, 0.02f },
    .coarse = 0.2f,
    .contrast = 0.09f,
    .ragged = 0.056f,
    .nucleoli = 2,
    .notch = 0.2 },
};

static const struct
{
  const SmearKin *kins;
  gint n_kins;
  gdouble density;
} classes[SMEAR_N_CLASSES] = {
  [SMEAR_CLASS_BENIGN] = { benign, G_N_ELEMENTS (benign), 0.15 },
  [SMEAR_CLASS_EARLY] = { early, G_N_ELEMENTS (early), 0.17 },
  [SMEAR_CLASS_PRE] = { pre, G_N_ELEMENTS (pre), 0.42 },
  [SMEAR_CLASS_PRO] = { pro, G_N_ELEMENTS (pro), 0.10 },
};

const SmearKin *
smear_class_kins (SmearClass klass, gint *n_kins, gdouble *density)
{
  if (klass == SMEAR_CLASS_NONE)
    {
      *n_kins = 0;
      *density = 0;
      return NULL;
    }
  *n_kins = classes[klass].n_kins;
  *density = classes[klass].density;
  return classes[klass].kins;
}
