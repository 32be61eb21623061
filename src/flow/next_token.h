/*
 * NextToken: where the next page of a SELECT begins.
 */
#ifndef DYN_NEXT_TOKEN_H
#define DYN_NEXT_TOKEN_H

#include "item/item.h"
#include "json/json.h"
#include "partiql/partiql_expr.h"

typedef struct DynStatementPosition
{
	int			range;			/* which of the plan's ranges */
	DynItem    *key;			/* the page begins behind this key; NULL: at the range's beginning */
} DynStatementPosition;

/*
 * Reads the NextToken of a request (none: the beginning).  Raises AWS's errors for one that is not ours, or belongs to
 * another request.
 */
extern void dyn_next_token_read(const DynJson *body, const DynPartiqlParameters *parameters, int range_count,
									 DynStatementPosition *position);
extern void dyn_next_token_write(StringInfo out, const DynJson *body, const DynPartiqlParameters *parameters,
									  const DynStatementPosition *position);

#endif
