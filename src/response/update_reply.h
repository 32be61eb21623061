/*
 * UpdateTable's reply.
 */
#ifndef DYN_UPDATE_REPLY_H
#define DYN_UPDATE_REPLY_H

#include "json/json.h"
#include "lib/stringinfo.h"
#include "meta/table_meta.h"

/* The TableDescription of a change that body asked for. */
extern void dyn_update_reply_write(StringInfo out, const DynJson *body, const DynTable *before, const DynTable *after);

#endif
