# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# penstock: everything is found by wildcard; a new source file needs no line here.
#   bpf/X.bpf.c, selftests/*/X.bpf.c  build/bpf/X.bpf.o, build/skel/X.skel.h (struct X_bpf, '-' and '.' as '_')
#   user/main.c, user/*/*.c           build/libpenstock.a (all but main.o), build/penstock
#   selftests/lib/*.c                 build/libpentest.a
#   selftests/DIR/X.c                 build/selftests/DIR/X, one program each (unit: with ASan and UBSan)

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := build
SHELL := /bin/bash

B := build
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
UNITDIR ?= $(PREFIX)/lib/systemd/system
COMPDIR ?= $(PREFIX)/share/bash-completion/completions
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
ifeq ($(origin AR),default)
AR := ar
endif
findprog = $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v $(1) || echo $(1))
BPFTOOL ?= $(call findprog,bpftool)
MULTIARCH := $(shell gcc -print-multiarch 2>/dev/null || echo $$(uname -m)-linux-gnu)
VERSION := $(shell cat VERSION 2>/dev/null || git -c safe.directory='*' describe --tags --always --dirty 2>/dev/null || echo unknown)

ifeq ($(V),1)
Q :=
say :=
else
Q := @
say = @printf '  %-7s %s\n' $(1) $(2);
endif

# tables leave out trailing zeros
WARN := -Wall -Wextra -Wshadow -Werror -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
HOST_CPP := -D_GNU_SOURCE -Iuser -Iheaders -I$(B)/gen -I$(B)/skel
HOST_C := -std=gnu11 $(WARN) -fno-common $(CFLAGS)
TEST_CPP := $(HOST_CPP) -Iselftests -Iselftests/lib
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
BPF_C := -target bpf -mcpu=v3 -std=gnu11 -O2 -g $(filter-out -Wshadow,$(WARN)) \
	-fno-stack-protector -Iheaders -Ibpf -Iselftests -idirafter /usr/include/$(MULTIARCH)
LIBS := -lxdp -lbpf -lelf -lz -lyaml -ljson-c -lcap-ng -lmnl -lmicrohttpd -lm
# A dynamic exec costs 25 ms in the lab: what has a static archive goes in statically.
LAB_LIBS := -Wl,--as-needed -Wl,-Bstatic -lxdp -lbpf -lelf -lz -lyaml -ljson-c -lcap-ng \
	-Wl,-Bdynamic -lmnl -lmicrohttpd -lm

BPF_SRC := $(wildcard bpf/*.bpf.c) $(wildcard selftests/*/*.bpf.c)
SKELS := $(patsubst %.bpf.c,$(B)/skel/%.skel.h,$(notdir $(BPF_SRC)))
LIB_SRC := $(wildcard user/*/*.c)
LIB_OBJ := $(LIB_SRC:user/%.c=$(B)/obj/%.o)
ASAN_OBJ := $(LIB_SRC:user/%.c=$(B)/asan/%.o)
TLIB_SRC := $(wildcard selftests/lib/*.c)
TLIB_OBJ := $(TLIB_SRC:selftests/%.c=$(B)/obj/selftests/%.o)
TLIB_ASAN := $(TLIB_SRC:selftests/%.c=$(B)/asan/selftests/%.o)
CDB_SRC := $(wildcard user/main.c) $(LIB_SRC) $(filter-out %.bpf.c,$(wildcard selftests/*/*.c))
progs_of = $(patsubst selftests/%.c,$(B)/selftests/%,$(filter-out %.bpf.c,$(wildcard $(1:%=selftests/%/*.c))))
UNIT := $(call progs_of,unit)
TESTS := $(call progs_of,prog net offload)
TOOLS := $(call progs_of,fuzz bench demo)
FUZZERS := $(B)/selftests/fuzz/user/xdp $(B)/selftests/fuzz/user/tc
READER := $(B)/selftests/fuzz/user/topology
MAIN := $(if $(wildcard user/main.c),$(B)/penstock)
MAN := $(patsubst docs/man/%.scd,$(B)/man/%,$(wildcard docs/man/*.scd))
# what builds for itself builds in parallel, unless the caller has said how many
JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))
HOOK = $(if $(wildcard $(1)),$(1),echo "no $(1) in this tree" >&2; exit 1;)

.PHONY: syntax help deps build demo check test offload-test bench fuzz format pictures unit tests man install uninstall clean FORCE

help: ## this list
	@echo 'penstock $(VERSION): make TARGET [V=1] [CC=gcc|clang] [CLANG=clang-16] [PREFIX=/usr/local] [DESTDIR=]'
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | awk -F'|' '{ printf "  %-13s %s\n", $$1, $$2 }'

deps: ## install every package needed (Debian 12, root), or say what is missing
	$(Q)packaging/deps

build: $(MAIN) $(B)/libpenstock.a $(SKELS) man compile_commands.json ## the loader, the data plane, the man pages

demo: ## install what is missing, build, show penstock beside the kernel (root; PROTO=geneve, SHAPE=1)
	$(Q)packaging/deps
	+$(Q)$(MAKE) $(JOBS) --no-print-directory build tests
	$(Q)$(if $(SHAPE),$(call HOOK,selftests/demo/shape),$(call HOOK,selftests/demo/demo) $(PROTO))

check: build unit ## format, layers, sizes, reasons, linters, unit tests (no root)
	$(Q)selftests/run -s check,unit

test: ## deps, build, check, all suites on the host and in both lab kernels (root)
	$(Q)packaging/deps
	+$(Q)$(MAKE) $(JOBS) --no-print-directory build tests
	$(Q)selftests/run -a

offload-test: ## offload on netdevsim in both lab kernels, or on hardware (root; DEV=eth0)
	$(Q)packaging/deps
	+$(Q)$(MAKE) $(JOBS) --no-print-directory build tests
	$(Q)DEV='$(DEV)' selftests/run -k $(if $(DEV),host,6.12,6.1) -s offload

bench: ## nanoseconds per packet beside the kernel's own path; build/bench.json (root)
	$(Q)packaging/deps
	+$(Q)$(MAKE) $(JOBS) --no-print-directory build tests
	$(Q)$(call HOOK,selftests/bench/run)

fuzz: ## the long mutation run, packets against the kernel's verdict (root)
	+$(Q)$(MAKE) $(JOBS) --no-print-directory build tests
	$(Q)$(call HOOK,selftests/fuzz/run)

syntax: $(LIB_SRC:%.c=$(B)/syntax/%.ok) # the loader's sources by clang: the other compiler's warnings

format: ## clang-format every source file in place
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h')

pictures: $(MAIN) ## docs/pictures from the samples of the same names (Graphviz)
	$(Q)for f in docs/pictures/*.svg; do \
		$(MAIN) graph docs/examples/$$(basename $$f .svg).yaml | dot -Tsvg >$$f.new && mv $$f.new $$f || exit 1; \
	done

unit: $(UNIT) ## build the unit tests (ASan, UBSan)
tests: $(UNIT) $(TESTS) $(TOOLS) $(FUZZERS) $(READER) ## build every test program
man: $(MAN) ## build the man pages

# What is compiled depends on how: a change of compiler or flags rebuilds.
$(B)/flags: FORCE
	@mkdir -p $(@D); f='$(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) | $(CLANG)'; \
	[ "$$(cat $@ 2>/dev/null)" = "$$f" ] || printf '%s\n' "$$f" >$@

$(B)/gen/version.h: FORCE
	@mkdir -p $(@D); f='#define PN_VERSION "$(VERSION)"'; \
	[ "$$(cat $@ 2>/dev/null)" = "$$f" ] || printf '%s\n' "$$f" >$@

# Data plane: object with line info for the verifier log, then without DWARF (BTF stays) as a skeleton.
define bpf_rules
$(B)/bpf/$(notdir $(1:.c=.o)): $(1) $(B)/flags
	@mkdir -p $(B)/bpf
	$$(call say,BPF,$$<)$(CLANG) $(BPF_C) -MD -MP -MF $$(@:.o=.d) -c $$< -o $$@
	$(Q)if command -v $(LLVM_STRIP) >/dev/null; then $(LLVM_STRIP) -g $$@; fi

$(B)/skel/$(notdir $(1:.bpf.c=.skel.h)): $(B)/bpf/$(notdir $(1:.c=.o))
	@mkdir -p $(B)/skel
	$$(call say,SKEL,$$@)$(BPFTOOL) gen skeleton $$< name $(subst -,_,$(notdir $(1:.bpf.c=_bpf))) >$$@
endef
$(foreach s,$(BPF_SRC),$(eval $(call bpf_rules,$(s))))

# User space.
$(B)/obj/selftests/%.o: selftests/%.c $(B)/flags | $(SKELS) $(B)/gen/version.h
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(TEST_CPP) $(CPPFLAGS) $(HOST_C) -MMD -MP -c $< -o $@

$(B)/obj/%.o: user/%.c $(B)/flags | $(SKELS) $(B)/gen/version.h
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(HOST_CPP) $(CPPFLAGS) $(HOST_C) -MMD -MP -c $< -o $@

$(B)/asan/selftests/%.o: selftests/%.c $(B)/flags | $(SKELS) $(B)/gen/version.h
	@mkdir -p $(@D)
	$(call say,CC-ASAN,$<)$(CC) $(TEST_CPP) $(CPPFLAGS) $(HOST_C) -O1 $(ASAN) -MMD -MP -c $< -o $@

$(B)/asan/%.o: user/%.c $(B)/flags | $(SKELS) $(B)/gen/version.h
	@mkdir -p $(@D)
	$(call say,CC-ASAN,$<)$(CC) $(HOST_CPP) $(CPPFLAGS) $(HOST_C) -O1 $(ASAN) -MMD -MP -c $< -o $@

$(B)/syntax/%.ok: %.c | $(SKELS) $(B)/gen/version.h
	@mkdir -p $(@D)
	$(Q)clang $(TEST_CPP) $(CPPFLAGS) $(HOST_C) -fsyntax-only -MMD -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@

$(B)/libpenstock.a: $(LIB_OBJ)
$(B)/libpentest.a: $(TLIB_OBJ)
$(B)/asan/libpenstock.a: $(ASAN_OBJ)
$(B)/asan/libpentest.a: $(TLIB_ASAN)
%.a: $(B)/flags
	@mkdir -p $(@D)
	$(call say,AR,$@)rm -f $@; $(AR) rcs $@ $(filter %.o,$^)

$(B)/penstock: $(B)/obj/main.o $(B)/libpenstock.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LAB_LIBS)

$(UNIT): $(B)/selftests/%: $(B)/asan/selftests/%.o $(B)/asan/libpentest.a $(B)/asan/libpenstock.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(ASAN) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(TESTS) $(TOOLS): $(B)/selftests/%: $(B)/obj/selftests/%.o $(B)/libpentest.a $(B)/libpenstock.a
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LAB_LIBS) -lpthread

# The data plane as user code under libFuzzer: clang's, with what it shares with other tests.
PLANE_LIB := config* expect fastworld* hex model* mut* pkt probe reasons recipe rows* tap world*
PLANE_SRC := $(wildcard $(PLANE_LIB:%=selftests/lib/%.c)) user/mirror/cuckoo.c user/mirror/pairs.c \
	user/mirror/table.c selftests/fuzz/user/parsers.c selftests/fuzz/user/plane.c
PLANE_OBJ := $(PLANE_SRC:%.c=$(B)/fuzz/%.o)
PLANE_C := clang -O1 -g -std=gnu11 $(WARN) -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize=alignment -fno-sanitize-recover=undefined

$(B)/fuzz/pipe-%.o: selftests/fuzz/user/pipe.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)$(PLANE_C) -Wno-unused-function -Wno-shadow $(if $(filter tc,$*),-DPIPE_TC) -Iheaders \
		-Ibpf -Iselftests/fuzz/user/shim -Iselftests/fuzz/user -MMD -MP -c $< -o $@

$(B)/fuzz/%.o: %.c $(B)/flags | $(SKELS)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)$(PLANE_C) $(TEST_CPP) -MMD -MP -c $< -o $@

$(FUZZERS): $(B)/selftests/fuzz/user/%: $(B)/fuzz/pipe-%.o $(PLANE_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)clang -fsanitize=fuzzer,address,undefined -o $@ $^ -lbpf

# Topology files and all that reads them, likewise.
READER_SRC := $(wildcard user/util/*.c user/nl/*.c user/link/*.c user/topo/*.c) selftests/fuzz/user/topology.c

$(READER): $(READER_SRC:%.c=$(B)/fuzz/%.o)
	@mkdir -p $(@D)
	$(call say,LD,$@)clang -fsanitize=fuzzer,address,undefined -o $@ $^ -lyaml -lmnl

$(B)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(call say,MAN,$@)if command -v scdoc >/dev/null; then scdoc <$< >$@ && \
		{ ! command -v mandoc >/dev/null || mandoc -T lint -W error $@; }; \
		else echo "scdoc is missing: no $@ (make deps)" >&2; rm -f $@; fi

# For editors and clang tools: one entry per source.
compile_commands.json: $(B)/flags $(CDB_SRC)
	@sep='['; for f in $(CDB_SRC); do \
		printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$$sep" "$(CURDIR)" "$$f" \
			'$(CC) $(TEST_CPP) $(CPPFLAGS) $(HOST_C) -c '"$$f"; sep=','; \
	done >$@; for f in $(BPF_SRC); do \
		printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$$sep" "$(CURDIR)" "$$f" \
			'$(CLANG) $(BPF_C) -c '"$$f"; sep=','; \
	done >>$@; [ -s $@ ] || printf '[' >$@; printf '\n]\n' >>$@

install: build ## program, man pages, systemd units, completion below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(MANDIR)
	install -m 755 $(B)/penstock $(DESTDIR)$(SBINDIR)/penstock
	for u in packaging/*.service; do [ ! -e "$$u" ] || sed 's#@SBINDIR@#$(SBINDIR)#g' "$$u" \
		>$(DESTDIR)$(UNITDIR)/$${u##*/} || exit 1; done
	for m in $(MAN); do [ ! -e "$$m" ] || install -D -m 644 "$$m" \
		$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/} || exit 1; done
	[ ! -e packaging/penstock.bash ] || install -D -m 644 packaging/penstock.bash $(DESTDIR)$(COMPDIR)/penstock

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(SBINDIR)/penstock $(DESTDIR)$(COMPDIR)/penstock
	for u in packaging/*.service; do rm -f $(DESTDIR)$(UNITDIR)/$${u##*/}; done
	for m in $(notdir $(MAN)); do rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$$m; done

clean: ## remove build/; the lab's kernels stay in their cache (docs/testing.md)
	rm -rf $(B) compile_commands.json

-include $(shell [ ! -d $(B) ] || find $(B) -name '*.d')
