# The plug-in for whichever GIMP pkg-config finds, both where both are. plugin/core and
# plugin/gtk know neither; plugin/gtk is compiled once for GTK 2 and once for GTK 3.
PLUGIN_CORE_OBJ := $(call objects,plugin/core/*.c)
$(PLUGIN_CORE_OBJ): CPPFLAGS += -Iplugin \
  -DSMEAR_LOCALE_DIR='"$(patsubst $(HOME)/.local,/usr,$(prefix))/share/locale"'

gtk_objects = $(patsubst plugin/gtk/%.c,$(BUILD)/plugin/$1/%.o,$(wildcard plugin/gtk/*.c))
define gtk_rule
$(BUILD)/plugin/$1/%.o: plugin/gtk/%.c
	@mkdir -p $$(@D)
	$$(CC) -Iplugin $$(patsubst -I%,-isystem %,$$(call pkg,--cflags $2)) $$(CPPFLAGS) $$(CFLAGS) -MMD -MP -c $$< -o $$@
-include $(patsubst plugin/gtk/%.c,$(BUILD)/plugin/$1/%.d,$(wildcard plugin/gtk/*.c))
endef
$(eval $(call gtk_rule,gtk2,gtk+-2.0))
$(eval $(call gtk_rule,gtk3,gtk+-3.0))

# Catalogues stand beside the program, so that a plug-in in a user's folder has them too.
PLUGIN_LANGUAGES := $(patsubst plugin/po/%.po,%,$(wildcard plugin/po/*.po))
PLUGIN_MO        := $(PLUGIN_LANGUAGES:%=$(BUILD)/locale/%/LC_MESSAGES/smearscope.mo)
$(BUILD)/locale/%/LC_MESSAGES/smearscope.mo: plugin/po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

plugins: $(PLUGIN_MO) ## the plug-in for every GIMP that is here
install-plugins uninstall-plugins:
.PHONY: plugins install-plugins uninstall-plugins

# plugin_files: folder of the program in the build tree, folder to install to.
define install_plugin
install -Dt $2 $1/smearscope
install -d $2/weights
install -m644 -t $2/weights $(wildcard weights/*)
for l in $(PLUGIN_LANGUAGES); do install -Dm644 -t $2/locale/$$l/LC_MESSAGES $(BUILD)/locale/$$l/LC_MESSAGES/smearscope.mo; done
endef

include plugin/gimp2/gimp2.mk
include plugin/gimp3/gimp3.mk
