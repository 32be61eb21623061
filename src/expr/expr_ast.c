/*
 * Builds expression trees, node by node.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "expr/expr_ast.h"

static const struct
{
	const char *name;
	DynFunction function;
}			functions[] = {
	{"attribute_exists", DYN_FUNCTION_ATTRIBUTE_EXISTS},
	{"attribute_not_exists", DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS},
	{"attribute_type", DYN_FUNCTION_ATTRIBUTE_TYPE},
	{"begins_with", DYN_FUNCTION_BEGINS_WITH},
	{"contains", DYN_FUNCTION_CONTAINS},
	{"size", DYN_FUNCTION_SIZE},
	{"if_not_exists", DYN_FUNCTION_IF_NOT_EXISTS},
	{"list_append", DYN_FUNCTION_LIST_APPEND},
};

DynNode *
dyn_expr_ast_operator(DynNodeKind kind)
{
	DynNode    *node = palloc0(sizeof(DynNode));

	node->kind = kind;
	return node;
}

DynNode *
dyn_expr_ast_path(DynPath path)
{
	DynNode    *node = dyn_expr_ast_operator(DYN_NODE_PATH);

	node->path = path;
	return node;
}

DynNode *
dyn_expr_ast_attribute(DynStr name)
{
	DynPath		path;

	path.count = 1;
	path.steps = palloc0(sizeof(DynPathStep));
	path.steps[0].name = name;
	return dyn_expr_ast_path(path);
}

DynNode *
dyn_expr_ast_value(DynValue value)
{
	DynNode    *node = dyn_expr_ast_operator(DYN_NODE_VALUE);

	node->value = value;
	return node;
}

DynNode *
dyn_expr_ast_call(DynFunction function)
{
	DynNode    *node = dyn_expr_ast_operator(DYN_NODE_CALL);

	node->function = function;
	return node;
}

void
dyn_expr_ast_append(DynNode *node, DynNode *argument)
{
	if (node->arguments == NULL)
	{
		node->capacity = 2;
		node->arguments = palloc(node->capacity * sizeof(DynNode *));
	}
	else if (node->count == node->capacity)
	{
		node->capacity *= 2;
		node->arguments = repalloc(node->arguments, node->capacity * sizeof(DynNode *));
	}
	node->arguments[node->count++] = argument;
}

void
dyn_expr_ast_visit_paths(const DynNode *node, void (*visit) (void *arg, const DynPath *path), void *arg)
{
	check_stack_depth();
	if (node->kind == DYN_NODE_PATH)
		visit(arg, &node->path);
	for (int i = 0; i < node->count; i++)
		dyn_expr_ast_visit_paths(node->arguments[i], visit, arg);
}

DynFunction
dyn_expr_ast_function_from_name(DynStr name)
{
	for (int i = 0; i < lengthof(functions); i++)
		if (dyn_text_equal_cstring(name, functions[i].name))
			return functions[i].function;
	return DYN_FUNCTION_UNKNOWN;
}

DynNodeKind
dyn_expr_ast_turn_round(DynNodeKind kind)
{
	switch (kind)
	{
		case DYN_NODE_LT:
			return DYN_NODE_GT;
		case DYN_NODE_LE:
			return DYN_NODE_GE;
		case DYN_NODE_GT:
			return DYN_NODE_LT;
		case DYN_NODE_GE:
			return DYN_NODE_LE;
		default:
			return kind;
	}
}

const char *
dyn_expr_ast_operator_name(const DynNode *node)
{
	switch (node->kind)
	{
		case DYN_NODE_CALL:
			return dyn_text_to_cstring(node->name);
		case DYN_NODE_EQ:
			return "=";
		case DYN_NODE_NE:
			return "<>";
		case DYN_NODE_LT:
			return "<";
		case DYN_NODE_LE:
			return "<=";
		case DYN_NODE_GT:
			return ">";
		case DYN_NODE_GE:
			return ">=";
		case DYN_NODE_BETWEEN:
			return "BETWEEN";
		case DYN_NODE_IN:
			return "IN";
		case DYN_NODE_AND:
			return "AND";
		case DYN_NODE_OR:
			return "OR";
		case DYN_NODE_NOT:
			return "NOT";
		case DYN_NODE_PLUS:
			return "+";
		case DYN_NODE_MINUS:
			return "-";
		case DYN_NODE_PATH:
		case DYN_NODE_VALUE:
			break;
	}
	elog(ERROR, "an operand has no operator name");
}
