# The plug-in for GIMP 2.10, where pkg-config finds it.
GIMP2_VERSION := $(call pkg,--silence-errors --modversion gimp-2.0 gimpui-2.0)
ifneq ($(GIMP2_VERSION),)

GIMP2_BIN := $(BUILD)/gimp2/smearscope/smearscope
GIMP2_OBJ := $(call objects,plugin/gimp2/*.c)
GTK2_OBJ  := $(call gtk_objects,gtk2)

# GIMP's own headers do not pass -Wextra.
$(GIMP2_OBJ): CPPFLAGS += -Iplugin \
  $(patsubst -I%,-isystem %,$(call pkg,--cflags gimp-2.0 gimpui-2.0))
$(GIMP2_BIN): LDLIBS += $(call pkg,--libs gimp-2.0 gimpui-2.0)
$(GIMP2_BIN): $(GIMP2_OBJ) $(GTK2_OBJ) $(PLUGIN_CORE_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(call quiet,ld)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# A prefix at home means the user's own folder, any other one everybody's.
GIMP2_HOME    := $(or $(XDG_CONFIG_HOME),$(HOME)/.config)/GIMP/2.10
GIMP2_PLUGINS ?= $(if $(filter $(HOME)/%,$(prefix)),$(GIMP2_HOME),$(call pkg,--variable=gimplibdir gimp-2.0))/plug-ins
GIMP2_SCRIPTS ?= $(if $(filter $(HOME)/%,$(prefix)),$(GIMP2_HOME),$(call pkg,--variable=gimpdatadir gimp-2.0))/scripts

plugins: $(GIMP2_BIN) $(call plugin_data,gimp2)
install-plugins: install-gimp2
uninstall-plugins: uninstall-gimp2
install-gimp2: $(GIMP2_BIN) $(call plugin_data,gimp2)
	$(call install_plugin,gimp2,$(DESTDIR)$(GIMP2_PLUGINS))
	install -Dm644 -t $(DESTDIR)$(GIMP2_SCRIPTS) scripts/gimp2/smearscope-batch.scm \
	  scripts/smearscope-batch-menu.scm
uninstall-gimp2:
	rm -rf $(DESTDIR)$(GIMP2_PLUGINS)/smearscope
	rm -f $(DESTDIR)$(GIMP2_SCRIPTS)/smearscope-batch.scm \
	  $(DESTDIR)$(GIMP2_SCRIPTS)/smearscope-batch-menu.scm
.PHONY: install-gimp2 uninstall-gimp2

endif
