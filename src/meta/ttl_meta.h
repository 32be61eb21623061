/*
 * TimeToLive settings.
 */
#ifndef DYN_TTL_META_H
#define DYN_TTL_META_H

#include "meta/table_meta.h"

/* The table is locked in AccessExclusiveLock; enabling puts the job into the queue that makes it ready. */
extern void dyn_ttl_meta_enable(const DynTable *table, DynStr attribute, TimestampTz now);
extern void dyn_ttl_meta_disable(const DynTable *table, TimestampTz now);
/* Its column is filled and its index is there. */
extern void dyn_ttl_meta_set_ready(const DynTable *table);
/* The first table after a name whose TimeToLive is ready; palloc'd, NULL: none. */
extern char *dyn_ttl_meta_next(const char *after);

#endif
