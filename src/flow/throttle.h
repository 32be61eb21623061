/*
 * Throttling, while dynamo.enforce_throughput is on: does a request fit into the limits of a table and its indexes?
 *
 * The functions that look or take return the resources whose limit is exceeded, a list of DynThrottleReason; NIL: the
 * request may go on.  They raise no error, since a batch goes on with its other items; dyn_throttle_raise raises it.
 */
#ifndef DYN_THROTTLE_H
#define DYN_THROTTLE_H

#include "nodes/pg_list.h"

#include "base/call.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "response/capacity.h"

typedef struct DynThrottleReason
{
	const DynTable *table;
	const DynIndex *index;		/* a global one, NULL: the table */
	bool		writes;
} DynThrottleReason;

/* Buckets are in shared memory, which exists when the library was preloaded. */
static inline bool
dyn_throttle_enforced(void)
{
	return dyn_guc_enforce_throughput && dyn_shmem != NULL;
}

/* ---- reads: their cost is known afterwards ---- */

/* Takes the least that a read of the table or index can cost. */
extern List *dyn_throttle_begin_read(const DynTable *table, const DynIndex *index, double least);
/* Books what it cost beyond that: units, or all units of capacity. */
extern void dyn_throttle_end_read(const DynTable *table, const DynIndex *index, double least, double units);
extern void dyn_throttle_end_reads(const DynCapacity *capacity, const DynIndex *index, double least);

/* ---- writes: their cost is known with the new item, before it is written ---- */

/* Does the table or an index of it have a limit for writes? */
extern bool dyn_throttle_limits_writes(const DynTable *table);
/* Is there anything left for a write?  Takes nothing. */
extern List *dyn_throttle_look(const DynTable *table);
/* Takes the units of all of capacity from the table and the indexes, or nothing. */
extern List *dyn_throttle_take_write(const DynCapacity *capacity);
/* Gives back what dyn_throttle_take_write has taken. */
extern void dyn_throttle_give_back(const DynCapacity *capacity);
/* A failed condition costs what writing the old item (NULL: none) would. */
extern void dyn_throttle_book_failed(const DynTable *table, const DynItem *old);

/* ---- errors ---- */

/* Adds reasons that are not in the list yet, for a request that was refused piece by piece. */
extern List *dyn_throttle_add(List *all, const List *reasons);

/* The error that stands for a refusal, and its text. */
extern DynErrorCode dyn_throttle_error(const List *reasons, const char **message);
/* Raises it with ThrottlingReasons in call->error_members; call NULL: without. */
extern void dyn_throttle_raise(DynCall *call, const List *reasons) pg_attribute_noreturn();

#endif
