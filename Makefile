EXTENSION = dynamo
MODULE_big = dynamo
OBJS = $(patsubst %.c,%.o,$(wildcard src/*.c src/*/*.c))
PG_CONFIG ?= pg_config
PG_CPPFLAGS = -Isrc -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers
SHLIB_LINK = -lcjson -lmicrohttpd -lcrypto -lz
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
