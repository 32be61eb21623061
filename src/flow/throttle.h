/*
 * Throttling, while dynamo.enforce_throughput is on: what a request may read and write of a table's and its indexes' limits.
 *
 * A look or a take gives the resources whose limit is exceeded, a list of DynThrottleReason; NIL: the request may go on.
 * Nothing is raised, since a batch goes on with its other items; dyn_throttle_raise does that.
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

/* ---- reads: what they cost is known afterwards ---- */

/* Takes the least that a read of the table or index can cost. */
extern List *dyn_throttle_begin_read(const DynTable *table, const DynIndex *index, double least);
/* Books what it cost beyond that: units, or all units of capacity. */
extern void dyn_throttle_end_read(const DynTable *table, const DynIndex *index, double least, double units);
extern void dyn_throttle_end_reads(const DynCapacity *capacity, const DynIndex *index, double least);

/* ---- writes: what they cost is known when the new item is, before it is written ---- */

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

/* Adds what is not among them yet to the reasons of a request that was refused piece by piece. */
extern List *dyn_throttle_add(List *all, const List *reasons);

/* The error that stands for a refusal, and its text. */
extern DynErrorCode dyn_throttle_error(const List *reasons, const char **message);
/* Raises it with ThrottlingReasons in call->error_members; call NULL: without. */
extern void dyn_throttle_raise(DynCall *call, const List *reasons) pg_attribute_noreturn();

#endif
