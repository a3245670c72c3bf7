# depinctl: build, test, install.  `make help` lists the targets.
#
#   make demo        install what is missing, build, open the console on the devnet
#   make test        install what the tests need, build, run them all
#   make SAN=address,undefined test        the same under sanitizers
#   make B=DIR ...   build somewhere else than build/

B        ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=
SAN      ?=
V        ?= 0
WERROR   ?= 1
VERSION  := 0.1.0

include tests/tools/packages.mk

CC       ?= gcc
CSTD     := -std=gnu11 -D_GNU_SOURCE
WARN     := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wwrite-strings -Wno-unused-parameter
OPT      ?= -O2 -g
HARDEN   := -fstack-protector-strong -fno-strict-aliasing -fPIE
CFLAGS_  := $(CSTD) $(WARN) $(OPT) $(HARDEN) -I. -Isrc \
            -DDEPINCTL_VERSION='"$(VERSION)"' $(CFLAGS)
LDFLAGS_ := -pie -Wl,--as-needed -Wl,-z,relro -Wl,-z,now $(LDFLAGS)
ifeq ($(WERROR),1)
CFLAGS_  += -Werror
endif
ifneq ($(SAN),)
B        := build-san
CFLAGS_  += -fsanitize=$(SAN) -fno-omit-frame-pointer -O1
LDFLAGS_ += -fsanitize=$(SAN)
else
CFLAGS_  += -D_FORTIFY_SOURCE=2
endif
Q        := $(if $(filter 1,$(V)),,@)
say       = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' $(1) $(2);)

# --- who may include whom: the table of docs/architecture.md, in one place.
FOLDERS := src/base src/config src/loop src/rpc src/net src/wire src/evm src/model src/detect \
           src/store src/source src/collector src/client src/cli src/devnet \
           ui/term ui/widget ui/screen ui
DEPS_src/base      :=
DEPS_src/config    := src/base
DEPS_src/loop      := src/base
DEPS_src/rpc       := src/base src/loop
DEPS_src/net       := src/base src/loop src/rpc
DEPS_src/wire      := src/base
DEPS_src/evm       := src/base
DEPS_src/model     := src/base
DEPS_src/detect    := src/base
DEPS_src/store     := src/base src/loop src/model
DEPS_src/source    := src/base src/config src/loop src/rpc src/net src/wire src/evm src/model src/store
DEPS_src/collector := src/base src/config src/loop src/rpc src/net src/wire src/model src/store src/source
DEPS_src/client    := src/base src/config src/loop src/rpc
DEPS_src/cli       := src/base src/config src/loop src/rpc src/client src/detect ui
DEPS_src/devnet    := src/base src/loop src/rpc src/net src/wire src/evm
DEPS_ui/term       := src/base
DEPS_ui/widget     := src/base ui/term
DEPS_ui/screen     := src/base src/loop src/rpc src/client ui/term ui/widget
DEPS_ui            := src/base src/config src/loop src/rpc src/client ui/term ui/widget ui/screen

# Third-party libraries, by the folder that owns them.
EXT_src/base   := -ljansson -lpcre2-8 -lyaml -lm
EXT_src/loop   := -luv
EXT_src/net    := -lcurl -lwebsockets -lssl -lcrypto -lz
EXT_src/evm    := -lbotan-2
EXT_src/store  := -lsqlite3 -lz
EXT_src/devnet := -lsodium -lsecp256k1
EXT_ui/term    := -lncursesw -ltinfo
EXT_src/model  := -lm
EXT_src/detect := -lm
# Botan's headers include each other from their own folder.
$(B)/obj/src/evm/keccak.o: CFLAGS_ += -isystem /usr/include/botan-2
ALLEXT = -lpthread $(sort $(foreach f,$(1),$(EXT_$(f))))

include tests/tools/rules.mk
