#include "gtk/form.h"

#include "core/labels.h"
#include "core/texts.h"
#include "gtk/both.h"

#define SPACING 6

typedef struct
{
  GVariantDict *arguments;
  GtkSizeGroup *labels;
  GHashTable *entries, *rows;
  void (*changed) (gpointer user_data);
  gpointer user_data;
} Form;

static void
note (GtkWidget *widget, GVariant *value)
{
  Form *form = g_object_get_data (G_OBJECT (widget), "smear-form");

  g_variant_dict_insert_value (
      form->arguments, g_object_get_data (G_OBJECT (widget), "smear-name"), value);
  smear_rows_update (form->rows, form->arguments);
  if (form->changed)
    form->changed (form->user_data);
}

static void
on_toggled (GtkToggleButton *button, gpointer user_data)
{
  note (GTK_WIDGET (button),
        g_variant_new_boolean (gtk_toggle_button_get_active (button)));
}

static void
on_scaled (GtkRange *range, gpointer user_data)
{
  note (GTK_WIDGET (range), g_variant_new_double (gtk_range_get_value (range)));
}

static void
on_spun (GtkSpinButton *button, gpointer user_data)
{
  note (GTK_WIDGET (button),
        g_variant_new_int32 (gtk_spin_button_get_value_as_int (button)));
}

static void
on_typed (GtkEditable *entry, gpointer user_data)
{
  note (GTK_WIDGET (entry),
        g_variant_new_string (gtk_entry_get_text (GTK_ENTRY (entry))));
}

static void
on_chosen (GtkComboBox *combo, gpointer names)
{
  char **list = names;
  gint i = gtk_combo_box_get_active (combo);

  if (i >= 0)
    note (GTK_WIDGET (combo), g_variant_new_string (list[i]));
}

static void
bind (Form *form, const SmearArg *arg, GtkWidget *widget, const char *signal,
      GCallback callback, gpointer data)
{
  g_object_set_data (G_OBJECT (widget), "smear-form", form);
  g_object_set_data (G_OBJECT (widget), "smear-name", (gpointer)arg->name);
  g_signal_connect (widget, signal, callback, data);
}

static GtkWidget *
check_new (Form *form, const SmearArg *arg)
{
  GtkWidget *button = smear_check_new (smear_arg_label (arg));
  gboolean on = FALSE;

  g_variant_dict_lookup (form->arguments, arg->name, "b", &on);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), on);
  bind (form, arg, button, "toggled", G_CALLBACK (on_toggled), NULL);
  return button;
}

static GtkWidget *
scale_new (Form *form, const SmearArg *arg)
{
  gdouble span = arg->maximum - arg->minimum, value = arg->fallback;
  GtkWidget *scale = smear_scale_new (arg->minimum, arg->maximum, span / 100);

  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);
  gtk_widget_set_size_request (scale, 180, -1);
  g_variant_dict_lookup (form->arguments, arg->name, "d", &value);
  gtk_range_set_value (GTK_RANGE (scale), value);
  bind (form, arg, scale, "value-changed", G_CALLBACK (on_scaled), NULL);
  return scale;
}

static GtkWidget *
spin_new (Form *form, const SmearArg *arg)
{
  GtkWidget *button = gtk_spin_button_new_with_range (arg->minimum, arg->maximum, 1);
  gint value = (gint)arg->fallback;

  g_variant_dict_lookup (form->arguments, arg->name, "i", &value);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (button), value);
  bind (form, arg, button, "value-changed", G_CALLBACK (on_spun), NULL);
  return button;
}

static GtkWidget *
entry_new (Form *form, const SmearArg *arg)
{
  GtkWidget *entry = gtk_entry_new ();
  const char *text = "";

  g_variant_dict_lookup (form->arguments, arg->name, "&s", &text);
  gtk_entry_set_text (GTK_ENTRY (entry), text);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  bind (form, arg, entry, "changed", G_CALLBACK (on_typed), NULL);
  g_hash_table_insert (form->entries, (gpointer)arg->name, entry);
  return entry;
}

/* @names belongs to the widget afterwards. */
static GtkWidget *
combo_new (Form *form, const SmearArg *arg, char **names)
{
  GtkWidget *combo = gtk_combo_box_text_new ();
  const char *value = "";

  g_variant_dict_lookup (form->arguments, arg->name, "&s", &value);
  for (guint i = 0; names[i]; i++)
    {
      gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (combo),
                                      *names[i] ? smear_choice_label (names[i])
                                                : _ ("Default"));
      if (g_str_equal (names[i], value))
        gtk_combo_box_set_active (GTK_COMBO_BOX (combo), i);
    }
  if (gtk_combo_box_get_active (GTK_COMBO_BOX (combo)) < 0)
    gtk_combo_box_set_active (GTK_COMBO_BOX (combo), 0);
  g_object_set_data_full (G_OBJECT (combo), "smear-names", names,
                          (GDestroyNotify)g_strfreev);
  bind (form, arg, combo, "changed", G_CALLBACK (on_chosen), names);
  return combo;
}

/* The default, the shipped ones, and whatever file was used last. */
static char **
model_names (Form *form, const SmearArg *arg)
{
  g_auto (GStrv) shipped = smear_model_list ();
  GPtrArray *names = g_ptr_array_new ();
  const char *value = "";

  g_ptr_array_add (names, g_strdup (""));
  for (guint i = 0; shipped[i]; i++)
    g_ptr_array_add (names, g_strdup (shipped[i]));
  g_variant_dict_lookup (form->arguments, arg->name, "&s", &value);
  if (*value && !g_strv_contains ((const char *const *)shipped, value))
    g_ptr_array_add (names, g_strdup (value));
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

static GtkWidget *
field_new (Form *form, const SmearArg *arg)
{
  switch (arg->kind)
    {
    case SMEAR_ARG_DOUBLE:
      return scale_new (form, arg);
    case SMEAR_ARG_INT:
      return spin_new (form, arg);
    case SMEAR_ARG_CHOICE:
      return combo_new (form, arg, g_strdupv ((char **)arg->choices));
    default:
      if (g_str_equal (arg->name, "model"))
        return combo_new (form, arg, model_names (form, arg));
      return entry_new (form, arg);
    }
}

static void
add_row (Form *form, GtkWidget *box, const SmearArg *arg)
{
  GtkWidget *row, *field;

  if (arg->kind == SMEAR_ARG_BOOLEAN)
    {
      field = check_new (form, arg);
      g_hash_table_insert (form->rows, (gpointer)arg->name, field);
      gtk_box_pack_start (GTK_BOX (box), field, FALSE, FALSE, 0);
      return;
    }
  field = field_new (form, arg);
  row = smear_row_new (form->labels, smear_arg_label (arg), field);
  g_hash_table_insert (form->rows, (gpointer)arg->name, row);
  gtk_widget_set_tooltip_text (row, _ (arg->title));
  gtk_box_pack_start (GTK_BOX (box), row, FALSE, FALSE, 0);
}

static void
form_free (gpointer data)
{
  Form *form = data;
  g_object_unref (form->labels);
  g_hash_table_unref (form->entries);
  g_hash_table_unref (form->rows);
  g_variant_dict_unref (form->arguments);
  g_free (form);
}

GtkWidget *
smear_form_new (const SmearProcedure *procedure, const SmearScene *scene,
                GVariantDict *arguments, void (*changed) (gpointer user_data),
                gpointer user_data)
{
  g_autoptr (GPtrArray) shown = smear_shown_args (procedure, scene);
  GtkWidget *box = smear_box_new (GTK_ORIENTATION_VERTICAL, SPACING);
  Form *form = g_new0 (Form, 1);

  *form = (Form){ g_variant_dict_ref (arguments),
                  gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL),
                  g_hash_table_new (g_str_hash, g_str_equal),
                  g_hash_table_new (g_str_hash, g_str_equal),
                  changed,
                  user_data };
  g_object_set_data_full (G_OBJECT (box), "smear-form", form, form_free);
  for (guint i = 0; i < shown->len; i++)
    add_row (form, box, shown->pdata[i]);
  smear_rows_update (form->rows, arguments);
  return box;
}

void
smear_form_set_text (GtkWidget *form, const char *name, const char *text)
{
  const Form *self = g_object_get_data (G_OBJECT (form), "smear-form");
  GtkWidget *entry = g_hash_table_lookup (self->entries, name);

  g_return_if_fail (entry != NULL);
  gtk_entry_set_text (GTK_ENTRY (entry), text);
}

GtkSizeGroup *
smear_form_get_labels (GtkWidget *form)
{
  const Form *self = g_object_get_data (G_OBJECT (form), "smear-form");

  return self->labels;
}
