/*
 * ProjectionExpression.
 */
#ifndef DYN_PROJECTION_H
#define DYN_PROJECTION_H

#include "expr/expr_bind.h"
#include "item/path.h"

typedef struct DynProjection
{
	int			count;
	DynPath    *paths;			/* sorted, not in order of appearance */
} DynProjection;

extern DynProjection *dyn_projection_parse(DynStr text, DynBindings *bindings);
/* A projection of plain top-level attributes, as AttributesToGet and index projections use. */
extern DynProjection *dyn_projection_from_names(const DynStr *names, int count);
/* The named parts of item; possibly empty, never NULL.  Shares the values. */
extern DynItem *dyn_projection_apply(const DynProjection *projection, const DynItem *item);

#endif
