/*
 * A page of Query or Scan: range, filter, projection, until the limit or 1 MB.
 */
#ifndef DYN_READ_FLOW_H
#define DYN_READ_FLOW_H

#include "base/call.h"
#include "request/expr_params.h"
#include "request/page_params.h"
#include "response/capacity.h"
#include "store/row_range.h"

typedef enum DynSelect
{
	DYN_SELECT_ALL,				/* whole items; of an index: from the table where the projection lacks them */
	DYN_SELECT_PROJECTED,		/* what the index holds */
	DYN_SELECT_SPECIFIC,		/* what the projection expression names */
	DYN_SELECT_COUNT
} DynSelect;

typedef struct DynRead
{
	const DynTable *table;
	const DynIndex *index;		/* NULL: the table */
	const DynKeyRange *range;	/* NULL: a scan */
	bool		backward;
	bool		consistent;
	DynSelect	select;
	bool		fetches;		/* items are fetched from the table, since the local index lacks what is asked for */
	const DynCondition *filter;
	const DynProjection *projection;
	DynItem    *(*project) (const struct DynRead *read, const DynItem *item);	/* instead of projection; NULL: none */
	const void *project_arg;
	DynPageParams page;
	bool		has_start;		/* the start key is split already */
	DynKey		start_index;
	DynKey		start_table;
	DynCapacityMode capacity_mode;
} DynRead;

/* The result of a read; several reads may add to one. */
typedef struct DynReadResult
{
	int64		count;
	int64		scanned;
	int64		bytes;
	int64		fetched_bytes;
	double		fetched_units;	/* for items that a local index fetched from the table, one by one */
	Jsonb	   *last;			/* the row that ended the page; NULL: there were no more rows */
} DynReadResult;

/* The index of that name, which must be there to be read. */
extern const DynIndex *dyn_read_flow_index(const DynTable *table, const char *name);
/* IndexName and ConsistentRead, checked against the table. */
extern void dyn_read_flow_find_index(DynRead *read, const DynJson *body);
/* Then the start key; for a query it is checked against the range afterwards. */
extern void dyn_read_flow_find_start(DynRead *read);
extern void dyn_read_flow_check_start(const DynRead *read);
/* Then Select, checked against the index; of a scan before the start key, as recorded. */
extern void dyn_read_flow_find_select(DynRead *read, const DynJson *body, const DynExprParams *params);
/* Then the projection, checked against the index. */
extern void dyn_read_flow_target(DynRead *read, const DynJson *body, const DynExprParams *params);
/*
 * The filter of a query may name neither a key attribute of the table or index queried, nor an attribute that the
 * index lacks; parameter is the filter's name in the request.  The filter of a scan may name both, since an attribute
 * that the index lacks is just missing from its entries.
 */
extern void dyn_read_flow_check_filter_keys(const DynRead *read, bool legacy);
extern void dyn_read_flow_check_filter(const DynRead *read);
/*
 * Appends the page's items to out, an open array, unless only their count is asked for.  last is allocated in context.
 */
extern void dyn_read_flow_rows(const DynRead *read, StringInfo out, MemoryContext context, DynReadResult *result);
/* Raises the error when throttling refuses a read.  After the read, dyn_read_flow_add_capacity books what it cost. */
extern void dyn_read_flow_throttle(DynCall *call, const DynRead *read);
extern void dyn_read_flow_add_capacity(const DynRead *read, const DynReadResult *result, DynCapacity *capacity);
/* Reads the page and writes the whole reply: Items, Count, ScannedCount, LastEvaluatedKey, ConsumedCapacity. */
extern void dyn_read_flow_run(DynCall *call, DynRead *read);

#endif
