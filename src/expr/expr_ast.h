/*
 * The one tree to which all expressions and the legacy parameters (Expected, KeyConditions, QueryFilter,
 * AttributeUpdates) compile.
 *
 * A tree is either a condition, whose leaves compare operands, or the right side of a SET action.  The parser leaves
 * the operands as they were written (#name, :value); expr_check.c resolves them.  Trees that are built by hand hold
 * resolved paths and values from the start and need no check.
 */
#ifndef DYN_EXPR_AST_H
#define DYN_EXPR_AST_H

#include "item/path.h"

typedef enum DynNodeKind
{
	/* operands */
	DYN_NODE_PATH,
	DYN_NODE_VALUE,
	DYN_NODE_CALL,				/* also a condition, when the function returns true or false */
	/* conditions: the arguments are operands */
	DYN_NODE_EQ,
	DYN_NODE_NE,
	DYN_NODE_LT,
	DYN_NODE_LE,
	DYN_NODE_GT,
	DYN_NODE_GE,
	DYN_NODE_BETWEEN,			/* operand, lower, upper */
	DYN_NODE_IN,				/* operand, then the list */
	/* conditions of conditions */
	DYN_NODE_AND,
	DYN_NODE_OR,
	DYN_NODE_NOT,
	/* values of SET */
	DYN_NODE_PLUS,
	DYN_NODE_MINUS
} DynNodeKind;

typedef enum DynFunction
{
	DYN_FUNCTION_UNKNOWN,
	DYN_FUNCTION_ATTRIBUTE_EXISTS,	/* also the legacy NOT_NULL */
	DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS,	/* also the legacy NULL */
	DYN_FUNCTION_ATTRIBUTE_TYPE,
	DYN_FUNCTION_BEGINS_WITH,
	DYN_FUNCTION_CONTAINS,
	DYN_FUNCTION_NOT_CONTAINS,	/* legacy only; also false when the attribute is missing */
	DYN_FUNCTION_SIZE,
	DYN_FUNCTION_IF_NOT_EXISTS,
	DYN_FUNCTION_LIST_APPEND
} DynFunction;

typedef struct DynNode
{
	DynNodeKind kind;
	DynFunction function;		/* CALL */
	DynStr		name;			/* CALL: the function as written; VALUE: ":v" as written */
	DynPath		path;			/* PATH; until resolved a step's name is "#n" or an index's digits */
	DynValue	value;			/* VALUE */
	int			count;
	int			capacity;
	struct DynNode **arguments;
} DynNode;

/* A condition, filter or key condition. */
struct DynCondition
{
	DynNode    *root;
};

typedef enum DynActionKind
{
	DYN_ACTION_SET,
	DYN_ACTION_REMOVE,
	DYN_ACTION_ADD,
	DYN_ACTION_DELETE			/* takes elements out of a set */
} DynActionKind;

typedef struct DynAction
{
	DynActionKind kind;
	DynPath		path;
	DynNode    *operand;		/* NULL for REMOVE */
} DynAction;

struct DynUpdate
{
	int			count;
	int			capacity;
	DynAction  *actions;		/* in order of appearance */
	DynPath    *paths;			/* the actions' paths, sorted (path_set.h); NULL until dyn_update_finish */
	bool		appends_lists;	/* ADD also appends to lists: AttributeUpdates does, UpdateExpression does not */
};

extern DynNode *dyn_expr_ast_path(DynPath path);
extern DynNode *dyn_expr_ast_attribute(DynStr name);	/* the path of one top-level attribute */
extern DynNode *dyn_expr_ast_value(DynValue value);
/* An operator or call without arguments yet. */
extern DynNode *dyn_expr_ast_operator(DynNodeKind kind);
extern DynNode *dyn_expr_ast_call(DynFunction function);
extern void dyn_expr_ast_append(DynNode *node, DynNode *argument);

/* Calls visit for each path in a tree. */
extern void dyn_expr_ast_visit_paths(const DynNode *node, void (*visit) (void *arg, const DynPath *path), void *arg);

extern DynFunction dyn_expr_ast_function_from_name(DynStr name);
/* The comparison that means the same when the operands are exchanged. */
extern DynNodeKind dyn_expr_ast_turn_round(DynNodeKind kind);
/* How AWS names an operator or function in messages: "<", "BETWEEN", "begins_with"; NUL-terminated. */
extern const char *dyn_expr_ast_operator_name(const DynNode *node);

#endif
