# SPDX-License-Identifier: Apache-2.0
# make            build everything into $(BUILD)
# make demo       install what is missing, build, run the main job on the sample reports
# make test       install what is missing, build, run everything
# make check      lint, unit, role, fuzz replay, fast flows
# make asan       the whole suite under ASan and UBSan (CC=gcc or clang)
# make valgrind   unit and role tests under valgrind
# make leaks      each anonymity check is seen failing on a leak that is put in on purpose
# make nightly    the long forms of some flows: a million guesses, 10,000 streams or power cuts
# make night      a scripted night: a wave of ransomware at 6,400 receivers, what each role saw
# make bench      figures, from real runs
# make fuzz T=x   fuzz one harness with libFuzzer
# make install    PREFIX=/usr DESTDIR=
BUILD ?= build
CC = gcc
PREFIX ?= /usr
DESTDIR ?=
SYSCONFDIR ?= /etc
DEV ?= 1

WARN := -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wwrite-strings -Wcast-qual -Wformat=2 -Wvla -Wundef \
	-Wno-format-nonliteral
ifeq ($(DEV),1)
WARN += -Werror
endif
HARDEN := -fstack-protector-strong -fPIE -fno-strict-aliasing
LDHARDEN := -pie -Wl,-z,relro,-z,now
OPT ?= -O2 -g -D_FORTIFY_SOURCE=2
SAN ?=
EXTRA ?=
CFLAGS = $(WARN) $(HARDEN) $(OPT) $(SAN) $(EXTRA) -D_GNU_SOURCE -I. -I$(BUILD) -MMD -MP \
	-DPREFIX='"$(PREFIX)"' -DSYSCONFDIR='"$(SYSCONFDIR)"'
LDFLAGS = $(LDHARDEN) $(SAN)

LIB_SRC := $(wildcard lib/*.c)
PROTO_SRC := $(wildcard proto/*.c)
PROGRAMS := ceptoar-front ceptoar-vault ceptoar-keeper ceptoar-courier ceptoard ceptoar ceptoarctl
SRC_ceptoar-front := $(wildcard daemon/front/*.c)
SRC_ceptoar-vault := $(wildcard daemon/vault/*.c)
SRC_ceptoar-keeper := $(wildcard daemon/keeper/*.c)
SRC_ceptoar-courier := $(wildcard daemon/courier/*.c)
SRC_ceptoard := $(wildcard daemon/ceptoard/*.c)
SRC_ceptoar := $(wildcard cli/ceptoar/*.c)
SRC_ceptoarctl := $(wildcard cli/ceptoarctl/*.c)
# Each program is linked with its own libraries only (checked by make lint with readelf).
LIBS_ceptoar-front := -levent_core -lssl -lcrypto -ljansson -lutf8proc -linih
LIBS_ceptoar-vault := -levent_core -lcrypto -lsqlite3 -linih
LIBS_ceptoar-keeper := -levent_core -lcrypto -lsqlite3 -ljansson -lutf8proc -linih
LIBS_ceptoar-courier := -levent_core -lcurl -lcrypto -ljansson -lutf8proc -linih
LIBS_ceptoard := -levent_core -lcrypto -ljansson -lutf8proc -linih
LIBS_ceptoar := -lcurl -lssl -lcrypto -ljansson -lutf8proc
LIBS_ceptoarctl := -levent_core -lcrypto -ljansson -lutf8proc -linih
LIBS_ALL := -levent_core -lssl -lcrypto -lsqlite3 -ljansson -lutf8proc -linih -lcurl

# V=1 shows the commands.
V ?= 0
ifeq ($(V),0)
Q := @
say = @printf '  %-5s %s\n' $(1) $(2)
else
Q :=
say = @:
endif

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
BINS := $(addprefix $(BUILD)/,$(PROGRAMS))

.PHONY: all
all: versions $(BINS)

# -Wconversion for the folders that parse.
$(BUILD)/obj/lib/%.o $(BUILD)/obj/proto/%.o: WARN += -Wconversion

# Nothing is compiled against libraries that are too old, whatever was asked for.
$(BUILD)/obj/%.o: %.c tests/lint/banned.h | versions $(BUILD)/schema.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) -include tests/lint/banned.h -c $< -o $@

$(BUILD)/schema.h: schema.sql lib/schema.awk
	@mkdir -p $(@D)
	$(Q)awk -f lib/schema.awk schema.sql > $@.tmp && mv $@.tmp $@

$(BUILD)/liblib.a: $(call obj,$(LIB_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^
$(BUILD)/libproto.a: $(call obj,$(PROTO_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

define program
$(BUILD)/$(1): $(call obj,$(SRC_$(1))) $(BUILD)/libproto.a $(BUILD)/liblib.a
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ -Wl,--as-needed $$(LIBS_$(1))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# Everything of a program but its main.c, for the role tests.
define rolelib
$(BUILD)/lib$(1).a: $(filter-out %/main.o,$(call obj,$(SRC_$(2))))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(eval $(call rolelib,front,ceptoar-front))
$(eval $(call rolelib,vault,ceptoar-vault))
$(eval $(call rolelib,keeper,ceptoar-keeper))
$(eval $(call rolelib,courier,ceptoar-courier))
$(eval $(call rolelib,cli,ceptoar))
$(eval $(call rolelib,ctl,ceptoarctl))
$(eval $(call rolelib,ceptoard,ceptoard))
ROLE_LIBS := $(BUILD)/libfront.a $(BUILD)/libvault.a $(BUILD)/libkeeper.a

UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
ROLE := $(patsubst tests/role/%.c,$(BUILD)/tests/role/%,$(wildcard tests/role/test_*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FLOWBIN := $(patsubst tests/flow/%.c,$(BUILD)/tests/flow/%,$(wildcard tests/flow/*.c))
BENCHBIN := $(BUILD)/tests/bench/wireload $(BUILD)/tests/bench/floor $(BUILD)/tests/bench/reach

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libproto.a $(BUILD)/liblib.a \
		-Wl,--as-needed -lcmocka $(LIBS_ALL)
# Modules of the command line and of ceptoard, which no other program holds.
$(BUILD)/tests/unit/test_cli_%: tests/unit/test_cli_%.c $(BUILD)/libcli.a $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) -Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/unit/test_ctl_%: tests/unit/test_ctl_%.c $(BUILD)/libctl.a $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) -Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/unit/test_ceptoard_%: tests/unit/test_ceptoard_%.c $(BUILD)/libceptoard.a $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) -Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/unit/test_courier_%: tests/unit/test_courier_%.c $(BUILD)/libcourier.a $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) -Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/role/test_couri%: tests/role/test_couri%.c $(BUILD)/libcourier.a $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) -Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/role/%: tests/role/%.c $(wildcard tests/role/*.h) $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a \
		-Wl,--as-needed -lcmocka $(LIBS_ALL)
# A harness is LLVMFuzzerTestOneInput; replay.c is its main when libFuzzer is not.
FUZZ_MAIN ?= tests/fuzz/replay.c
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(FUZZ_MAIN) $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(FUZZ_MAIN) $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a \
		-Wl,--as-needed $(LIBS_ALL)
$(BUILD)/tests/flow/%: tests/flow/%.c $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libproto.a $(BUILD)/liblib.a -Wl,--as-needed $(LIBS_ALL)
$(BUILD)/tests/bench/floor: tests/bench/floor.c
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -lssl -lcrypto
$(BUILD)/tests/bench/reach: tests/bench/reach.c tests/role/keeper_rig.h $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(ROLE_LIBS) $(BUILD)/libproto.a $(BUILD)/liblib.a \
		-Wl,--as-needed -lcmocka $(LIBS_ALL)
$(BUILD)/tests/bench/wireload: tests/bench/wireload.c $(wildcard tests/bench/wl_*.c) tests/bench/wireload.h
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) -lssl -lcrypto

.PHONY: tests unit role replay
tests: all $(UNIT) $(ROLE) $(FUZZ) $(FLOWBIN) $(BUILD)/tests/bench/wireload
unit: $(UNIT)
	tests/run unit $(BUILD)
role: $(ROLE)
	tests/run role $(BUILD)
replay: $(FUZZ)
	tests/run fuzz $(BUILD)

-include Makefile.targets
-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)

.PHONY: clean
clean:
	rm -rf build
