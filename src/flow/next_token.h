/*
 * NextToken: where the next page of a SELECT begins.
 */
#ifndef DYN_NEXT_TOKEN_H
#define DYN_NEXT_TOKEN_H

#include "item/item.h"
#include "json/json.h"

typedef struct DynStatementPosition
{
	int			range;			/* which of the plan's ranges */
	DynItem    *key;			/* behind which item of it, NULL: its beginning */
} DynStatementPosition;

/* The token of a request (none: the beginning); raises AWS's errors for one that is not ours or of another request. */
extern void dyn_next_token_read(const DynJson *body, int range_count, DynStatementPosition *position);
extern void dyn_next_token_write(StringInfo out, const DynJson *body, const DynStatementPosition *position);

#endif
