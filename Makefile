# Smearscope. Everything built lands in build/; `make help` lists the goals.

BUILD  ?= build
prefix ?= $(HOME)/.local
CC     ?= gcc
OPT    ?= -O2 -g
WARN   := -Wall -Wextra -Wno-unused-parameter $(if $(CI),-Werror)
PKGS   := gio-2.0 gio-unix-2.0 json-glib-1.0 libtiff-4 libjpeg libpng sqlite3 cairo pangocairo
SAN    := $(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
comma  := ,

# Packages come first: the first make on a bare machine has to be able to read the rest.
ifneq ($(filter-out clean help lint-format uninstall,$(or $(MAKECMDGOALS),all)),)
  ifneq ($(shell pkg-config --exists $(PKGS) check 2>/dev/null && echo yes),yes)
    $(info Smearscope: installing what is missing …)
    ifneq ($(shell packaging/install-deps 1>&2 && echo yes),yes)
      $(error packages are missing: run packaging/install-deps as root, then make again)
    endif
  endif
endif

CPPFLAGS += -Iinclude -Iengine -D_GNU_SOURCE $(shell pkg-config --cflags $(PKGS))
CFLAGS   += -std=gnu11 $(OPT) $(WARN) $(SAN) -fPIC -fvisibility=hidden -pthread -ffp-contract=off
LDLIBS   += $(shell pkg-config --libs $(PKGS)) -lm
LDFLAGS  += $(SAN) -pthread

# Kernels for one instruction set stand in files named after it; everything else is baseline.
isa_flags = $(if $(findstring -avx2.c,$1),-mavx2 -mfma -O3) \
            $(if $(findstring -avx512.c,$1),-mavx512f -mavx512bw -mavx512vl -mavx512dq -mfma -O3 -mprefer-vector-width=512) \
            $(if $(findstring -amx.c,$1),-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512bf16 -mamx-tile -mamx-bf16 -O3 -mprefer-vector-width=512)

ENGINE_SRC := $(filter-out engine/cli/%,$(wildcard engine/*/*.c))
CLI_SRC    := $(wildcard engine/cli/*.c)
ENGINE_OBJ := $(ENGINE_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ    := $(CLI_SRC:%.c=$(BUILD)/%.o)
TEST_SRC   := $(wildcard tests/*/test-*.c)
TEST_BIN   := $(TEST_SRC:%.c=$(BUILD)/%)

all: $(BUILD)/smearscope $(BUILD)/libsmearscope.so plugins

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(call isa_flags,$<) -MMD -MP -c $< -o $@

$(BUILD)/libsmearscope.a: $(ENGINE_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/libsmearscope.so: $(ENGINE_OBJ)
	$(CC) -shared $(LDFLAGS) $^ $(LDLIBS) -o $@

$(BUILD)/smearscope: $(CLI_OBJ) $(BUILD)/libsmearscope.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(BUILD)/tests/%: tests/%.c $(BUILD)/libsmearscope.a $(wildcard tests/support/*.h)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(shell pkg-config --cflags check) $(CFLAGS) $< $(BUILD)/libsmearscope.a \
	  $(LDFLAGS) $(LDLIBS) $(shell pkg-config --libs check) -o $@

include plugin/plugin.mk

test-unit: $(TEST_BIN) $(BUILD)/smearscope
	BUILD=$(BUILD) tests/run unit

test: all test-unit
	BUILD=$(BUILD) tests/run end-to-end

asan:
	$(MAKE) BUILD=$(BUILD)/asan SANITIZE=1 OPT="-O1 -g" test-unit

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -xdev -name gimp3-root -prune -o -type f -name '*.d' -print 2>/dev/null)
.PHONY: all test test-unit asan clean plugins
