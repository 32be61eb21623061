/*
 * Pieces of replies that operations share.
 */
#ifndef DYN_REPLY_H
#define DYN_REPLY_H

#include "base/call.h"
#include "catalog/table_cache.h"

/* Seconds since 1970 with milliseconds, as AWS writes timestamps. */
extern void dyn_reply_timestamp_member(StringInfo out, const char *name, TimestampTz time);
/* Adds "Item": item to the body of the error that is about to be raised. */
extern void dyn_reply_error_item(DynCall *call, const DynItem *item);
/* What an index holds of an item: everything, the keys, or the keys and the included attributes.  Shares the values. */
extern const DynItem *dyn_reply_index_entry(const DynTable *table, const DynIndex *index, const DynItem *item);
/* LastEvaluatedKey: the table's key and, of an index, the index's. */
extern DynItem *dyn_reply_last_key_item(const DynTable *table, const DynIndex *index, const DynItem *item);
extern void dyn_reply_last_key(StringInfo out, const DynTable *table, const DynIndex *index, const DynItem *item);

#endif
