# The plug-in for GIMP 3, wherever pkg-config finds one. GIMP 3 loads only NAME/NAME.
GIMP3_VERSION := $(call pkg,--silence-errors --modversion gimp-3.0 gimpui-3.0)
ifneq ($(GIMP3_VERSION),)

GIMP3_BIN := $(BUILD)/gimp3/smearscope/smearscope
GIMP3_OBJ := $(call objects,plugin/gimp3/*.c)
GTK3_OBJ  := $(call gtk_objects,gtk3)

# GIMP's own headers do not pass -Wextra.
$(GIMP3_OBJ): CPPFLAGS += -Iplugin \
  $(patsubst -I%,-isystem %,$(call pkg,--cflags gimp-3.0 gimpui-3.0))
$(GIMP3_BIN): LDLIBS += $(call pkg,--libs gimp-3.0 gimpui-3.0)
$(GIMP3_BIN): $(GIMP3_OBJ) $(GTK3_OBJ) $(PLUGIN_CORE_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(call quiet,ld)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# A prefix at home means the user's own plug-ins, any other one everybody's.
GIMP3_USER    := $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/GIMP/$(basename $(firstword $(GIMP3_VERSION)))
GIMP3_SCRIPTS ?= $(if $(filter $(HOME)/%,$(prefix)),$(GIMP3_USER),$(call pkg,--variable=gimpdatadir gimp-3.0))/scripts
GIMP3_PLUGINS ?= $(if $(filter $(HOME)/%,$(prefix)),$(GIMP3_USER),$(call pkg,--variable=gimplibdir gimp-3.0))/plug-ins

plugins: $(GIMP3_BIN) $(call plugin_data,gimp3)
install-plugins: install-gimp3
uninstall-plugins: uninstall-gimp3
install-gimp3: $(GIMP3_BIN) $(call plugin_data,gimp3)
	$(call install_plugin,gimp3,$(DESTDIR)$(GIMP3_PLUGINS))
	install -Dm644 -t $(DESTDIR)$(GIMP3_SCRIPTS) scripts/gimp3/smearscope-batch.scm \
	  scripts/smearscope-batch-menu.scm
uninstall-gimp3:
	rm -rf $(DESTDIR)$(GIMP3_PLUGINS)/smearscope
	rm -f $(DESTDIR)$(GIMP3_SCRIPTS)/smearscope-batch.scm \
	  $(DESTDIR)$(GIMP3_SCRIPTS)/smearscope-batch-menu.scm
.PHONY: install-gimp3 uninstall-gimp3

-include $(GIMP3_OBJ:.o=.d)
endif
