# The plug-in for GIMP 3, wherever pkg-config finds one. GIMP 3 loads only NAME/NAME.
ifeq ($(shell pkg-config --exists gimp-3.0 gimpui-3.0 2>/dev/null && echo yes),yes)

GIMP3_BIN := $(BUILD)/gimp3/smearscope/smearscope
GIMP3_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard plugin/gimp3/*.c))
GIMP3_DIR  = $(shell pkg-config --variable=gimplibdir gimp-3.0)/plug-ins/smearscope

# GIMP's own headers do not pass -Wextra.
$(GIMP3_OBJ): CPPFLAGS += -Iplugin \
  $(patsubst -I%,-isystem %,$(shell pkg-config --cflags gimp-3.0 gimpui-3.0))

$(GIMP3_BIN): $(GIMP3_OBJ) $(PLUGIN_CORE_OBJ) $(BUILD)/libsmearscope.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) $(shell pkg-config --libs gimp-3.0 gimpui-3.0) -o $@

plugins: $(GIMP3_BIN)

# For everyone; without root: make install-gimp3 GIMP3_DIR=~/.config/GIMP/3.0/plug-ins/smearscope
install-gimp3: $(GIMP3_BIN)
	install -D -m 755 $(GIMP3_BIN) $(DESTDIR)$(GIMP3_DIR)/smearscope
uninstall-gimp3:
	rm -rf $(DESTDIR)$(GIMP3_DIR)
.PHONY: install-gimp3 uninstall-gimp3

endif
