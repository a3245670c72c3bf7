# Build rules.  The tables that drive them stand in Makefile.

SRCS_  = $(wildcard $(1)/*.c)
MAINS := src/cli/main.c src/collector/main.c src/devnet/main.c
lib    = $(B)/lib/$(subst /,_,$(1)).a
libs   = $(foreach f,$(1),$(call lib,$(f)))

# a folder and all it may include, transitively
closure = $(sort $(1) $(foreach f,$(DEPS_$(1)),$(call closure,$(f))))

define folder_rule
OBJS_$(1) := $$(patsubst %.c,$(B)/obj/%.o,$$(filter-out $$(MAINS),$$(call SRCS_,$(1))))
$$(call lib,$(1)): $$(OBJS_$(1)) | $(B)/lib
	$$(call say,AR,$(1))
	$$(Q)rm -f $$@ && ar rcs $$@ $$(OBJS_$(1))
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rule,$(f))))

$(B)/lib:
	$(Q)mkdir -p $@

# What a thing depends on is written by its place in $(B): the folder may be copied, or named otherwise.
DEPENDS = -MMD -MP -MT '$$(B)/$(@:$(B)/%=%)'

$(B)/obj/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS_) $(DEPENDS) -c -o $@ $<

# The themes are assembled into this one as they stand.
$(B)/obj/ui/term/builtin.o: $(wildcard themes/*.yaml)

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# link: $(1) objects, $(2) folders, $(3) extra flags
link = $(CC) $(CFLAGS_) $(LDFLAGS_) -o $@ $(1) -Wl,--start-group $(call libs,$(2)) -Wl,--end-group \
       $(call ALLEXT,$(2)) $(3)

CLI_F       := src/cli src/client src/detect src/config ui ui/screen ui/widget ui/term src/rpc src/loop src/base
COLLECTOR_F := src/collector src/config src/source src/store src/model src/net src/wire src/evm src/rpc src/loop src/base
DEVNET_F    := src/devnet src/net src/wire src/evm src/rpc src/loop src/base

BINS := $(B)/bin/depinctl $(B)/libexec/depinctl/depinctl-collector $(B)/libexec/depinctl/depinctl-devnet

.DEFAULT_GOAL := all
.PHONY: all
all: $(BINS)

define bin_rule
$(1): $(B)/obj/$(2:.c=.o) $$(call libs,$$(filter $$(FOLDERS),$(3)))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(call link,$$<,$$(filter $$(FOLDERS),$(3)))
endef
$(eval $(call bin_rule,$(B)/bin/depinctl,src/cli/main.c,$(CLI_F)))
$(eval $(call bin_rule,$(B)/libexec/depinctl/depinctl-collector,src/collector/main.c,$(COLLECTOR_F)))
$(eval $(call bin_rule,$(B)/libexec/depinctl/depinctl-devnet,src/devnet/main.c,$(DEVNET_F)))

# --- unit tests: tests/unit/FOLDER_NAME/x.c links that folder and what it may include.
# `make unit/src_base` builds and runs those of one folder.
UNIT_SRCS := $(wildcard tests/unit/*/*.c)
UNIT_BINS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(UNIT_SRCS))
folder_of  = $(strip $(foreach f,$(FOLDERS),$(if $(filter $(subst /,_,$(f)),$(1)),$(f))))

define unit_rule
$(B)/tests/unit/$(1)/%: tests/unit/$(1)/%.c $$(call libs,$$(call closure,$(2)))
	$$(call say,TEST,$$<)
	$$(Q)mkdir -p $$(@D) && $$(CC) $$(CFLAGS_) $$(LDFLAGS_) $$(DEPENDS) -o $$@ $$< \
	   -Wl,--start-group $$(call libs,$$(call closure,$(2))) -Wl,--end-group \
	   $$(call ALLEXT,$$(call closure,$(2))) -lcmocka $$(UNITLIBS_$(2))
.PHONY: unit/$(1)
unit/$(1): $$(filter $(B)/tests/unit/$(1)/%,$$(UNIT_BINS))
	$$(Q)tests/tools/run-unit $$^
endef
# What draws is tested on a screen in memory: tests/console/screen.h.
CONSOLE_LIB := $(B)/lib/console.a
UNITLIBS_ui/term := -Wl,--start-group $(CONSOLE_LIB) $(B)/lib/src_base.a -Wl,--end-group -lvterm
UNITLIBS_ui/widget := $(UNITLIBS_ui/term)
UNITLIBS_ui/screen := $(UNITLIBS_ui/term)
UNITLIBS_ui := $(UNITLIBS_ui/term)
$(filter $(B)/tests/unit/ui/% $(B)/tests/unit/ui_%,$(UNIT_BINS)): $(CONSOLE_LIB)
$(foreach f,$(FOLDERS),$(eval $(call unit_rule,$(subst /,_,$(f)),$(f))))

# --- console tests: programs on a pseudo-terminal, tests/console/pty.h drives them
CONSOLE_BINS := $(patsubst %.c,$(B)/%,$(wildcard tests/console/test-*.c))
CONSOLE_F    := ui/widget ui/term src/base
$(CONSOLE_LIB): $(B)/obj/tests/console/screen.o $(B)/obj/tests/console/pty.o \
                $(B)/obj/tests/console/still.o $(B)/obj/tests/console/world.o | $(B)/lib
	$(call say,AR,tests/console)
	$(Q)rm -f $@ && ar rcs $@ $^
$(B)/tests/console/demo: $(B)/obj/tests/console/demo.o $(call libs,$(CONSOLE_F))
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(call link,$<,$(CONSOLE_F))
$(CONSOLE_BINS): $(B)/tests/console/%: $(B)/obj/tests/console/%.o $(CONSOLE_LIB) \
                 $(call libs,$(CONSOLE_F)) $(B)/tests/console/demo
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(call link,$< $(CONSOLE_LIB),$(CONSOLE_F),-lcmocka -lvterm)
$(B)/tests/console/test-alerts $(B)/tests/console/test-console $(B)/tests/console/test-manners $(B)/tests/console/test-travel: $(BINS)
# Without sanitizers: it is there before they are.
$(B)/tests/console/still_clock.so: tests/console/still_clock.c tests/console/still.h
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CSTD) $(WARN) $(OPT) -I. -Isrc -shared -fPIC -o $@ $<
$(B)/tests/unit/ui/golden: $(B)/tests/console/still_clock.so $(BINS)
# What the golden screens are compared with, as they are now: look at the difference.
.PHONY: golden
golden: $(B)/tests/unit/ui/golden
	$(Q)UPDATE_GOLDEN=1 $< >/dev/null 2>&1 && git --no-pager diff --stat -- tests/golden
.PHONY: console-tests
console-tests: $(CONSOLE_BINS)
	$(Q)tests/tools/run-unit $^

.PHONY: unit
unit: $(UNIT_BINS)
	$(Q)tests/tools/run-unit $(UNIT_BINS)

# --- benchmarks: tests/bench/bench_NAME.c links src/NAME and what it may include, or, where there is
# no such folder, BENCH_F_NAME; BENCH_KIT is there for all.  `make bench` runs BENCHES in this order;
# `make bench/wire` builds and runs one.
BENCHES        := source collector console line signals model detect cli
BENCH_NAMES    := $(patsubst tests/bench/bench_%.c,%,$(wildcard tests/bench/bench_*.c))
BENCH_KIT      := $(B)/lib/bench.a
BENCH_F_source    := src/source src/devnet
BENCH_F_collector := src/base src/devnet
BENCH_F_cli       := src/base src/devnet
BENCH_F_console   := src/base ui/term
BENCH_A_console    = $(CONSOLE_LIB)
BENCH_L_console   := -lvterm -lcmocka
BENCH_F_line      := $(BENCH_F_console)
BENCH_A_line       = $(BENCH_A_console)
BENCH_L_line      := $(BENCH_L_console)
BENCH_F_signals   := $(BENCH_F_console)
BENCH_A_signals    = $(BENCH_A_console)
BENCH_L_signals   := $(BENCH_L_console)
$(BENCH_KIT): $(patsubst %.c,$(B)/obj/%.o,$(filter-out tests/bench/bench_%,$(wildcard tests/bench/*.c))) | $(B)/lib
	$(call say,AR,tests/bench)
	$(Q)rm -f $@ && ar rcs $@ $^
bench_folders = $(sort $(foreach f,$(or $(BENCH_F_$(1)),$(call folder_of,src_$(1))),$(call closure,$(f))))
define bench_rule
$(B)/tests/bench/bench_$(1): $(B)/obj/tests/bench/bench_$(1).o $(BENCH_KIT) $$(BENCH_A_$(1)) $$(call libs,$$(call bench_folders,$(1)))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(call link,$$< $(BENCH_KIT) $$(BENCH_A_$(1)),$$(call bench_folders,$(1)),-lcrypto $$(BENCH_L_$(1)))
.PHONY: bench/$(1)
bench/$(1): $(B)/tests/bench/bench_$(1)
	$$(Q)$$<
endef
$(foreach n,$(BENCH_NAMES),$(eval $(call bench_rule,$(n))))
bench: deps-bench
	$(Q)$(MAKE) --no-print-directory bench-run
.PHONY: bench-run
bench-run: all $(B)/tests/console/demo $(BENCHES:%=$(B)/tests/bench/bench_%)
	$(Q)for n in $(BENCHES); do B=$(B) $(B)/tests/bench/bench_$$n || exit 1; done

# --- set-up: asks apt only when something is missing
need = tests/tools/need $(1)

.PHONY: deps-build deps-test deps-lint deps-fuzz deps-bench deps-docs
deps-build:
	$(Q)$(call need,$(PKGS_BUILD))
deps-test: deps-build
	$(Q)$(call need,$(PKGS_TEST))
	$(Q)tests/tools/need-npm $(B) $(NPM_TEST)
deps-lint: deps-build
	$(Q)$(call need,$(PKGS_LINT))
deps-fuzz: deps-build
	$(Q)$(call need,$(PKGS_FUZZ))
deps-bench: deps-test
	$(Q)$(call need,$(PKGS_BENCH))
deps-docs: deps-build
	$(Q)$(call need,$(PKGS_DOCS))

.PHONY: demo test check valgrind bench fuzz lint fmt install uninstall clean help
demo: deps-build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(B)/bin/depinctl demo

# One make after the other: the packages must be there before the files that need them are read.
test: deps-test
	$(Q)$(MAKE) --no-print-directory all check

check: all $(UNIT_BINS) $(CONSOLE_BINS)
	$(Q)tests/tools/run-all $(B)

valgrind: deps-bench
	$(Q)$(MAKE) --no-print-directory all $(UNIT_BINS)
	$(Q)tests/tools/run-valgrind $(B)

lint: deps-lint
	$(Q)tests/tools/lint $(B) "$(CC)" '$(subst ','\'',$(CFLAGS_))'

# The lines that changed since a commit; the rest stands as its author found it best.
SINCE ?= HEAD
fmt: deps-lint
	$(Q)git clang-format -q -f --extensions c,h $(SINCE)

# What is made from the program's tables, and the pictures of its screens.
.PHONY: docs docs-screens
docs: deps-docs all
	$(Q)tests/tools/docs-check $(B) --write
docs-screens: deps-docs all
	$(Q)tests/tools/screenshot $(B)/bin/depinctl docs

# Where shells look for completions by themselves, below share/.
COMPLETIONS := bash:bash-completion/completions/depinctl zsh:zsh/site-functions/_depinctl \
               fish:fish/vendor_completions.d/depinctl.fish
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/depinctl \
	   $(DESTDIR)$(PREFIX)/share/depinctl/themes $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/bin/depinctl $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(B)/libexec/depinctl/* $(DESTDIR)$(PREFIX)/libexec/depinctl/
	install -m 644 themes/*.yaml $(DESTDIR)$(PREFIX)/share/depinctl/themes/
	install -m 644 depinctl.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	for c in $(COMPLETIONS); do install -d $(DESTDIR)$(PREFIX)/share/$$(dirname $${c#*:}) && \
	   $(B)/bin/depinctl completion $${c%%:*} >$(DESTDIR)$(PREFIX)/share/$${c#*:} || exit 1; done

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/depinctl $(DESTDIR)$(PREFIX)/libexec/depinctl \
	   $(DESTDIR)$(PREFIX)/share/depinctl $(DESTDIR)$(PREFIX)/share/man/man1/depinctl.1 \
	   $(foreach c,$(COMPLETIONS),$(DESTDIR)$(PREFIX)/share/$(lastword $(subst :, ,$(c))))

clean:
	rm -rf build build-san build-fuzz

help:
	@sed -n 's/^# \?//p' Makefile | head -9
	@echo 'targets: all demo test check lint fmt bench fuzz docs docs-screens install uninstall clean'

# --- fuzzing: tests/fuzz/NAME.c with seeds in tests/corpus/NAME; FUZZ_S seconds each
FUZZ_S     ?= 30
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_SRCS  := $(filter-out $(MAINS) $(wildcard src/cli/*.c src/devnet/*.c),$(wildcard src/*/*.c))
FUZZ_SRCS  += $(wildcard ui/term/*.c)

fuzz: deps-fuzz
	$(Q)tests/tools/fuzz $(FUZZ_S) $(FUZZ_NAMES)

# --- the tests replay the corpus: each fuzz target with tests/tools/replay.c for a main, linked with the
# folders that it includes.  `make corpus` does that alone.
REPLAY_BINS := $(addprefix $(B)/tests/replay/,$(FUZZ_NAMES))
FUZZ_DEPS   := $(shell awk -F'"' '/^\#include "/ { n = FILENAME; gsub(/.*\/|\.c$$/, "", n); d = $$2; \
	sub(/\/[^\/]*$$/, "", d); print n ":" (d ~ /^ui/ ? d : "src/" d) }' tests/fuzz/*.c | sort -u)
fuzz_folders = $(sort $(foreach d,$(patsubst $(1):%,%,$(filter $(1):%,$(FUZZ_DEPS))),$(call closure,$(d))))
define replay_rule
$(B)/tests/replay/$(1): $(B)/obj/tests/fuzz/$(1).o $(B)/obj/tests/tools/replay.o \
   $(call libs,$(call fuzz_folders,$(1)))
	$$(call say,LD,$$@)
	$$(Q)mkdir -p $$(@D) && $$(call link,$$(filter %.o,$$^),$(call fuzz_folders,$(1)))
endef
$(foreach n,$(FUZZ_NAMES),$(eval $(call replay_rule,$(n))))
check: $(REPLAY_BINS)
.PHONY: corpus
corpus: $(REPLAY_BINS)
	$(Q)for t in $^; do n=$${t##*/}; $$t tests/corpus/$$n >$(B)/replay.log 2>&1 || \
	   { tail -n 20 $(B)/replay.log; echo "FAIL $$n"; exit 1; }; done

.PHONY: print-deps
print-deps:
	@$(foreach f,$(FOLDERS),echo '$(f): $(DEPS_$(f))';)
