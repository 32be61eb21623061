/*
 * The expression parameters of a request, compiled.
 */
#ifndef DYN_EXPR_PARAMS_H
#define DYN_EXPR_PARAMS_H

#include "catalog/table_cache.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "expr/projection.h"
#include "expr/update.h"
#include "json/json.h"

/* which of them an operation has */
#define DYN_EXPR_UPDATE 1
#define DYN_EXPR_CONDITION 2
#define DYN_EXPR_FILTER 4
#define DYN_EXPR_KEY_CONDITION 8
#define DYN_EXPR_PROJECTION 16
/*
 * Actions of transactions have no legacy parameters, and AWS lets names and values without any expression pass there.
 */
#define DYN_EXPR_TRANSACTION 32

/* absent expressions are NULL */
typedef struct DynExprParams
{
	DynBindings *bindings;
	DynUpdate  *update;
	DynCondition *condition;
	DynCondition *filter;
	DynCondition *key_condition;
	DynProjection *projection;
} DynExprParams;

/*
 * First the rules that need no parsing, which AWS checks before it looks at items and keys: expressions do not mix with
 * the legacy parameters, and names and values need an expression to be used in.
 */
extern void dyn_expr_params_check(const DynJson *body, int which);
/*
 * Then the legacy parameters except KeyConditions; then the texts: names, values, every expression, and that every name
 * and value is used, and KeyConditions.  Query and Scan look at other things between the two.
 */
extern void dyn_expr_params_read(const DynJson *body, int which, DynExprParams *params);
extern void dyn_expr_params_read_legacy(const DynJson *body, int which, DynExprParams *params);
extern void dyn_expr_params_read_expressions(const DynJson *body, int which, DynExprParams *params);
/*
 * Keys are scalars: no expression may look for something inside one.  The legacy parameters cannot.  Of several such
 * attributes the first in the schemas is named, wherever it stands in the text.
 */
extern void dyn_expr_params_check_projection_keys(const DynExprParams *params, const DynTable *table);
extern void dyn_expr_params_check_keys(const DynExprParams *params, const DynTable *table);

#endif
