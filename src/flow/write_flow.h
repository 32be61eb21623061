/*
 * The one procedure behind every write of one item: lock, read, check, apply, write.
 */
#ifndef DYN_WRITE_FLOW_H
#define DYN_WRITE_FLOW_H

#include "expr/condition.h"
#include "meta/table_meta.h"

struct DynWrite;

/* The item that old (NULL: none) becomes; NULL: none, it is deleted.  May raise errors; must not change old. */
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
	/* out */
	DynItem    *old;			/* unless blind */
	DynItem    *new;
	int			new_size;
} DynWrite;

/*
 * False when the condition failed: nothing is written, write->old is the item it failed on.  The row stays locked until
 * the transaction ends.
 */
extern bool dyn_write_flow_run(DynWrite *write);
/* The same, but a failed condition raises ConditionalCheckFailedException, with the old item when the request asks for it. */
struct DynCall;
extern void dyn_write_flow_run_or_fail(struct DynCall *call, DynWrite *write);

#endif
