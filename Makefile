# dynamo: a DynamoDB inside PostgreSQL.
#
#   make, make install, make clean     as for any PGXS extension; PG_CONFIG=... chooses the server, WERROR=1 adds -Werror
#   make installcheck                  the pg_regress tests against the server that PGHOST, PGPORT and PGUSER name
#   make run, make stop                a private server with the endpoint on 127.0.0.1:8000
#   make test [TESTS="regress tap"]    everything, each part against private servers of its own
#   make bench, make check-style       figures; the rules of docs/style.md
#
# run, test and bench work on a bare machine: they install what is missing and build by calling this file again.

EXTENSION = dynamo
EXTVERSION = 1.1
MODULE_big = dynamo

SOURCES = $(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c))
OBJS = $(SOURCES:.c=.o)
DEPENDENCIES = $(SOURCES:.c=.d)

# sql/upgrade holds the frozen install scripts of released versions, and what a step changes in tables; functions, views and
# triggers are made anew at every step.
FUNCTION_PARTS = $(sort $(wildcard sql/functions/*.sql))
FRESH_SCRIPT = sql/$(EXTENSION)--$(EXTVERSION).sql
FRESH_PARTS = $(sort $(wildcard sql/tables/*.sql)) $(FUNCTION_PARTS)
UPGRADE_STEPS = $(wildcard sql/upgrade/$(EXTENSION)--*--*.sql)
UPGRADE_SCRIPTS = $(UPGRADE_STEPS:sql/upgrade/%=sql/%)
DATA = $(filter-out $(UPGRADE_STEPS),$(wildcard sql/upgrade/*.sql))
DATA_built = $(FRESH_SCRIPT) $(UPGRADE_SCRIPTS)
EXTRA_CLEAN = $(DEPENDENCIES)

# The first test creates the extension for the others.
REGRESS = install $(filter-out install,$(patsubst test/regress/sql/%.sql,%,$(sort $(wildcard test/regress/sql/*.sql))))
REGRESS_OPTS = --inputdir=test/regress

# -MMD -MP write the headers that each object needs beside it, since PGXS does not track them.
PG_CPPFLAGS = -Isrc -MMD -MP
# PostgreSQL's own headers and idiom need the first three exceptions; the fourth undoes a flag of the server's build.
PG_CFLAGS = -std=gnu99 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers \
	-Wno-declaration-after-statement $(if $(WERROR),-Werror)
SHLIB_LINK = -lcjson -lmicrohttpd -lcrypto -lz

# A server configured with LLVM would make PGXS ask for clang, for bitcode that a C module called through fmgr never uses.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
# The server's package may bring the one and not the other.
SERVER_HEADER := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)/postgres.h
ifneq ($(and $(wildcard $(PGXS)),$(wildcard $(SERVER_HEADER))),)
include $(PGXS)
-include $(DEPENDENCIES)
else
all install installcheck clean:
	@echo "PostgreSQL's development files are missing: apt-get install postgresql-server-dev-all," >&2
	@echo "or name its pg_config with PG_CONFIG=...; \"make run\" installs all that is needed." >&2
	@exit 1
endif

# write_script STATEMENT PART...: the parts behind a line that tells who runs the script by hand what to do
define write_script
@{ printf '%s\n' '\echo Use "$(1)" to load this file. \quit'; cat $(2) /dev/null; } >$@.part
@mv $@.part $@
endef

$(FRESH_SCRIPT): $(FRESH_PARTS) Makefile
	$(call write_script,CREATE EXTENSION $(EXTENSION),$(FRESH_PARTS))

$(UPGRADE_SCRIPTS): sql/%: sql/upgrade/% $(FUNCTION_PARTS) Makefile
	$(call write_script,ALTER EXTENSION $(EXTENSION) UPDATE,$< $(FUNCTION_PARTS))

run:
	@tools/run.sh

stop:
	@tools/stop.sh

test:
	@tools/test.sh $(TESTS)

bench:
	@tools/bench.sh

check-style:
	@test/check/layers.sh
	@test/check/names.sh

format:
	@tools/format.py $(FILES)

code-map:
	@tools/code-map.sh >docs/code-map.md

.PHONY: run stop test bench check-style format code-map
