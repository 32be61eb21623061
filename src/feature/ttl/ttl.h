/*
 * TimeToLive: items that end by themselves.
 */
#ifndef DYN_TTL_H
#define DYN_TTL_H

#include "work/work.h"

/*
 * The caller has locked the table in AccessExclusiveLock.  Enabling puts the job into the queue that makes TimeToLive
 * ready.
 */
extern void dyn_ttl_enable(const DynTable *table, DynStr attribute, TimestampTz now);
extern void dyn_ttl_disable(const DynTable *table, TimestampTz now);
/* Notes that TimeToLive is ready: its column is filled and its index is there. */
extern void dyn_ttl_set_ready(const DynTable *table);
/* The first table after a name whose TimeToLive is ready; palloc'd, NULL: none. */
extern char *dyn_ttl_next(const char *after);

/* One batch of expired items of one table after the other; true while there is more to delete. */
extern bool dyn_ttl_expire_step(void);
/* A step of the job ttl_build. */
extern DynJobResult dyn_ttl_build_step(DynJob *job, char **statement);

#endif
