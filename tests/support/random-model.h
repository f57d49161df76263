/* A model that answers, if not well: the published network with values drawn from a seed.
 */
#pragma once

#include "nn/architectures.h"
#include "pipeline/model-file.h"

#include <check.h>

/* Returns: (transfer full): written to @path and loaded from there */
static inline SmearModel *
random_model_new (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) metadata = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                           g_free, g_free);
  g_autoptr (SmearNetwork) net = smear_architecture_new ("published-cnn", 32,
                                                         SMEAR_N_CLASSES, &error);
  ck_assert_msg (net != NULL, "%s", error ? error->message : "");
  smear_network_initialise (net, 7);
  ck_assert_msg (smear_model_write (path, net, metadata, &error), "%s",
                 error ? error->message : "");
  SmearModel *model = smear_model_load (path, &error);
  ck_assert_msg (model != NULL, "%s", error ? error->message : "");
  return model;
}
