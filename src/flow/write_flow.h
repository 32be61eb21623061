/*
 * The one procedure behind every write of one item: lock, read, check, apply, write.
 */
#ifndef DYN_WRITE_FLOW_H
#define DYN_WRITE_FLOW_H

#include "nodes/pg_list.h"

#include "catalog/table_cache.h"
#include "expr/condition.h"
#include "response/capacity.h"
#include "response/return_values.h"

struct DynWrite;

/* Returns the item that old (NULL: none) becomes; NULL: it is deleted.  May raise errors; must not change old. */
typedef DynItem *(*DynApply) (struct DynWrite *write, const DynItem *old);

typedef struct DynWrite
{
	/* in */
	const DynTable *table;
	DynKey		key;
	const DynCondition *condition;	/* NULL: none */
	DynApply	apply;
	void	   *arg;			/* for apply */
	bool		blind;			/* apply does not look at old, and nobody needs it afterwards */
	int			known_size;		/* of what apply gives, when the caller has measured and checked it; 0: not yet */
	DynCapacityMode capacity_mode;	/* for dyn_write_flow_reply */
	/* out */
	DynItem    *old;			/* unless blind */
	DynItem    *new;
	int			new_size;
	List	   *refusal;		/* DynThrottleReasons when throttling refused the write; else NIL */
	bool		paid;			/* its units have been taken; repeating the write after an error takes none */
} DynWrite;

/*
 * False when nothing is written.  Either throttling has refused the write, with the reasons in write->refusal, or the
 * condition has failed, and write->old is the item it failed on.  The row stays locked until the transaction ends.
 */
extern bool dyn_write_flow_run(DynWrite *write);
/*
 * The same, but raises the refusal, or ConditionalCheckFailedException with the old item when the request asks for it.
 */
struct DynCall;
extern void dyn_write_flow_run_or_fail(struct DynCall *call, DynWrite *write);
/* A part of dyn_write_flow_run: sets new and new_size from what apply makes of old. */
extern void dyn_write_flow_apply(DynWrite *write, const DynItem *old);
/* The reply of PutItem, UpdateItem or DeleteItem: attributes, capacity, metrics.  Update NULL: it was none. */
extern void dyn_write_flow_reply(struct DynCall *call, const DynWrite *write, DynReturnValues values,
								 const DynUpdate *update);

#endif
