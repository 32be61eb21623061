/*
 * The rules beyond the grammar: reserved words, names and values, functions and the types of their operands.
 *
 * Each step looks at a whole tree and raises AWS's error for the first fault; the callers run them in AWS's order.
 */
#ifndef DYN_EXPR_CHECK_H
#define DYN_EXPR_CHECK_H

#include "expr/expr_bind.h"
#include "expr/expr_parse.h"

/* what to resolve */
#define DYN_CHECK_NAMES 1
#define DYN_CHECK_VALUES 2

/* Does all checks of a condition; afterwards its paths and values are resolved. */
extern void dyn_expr_check_condition(const DynParser *parser, DynNode *root, DynBindings *bindings);

/* The single steps, for SET values and for paths outside trees. */
extern void dyn_expr_check_limits(const DynParser *parser);	/* operators, parentheses */
extern void dyn_expr_check_reserved_path(const char *parameter, const DynPath *path);
extern void dyn_expr_check_reserved(const char *parameter, DynNode *node);
extern void dyn_expr_check_update_functions(const char *parameter, DynNode *node);
extern void dyn_expr_check_resolve_path(const char *parameter, DynPath *path, DynBindings *bindings);
extern void dyn_expr_check_resolve(const char *parameter, DynNode *node, DynBindings *bindings, int what);
extern void dyn_expr_check_operands(const char *parameter, DynNode *node);

#endif
