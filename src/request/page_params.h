/*
 * Limit, ExclusiveStartKey, Segment and TotalSegments, and what Select does not go together with.
 */
#ifndef DYN_PAGE_PARAMS_H
#define DYN_PAGE_PARAMS_H

#include "catalog/table_cache.h"
#include "expr/key_condition.h"
#include "json/json.h"

typedef struct DynPageParams
{
	int64		limit;			/* 0: none */
	DynItem    *start;			/* ExclusiveStartKey, NULL: none */
	bool		is_query;		/* words of its own for what is wrong with the start key */
	bool		old_condition;	/* a query with KeyConditions */
	int			segment;
	int			segments;		/* 0: no parallel scan */
} DynPageParams;

/* What can be checked without the table. */
extern void dyn_page_params_read(const DynJson *body, bool is_query, DynPageParams *page);
/* Splits the start key into the index's and the table's key; raises AWS's errors when it does not fit them. */
extern void dyn_page_params_fit_keys(const DynPageParams *page, const DynTable *table, const DynIndex *index,
									 DynKey *index_key, DynKey *table_key);
/* Then, of a query: raises AWS's errors when key, of what is queried, does not lie within range. */
extern void dyn_page_params_fit_range(const DynPageParams *page, const DynKeySchema *schema, bool is_index,
									  const DynKeyRange *range, const DynKey *key);

#endif
