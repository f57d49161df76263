#include "train/training-state.h"

static gfloat **
tables_new (const SmearNetwork *net)
{
  gfloat **tables = g_new (gfloat *, net->parameters->len);

  for (guint i = 0; i < net->parameters->len; i++)
    tables[i] = g_new0 (gfloat, smear_network_parameter (net, i)->n);
  return tables;
}

static void
tables_free (gfloat **tables, const SmearNetwork *net)
{
  for (guint i = 0; i < net->parameters->len; i++)
    g_free (tables[i]);
  g_free (tables);
}

void
smear_training_state_init (SmearTrainingState *state, const SmearNetwork *net,
                           char *recipe)
{
  *state = (SmearTrainingState){ .first = tables_new (net),
                                 .second = tables_new (net),
                                 .mean = tables_new (net),
                                 .recipe = recipe };
}

void
smear_training_state_clear (SmearTrainingState *state, const SmearNetwork *net)
{
  tables_free (state->first, net);
  tables_free (state->second, net);
  tables_free (state->mean, net);
  g_free (state->recipe);
}

void
smear_training_state_average (SmearTrainingState *state, const SmearNetwork *net)
{
  gfloat share = 1.0f / ++state->n_mean;

  for (guint i = 0; i < net->parameters->len; i++)
    {
      const SmearParameter *p = smear_network_parameter (net, i);
      for (gsize j = 0; j < p->n; j++)
        state->mean[i][j] += share * (p->values[j] - state->mean[i][j]);
    }
}

void
smear_training_state_swap (SmearTrainingState *state, SmearNetwork *net)
{
  for (guint i = 0; i < net->parameters->len; i++)
    {
      SmearParameter *p = smear_network_parameter (net, i);
      for (gsize j = 0; p->trained && j < p->n; j++)
        {
          gfloat value = p->values[j];
          p->values[j] = state->mean[i][j];
          state->mean[i][j] = value;
        }
    }
}
