/*
 * UpdateTable's reply.
 */
#ifndef DYN_UPDATE_TABLE_REPLY_H
#define DYN_UPDATE_TABLE_REPLY_H

#include "catalog/table_cache.h"
#include "lib/stringinfo.h"
#include "json/json.h"

/* The TableDescription of a change that body asked for. */
extern void dyn_update_table_reply_write(StringInfo out, const DynJson *body, const DynTable *before,
										 const DynTable *after);

#endif
