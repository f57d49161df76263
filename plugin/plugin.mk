# The plug-in for whichever GIMP pkg-config finds, both where both are.
PLUGIN_CORE_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard plugin/core/*.c))
$(PLUGIN_CORE_OBJ): CPPFLAGS += -Iplugin

plugins:
.PHONY: plugins

include plugin/gimp3/gimp3.mk
