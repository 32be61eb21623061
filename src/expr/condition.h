/*
 * ConditionExpression and FilterExpression.
 */
#ifndef DYN_CONDITION_H
#define DYN_CONDITION_H

#include "expr/expr_bind.h"
#include "item/path.h"

typedef struct DynCondition DynCondition;	/* a tree of expr_ast.h */

/* parameter: "ConditionExpression", "FilterExpression", ...: it opens every error message. */
extern DynCondition *dyn_condition_parse(DynStr text, const char *parameter, DynBindings *bindings);
/* item NULL: there is none (every path is missing). */
extern bool dyn_condition_evaluate(const DynCondition *condition, const DynItem *item);
/* Calls visit for the top-level attribute of each path in the tree: a filter may not name key attributes. */
extern void dyn_condition_visit_attributes(const DynCondition *condition, void (*visit) (void *arg, DynStr attribute),
										   void *arg);

/* The same with each path as a whole. */
extern void dyn_condition_visit_paths(const DynCondition *condition, void (*visit)(void *arg, const DynPath *path),
									  void *arg);

#endif
