# Smearscope. Everything built lands in $(BUILD); `make help` lists the goals.

BUILD    ?= build
prefix   ?= $(HOME)/.local
OPT      ?= -O3 -g
SANITIZE ?=
WARN     := -Wall -Wextra -Wno-unused-parameter -Wno-unknown-pragmas -Wno-missing-field-initializers $(if $(CI),-Werror)
PKGS     := gio-2.0 gio-unix-2.0 json-glib-1.0 libtiff-4 libjpeg libpng sqlite3 cairo pangocairo \
            libsodium libsecret-1 lcms2
VERSION  := $(shell sed -n 's/.*SMEARSCOPE_VERSION "\(.*\)"/\1/p' include/smearscope/smearscope.h)

all: ## the command, the library and the plug-ins

dry := $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))

# Every core works unless -j says otherwise; nothing is built while `clean` removes it.
ifeq ($(MAKELEVEL),0)
  MAKEFLAGS += -j$(shell nproc)
endif
ifneq ($(filter clean,$(MAKECMDGOALS)),)
  .NOTPARALLEL:
endif

# Packages come first: a bare machine has not even the pkg-config that the next lines ask.
goals  := $(filter-out clean help,$(or $(MAKECMDGOALS),all))
groups := $(if $(filter-out uninstall,$(goals)),build) $(if $(filter test test-% lint asan valgrind fuzz everything,$(goals)),test) \
          $(if $(filter test-gimp3,$(goals)),gimp3) $(if $(filter bench bench-%,$(goals)),test bench)
ifneq ($(strip $(groups)),)
  ifeq ($(MAKELEVEL)$(dry),0)
    ifneq ($(shell packaging/install-deps $(groups) 1>&2 && echo ready),ready)
      $(error packages are missing, see above)
    endif
  endif
endif
pkg = $(if $(goals),$(shell pkg-config $1))
ifneq ($(call pkg,--modversion openslide 2>/dev/null),)
  PKGS     += openslide
  CPPFLAGS += -DSMEAR_OPENSLIDE
endif

SAN := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
CPPFLAGS := -Iinclude -Iengine -D_GNU_SOURCE $(call pkg,--cflags $(PKGS)) $(CPPFLAGS)
CFLAGS   := -std=gnu11 $(OPT) $(WARN) $(SAN) -fPIC -fno-semantic-interposition \
            -pthread -ffp-contract=off $(CFLAGS)
LDFLAGS  := $(SAN) -pthread -Wl,--as-needed $(LDFLAGS)
LDLIBS   := $(call pkg,--libs $(PKGS)) -lm $(LDLIBS)

# Kernels for one instruction set stand in files named after it; everything else is baseline.
avx512    := -mavx512f -mavx512bw -mavx512vl -mavx512dq -mfma
isa_flags  = $(if $(findstring -portable.c,$1),-O3) \
             $(if $(findstring -avx2.c,$1),-mavx2 -mfma -O3) \
             $(if $(findstring -avx512.c,$1),$(avx512) -O3 -mprefer-vector-width=512) \
             $(if $(findstring -vnni.c,$1),$(avx512) -mavx512vnni -O3 -mprefer-vector-width=512) \
             $(if $(findstring -amx.c,$1),$(avx512) -mavx512bf16 -mamx-tile -mamx-bf16 -O3 -mprefer-vector-width=512)

# One short line a file; V=1 shows whole commands.
quiet = $(if $(V),,@echo '  $1 $@';)

objects     = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $1))
ENGINE_OBJ := $(filter-out $(BUILD)/engine/cli/%,$(call objects,engine/*/*.c))
CLI_OBJ    := $(call objects,engine/cli/*.c)
SUPPORT    := $(call objects,tests/support/*.c)
programs    = $(patsubst %.c,$(BUILD)/%,$(wildcard $1))
TEST_BIN   := $(call programs,tests/*/test-*.c)
FUZZ_BIN   := $(call programs,tests/fuzz/fuzz-*.c)
TOOL_BIN   := $(call programs,tests/tools/*.c tests/bench/bench-*.c)
LIB        := $(BUILD)/libsmearscope.a

all: $(BUILD)/smearscope $(LIB) $(BUILD)/libsmearscope.so plugins

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) $(CFLAGS) $(call isa_flags,$<) -MMD -MP -c $< -o $@

$(LIB): $(ENGINE_OBJ)
	@rm -f $@
	$(call quiet,ar)ar rcs $@ $^

# What the public headers declare is what the shared library exports.
$(BUILD)/smearscope.map: $(wildcard include/smearscope/*.h)
	@mkdir -p $(@D)
	@{ echo '{ global:'; sed -n 's/^[A-Za-z].*\b\(smear_[a-z0-9_]*\) (.*/\1;/p' $^; echo 'local: *; };'; } > $@

$(BUILD)/libsmearscope.so: $(ENGINE_OBJ) $(BUILD)/smearscope.map
	$(call quiet,ld)$(CC) -shared -Wl,-soname,libsmearscope.so.0 -Wl,--version-script=$(BUILD)/smearscope.map \
	  $(LDFLAGS) $(ENGINE_OBJ) $(LDLIBS) -o $@

$(BUILD)/smearscope: $(CLI_OBJ) $(LIB)
	$(call quiet,ld)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(TEST_BIN) $(BUILD)/tests/bench/bench-history: LDLIBS += $(call pkg,--libs check)
$(FUZZ_BIN): LDFLAGS += -fsanitize=fuzzer
$(TEST_BIN) $(FUZZ_BIN) $(TOOL_BIN): $(BUILD)/tests/%: tests/%.c $(SUPPORT) $(LIB)
	@mkdir -p $(@D)
	$(call quiet,cc)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -MT $@ -MF $@.d $< $(SUPPORT) $(LIB) \
	  $(LDFLAGS) $(LDLIBS) -o $@

include plugin/plugin.mk

.PHONY: all everything fuzzers demo test test-unit test-long test-gimp3 lint asan valgrind fuzz \
        bench bench-quick bench-scan bench-batch bench-history \
        install install-plugins uninstall uninstall-plugins clean help

everything: all $(TEST_BIN) $(TOOL_BIN)
fuzzers: $(FUZZ_BIN) $(BUILD)/smearscope

demo: all ## the whole chain on synthetic smears: GIMP, table, heat maps
	@BUILD=$(BUILD) scripts/demo

test: everything ## every test but those in GIMP 3
	@BUILD=$(BUILD) tests/run

test-unit: $(TEST_BIN) ## the tests in C alone
	@BUILD=$(BUILD) tests/run unit

test-gimp3: all ## the tests in GIMP 3, in a chroot where this machine has only 2.10
	BUILD=$(BUILD) tests/gimp3/run || [ $$? = 77 ]

lint: ## format, static checks, both compilers without warnings
	BUILD=$(BUILD) scripts/lint
	$(MAKE) CI=true CC=clang OPT=-O0 BUILD=$(BUILD)/clang everything

asan: ## the tests under address and undefined-behaviour sanitizers
	LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/lsan.supp:print_suppressions=0 \
	$(MAKE) BUILD=$(BUILD)/asan SANITIZE=address,undefined OPT="-O1 -g" test

test-long: all ## killed a hundred times, scans and batches end as if nothing had happened
	@KILLS=100 BUILD=$(BUILD) tests/run tests/scan/test-scan.sh tests/cli/test-resume.sh

valgrind: $(TEST_BIN) ## the tests in C under Valgrind
	@BUILD=$(BUILD) tests/run valgrind

fuzz: ## hostile input, FUZZ_SECONDS (60) for each format
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined OPT="-O1 -g" fuzzers
	BUILD=$(BUILD)/fuzz tests/fuzz/run

bench: everything ## side by side with the rivals, as a table and as bench.json
	BUILD=$(BUILD) tests/bench/run

bench-quick: everything ## the first two rows of it
	BUILD=$(BUILD) tests/bench/run --quick

bench-scan: everything ## a drawn scan of 60,000 x 60,000 pixels swept: speed, memory, cells found
	BUILD=$(BUILD) tests/bench/scan

bench-batch: all ## ten thousand files in one batch: memory, order, killed and resumed
	BUILD=$(BUILD) SMEARSCOPE_WEIGHTS=$(CURDIR)/weights tests/bench/batch

bench-history: $(BUILD)/tests/bench/bench-history ## searches of a history of 100,000 findings
	$<

data := $(DESTDIR)$(prefix)/share
install: all install-plugins ## into prefix (~/.local) and GIMP's plug-in folders
	install -Dt $(DESTDIR)$(prefix)/bin $(BUILD)/smearscope scripts/smearscope-batch
	install -Dm644 -t $(DESTDIR)$(prefix)/lib $(LIB)
	install -Dm644 $(BUILD)/libsmearscope.so $(DESTDIR)$(prefix)/lib/libsmearscope.so.0
	ln -sf libsmearscope.so.0 $(DESTDIR)$(prefix)/lib/libsmearscope.so
	install -Dm644 -t $(DESTDIR)$(prefix)/include/smearscope include/smearscope/*.h
	install -Dm644 -t $(data)/smearscope/weights $(wildcard weights/*.safetensors weights/*.md)
	install -Dt $(data)/smearscope/scripts scripts/compare-features scripts/plot-comparison
	install -Dt $(data)/smearscope/slurm packaging/slurm/smearscope-slurm
	install -m644 -t $(data)/smearscope/slurm packaging/slurm/*.sbatch
	ln -sf ../share/smearscope/slurm/smearscope-slurm $(DESTDIR)$(prefix)/bin/
	install -Dm644 -t $(data)/metainfo packaging/*.metainfo.xml
	install -Dm644 -t $(data)/doc/smearscope README.md LICENSE
	install -d $(DESTDIR)$(prefix)/lib/pkgconfig
	sed 's|@prefix@|$(prefix)|; s|@version@|$(VERSION)|; s|@packages@|$(PKGS)|' packaging/smearscope.pc.in \
	  > $(DESTDIR)$(prefix)/lib/pkgconfig/smearscope.pc

uninstall: uninstall-plugins ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(prefix)/bin/,smearscope smearscope-batch smearscope-slurm) \
	  $(DESTDIR)$(prefix)/lib/libsmearscope.* \
	  $(DESTDIR)$(prefix)/lib/pkgconfig/smearscope.pc $(data)/metainfo/*.Smearscope.metainfo.xml
	rm -rf $(DESTDIR)$(prefix)/include/smearscope $(data)/smearscope $(data)/doc/smearscope

clean: ## remove everything built
	@! grep -F ' $(abspath $(BUILD))/' /proc/mounts || { echo "unmount these first"; false; }
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

-include $(wildcard $(foreach room,engine plugin tests,$(BUILD)/$(room)/*/*.d))
