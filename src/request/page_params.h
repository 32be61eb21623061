/*
 * Limit, ExclusiveStartKey, Segment and TotalSegments.
 */
#ifndef DYN_PAGE_PARAMS_H
#define DYN_PAGE_PARAMS_H

#include "expr/key_condition.h"
#include "json/json.h"
#include "meta/table_meta.h"

typedef struct DynPageParams
{
	int64		limit;			/* 0: none */
	DynItem    *start;			/* ExclusiveStartKey, NULL: none */
	int			segment;
	int			segments;		/* 0: no parallel scan */
} DynPageParams;

/* What can be checked without the table. */
extern void dyn_page_params_read(const DynJson *body, DynPageParams *page);
/*
 * Splits the start key into the index's and the table's key; raises AWS's errors when it does not fit them, or does not
 * lie within range (NULL for a scan).
 */
extern void dyn_page_params_fit(const DynPageParams *page, const DynTable *table, const DynIndex *index,
								const DynKeyRange *range, DynKey *index_key, DynKey *table_key);

#endif
