/*
 * Ordered walk of a table or an index.
 */
#ifndef DYN_ROW_RANGE_H
#define DYN_ROW_RANGE_H

#include "catalog/table_cache.h"
#include "expr/key_condition.h"
#include "utils/jsonb.h"

typedef struct DynRowRange
{
	const DynTable *table;
	const DynIndex *index;		/* NULL: the table itself */
	const DynKeyRange *range;	/* NULL: everything (a scan), in the order of the keys */
	bool		backward;
	/* exclusive start, when has_start: the index's key (index NULL: unused) and the table's key of the last item seen */
	bool		has_start;
	DynKey		start_index;
	DynKey		start_table;
	int			segment;		/* parallel scan: only rows whose hash key falls in segment of segments */
	int			segments;		/* 0: no segments */
} DynRowRange;

/*
 * Called for each row in order.  jsonb and the CurrentMemoryContext of the call live until it returns.  False ends the
 * walk after this row.  visit must not read or write rows itself, and may raise errors.
 */
typedef bool (*DynRowVisit) (void *arg, Jsonb *item, int size);

/* One statement, one snapshot.  Streams: memory does not grow with the number of rows. */
extern void dyn_row_range_walk(const DynRowRange *range, DynRowVisit visit, void *arg);
/* Whether the start key of a parallel scan lies in the range's own segment. */
extern bool dyn_row_range_start_fits(const DynRowRange *range);

#endif
