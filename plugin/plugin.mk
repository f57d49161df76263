# The plug-in for whichever GIMP pkg-config finds, both where both are. plugin/core and
# plugin/gtk know neither; plugin/gtk is compiled once for GTK 2 and once for GTK 3.
PLUGIN_CORE_OBJ := $(call objects,plugin/core/*.c)
$(PLUGIN_CORE_OBJ): CPPFLAGS += -Iplugin

gtk_objects = $(patsubst plugin/gtk/%.c,$(BUILD)/plugin/$1/%.o,$(wildcard plugin/gtk/*.c))
define gtk_rule
$(BUILD)/plugin/$1/%.o: plugin/gtk/%.c
	@mkdir -p $$(@D)
	$$(call quiet,cc)$$(CC) -Iplugin $$(patsubst -I%,-isystem %,$$(call pkg,--cflags $2)) $$(CPPFLAGS) $$(CFLAGS) -MMD -MP -c $$< -o $$@
-include $(patsubst plugin/gtk/%.c,$(BUILD)/plugin/$1/%.d,$(wildcard plugin/gtk/*.c))
endef
$(eval $(call gtk_rule,gtk2,gtk+-2.0))
$(eval $(call gtk_rule,gtk3,gtk+-3.0))

plugins: ## the plug-in for every GIMP that is here
install-plugins uninstall-plugins:
.PHONY: plugins install-plugins uninstall-plugins

# Texts and help stand beside the program, so that a plug-in in a user's folder has them too.
plugin_data = $(patsubst plugin/po/%.po,$(BUILD)/$1/smearscope/locale/%/LC_MESSAGES/smearscope.mo,$(wildcard plugin/po/*.po)) \
              $(patsubst plugin/%,$(BUILD)/$1/smearscope/%,$(wildcard plugin/help/*))
define data_rules
$(BUILD)/$1/smearscope/locale/%/LC_MESSAGES/smearscope.mo: plugin/po/%.po
	@mkdir -p $$(@D)
	$$(call quiet,mo)msgfmt --check -o $$@ $$<
$(BUILD)/$1/smearscope/help/%: plugin/help/%
	@mkdir -p $$(@D)
	@cp $$< $$@
endef
$(eval $(call data_rules,gimp2))
$(eval $(call data_rules,gimp3))

# install_plugin: what was built for gimp2 or gimp3, into a folder of its own with the weights.
define install_plugin
install -Dt $2/smearscope $(BUILD)/$1/smearscope/smearscope
cp -R $(BUILD)/$1/smearscope/locale $(BUILD)/$1/smearscope/help $2/smearscope/
install -d $2/smearscope/weights
install -m644 -t $2/smearscope/weights $(wildcard weights/*.safetensors)
endef

include plugin/gimp2/gimp2.mk
include plugin/gimp3/gimp3.mk
