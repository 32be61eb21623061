/*
 * PartiQL's expressions as the values, paths and trees that the other expressions compile to.
 */
#ifndef DYN_PARTIQL_EXPR_H
#define DYN_PARTIQL_EXPR_H

#include "expr/expr_ast.h"
#include "item/item.h"
#include "partiql/partiql_ast.h"

/* The values for a statement's question marks. */
typedef struct DynPartiqlParameters
{
	int			count;
	DynValue   *values;
} DynPartiqlParameters;

/* All raise AWS's errors for what DynamoDB does not know or take. */
extern DynPath dyn_partiql_expr_path(const DynPartiqlNode *node);
/* The item of an INSERT: a struct. */
extern DynItem *dyn_partiql_expr_item(const DynPartiqlNode *node, const DynPartiqlParameters *parameters);
/* What stands behind WHERE; its operands are checked. */
extern DynNode *dyn_partiql_expr_condition(const DynPartiqlNode *node, const DynPartiqlParameters *parameters);
/* Adds SET target = value, or REMOVE target, to an update. */
extern void dyn_partiql_expr_change(struct DynUpdate *update, const DynPartiqlChange *change,
									const DynPartiqlParameters *parameters);

#endif
