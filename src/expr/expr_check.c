/*
 * Checks a parsed expression, and puts the attributes and values of the request in the place of #names and :values.
 *
 * AWS checks in layers, each over the whole text before the next: functions, reserved words, then names, values and
 * operand types.  Inside a condition, values and operand types are checked comparison by comparison.  Inner operands
 * are checked before the operators around them.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_check.h"
#include "expr/reserved_word.h"

typedef void (*Visitor) (const char *parameter, DynNode *node, void *arg);

static void check_condition_function(const char *parameter, DynNode *node, void *arg);
static void check_condition_use(const char *parameter, DynNode *node, void *arg);
static void check_comparisons(const char *parameter, DynNode *node, DynBindings *bindings);
static void check_operand_count(const char *parameter, DynNode *node, void *arg);
static void check_distinct(const char *parameter, DynNode *node, void *arg);
static void check_operand_types(const char *parameter, DynNode *node, void *arg);
static void check_between(const char *parameter, const DynNode *node);

/* Visits the operands of a node first. */
static void
walk(const char *parameter, DynNode *node, Visitor visit, void *arg)
{
	check_stack_depth();
	for (int i = 0; i < node->count; i++)
		walk(parameter, node->arguments[i], visit, arg);
	visit(parameter, node, arg);
}

static bool
is_logic(const DynNode *node)
{
	return node->kind == DYN_NODE_AND || node->kind == DYN_NODE_OR || node->kind == DYN_NODE_NOT;
}

void
dyn_expr_check_condition(const DynParser *parser, DynNode *root, DynBindings *bindings)
{
	const char *parameter = parser->parameter;

	dyn_expr_check_limits(parser);
	walk(parameter, root, check_condition_function, NULL);
	walk(parameter, root, check_condition_use, root);
	dyn_expr_check_reserved(parameter, root);
	check_comparisons(parameter, root, bindings);
}

void
dyn_expr_check_limits(const DynParser *parser)
{
	if (parser->redundant_parentheses)
		dyn_expr_parse_fail(parser->parameter, DYN_MSG_REDUNDANT_PARENTHESES);
	/* AWS stops counting there */
	if (parser->operator_count > DYN_MAX_EXPRESSION_OPERATORS)
		dyn_expr_parse_fail(parser->parameter, DYN_MSG_TOO_MANY_OPERATORS, DYN_MAX_EXPRESSION_OPERATORS + 1);
}

static void
check_condition_function(const char *parameter, DynNode *node, void *arg)
{
	if (node->kind != DYN_NODE_CALL)
		return;
	if (node->function == DYN_FUNCTION_UNKNOWN)
		dyn_expr_parse_fail(parameter, DYN_MSG_FUNCTION_UNKNOWN, dyn_text_printable(node->name));
	if (node->function == DYN_FUNCTION_IF_NOT_EXISTS || node->function == DYN_FUNCTION_LIST_APPEND)
		dyn_expr_parse_fail(parameter, DYN_MSG_FUNCTION_NOT_IN_CONDITION, dyn_expr_ast_operator_name(node));
}

static void
fail_misused(const char *parameter, const DynNode *call)
{
	dyn_expr_parse_fail(parameter, DYN_MSG_FUNCTION_MISUSED, dyn_expr_ast_operator_name(call));
}

/*
 * size() returns a number and may stand only as an operand; the other functions return true or false and may stand
 * only as conditions
 */
static void
check_condition_use(const char *parameter, DynNode *node, void *arg)
{
	if (node == arg && node->kind == DYN_NODE_CALL && node->function == DYN_FUNCTION_SIZE)
		fail_misused(parameter, node);
	for (int i = 0; i < node->count; i++)
	{
		const DynNode *operand = node->arguments[i];

		if (operand->kind == DYN_NODE_CALL && (operand->function == DYN_FUNCTION_SIZE) == is_logic(node))
			fail_misused(parameter, operand);
	}
}

/* In SET only if_not_exists() may be an operand of another function or operator. */
static void
check_update_function(const char *parameter, DynNode *node, void *arg)
{
	if (node->kind != DYN_NODE_CALL)
		return;
	if (node->function == DYN_FUNCTION_UNKNOWN)
		dyn_expr_parse_fail(parameter, DYN_MSG_FUNCTION_UNKNOWN, dyn_text_printable(node->name));
	if (node->function != DYN_FUNCTION_IF_NOT_EXISTS && node->function != DYN_FUNCTION_LIST_APPEND)
		dyn_expr_parse_fail(parameter, DYN_MSG_FUNCTION_NOT_IN_UPDATE, dyn_expr_ast_operator_name(node));
}

static void
check_update_use(const char *parameter, DynNode *node, void *arg)
{
	for (int i = 0; i < node->count; i++)
		if (node->arguments[i]->kind == DYN_NODE_CALL && node->arguments[i]->function != DYN_FUNCTION_IF_NOT_EXISTS)
			fail_misused(parameter, node->arguments[i]);
}

void
dyn_expr_check_update_functions(const char *parameter, DynNode *node)
{
	walk(parameter, node, check_update_function, NULL);
	walk(parameter, node, check_update_use, NULL);
}

/* Converts digits to a position; false when it does not fit. */
static bool
read_index(DynStr digits, int *index)
{
	int64		value = 0;

	for (int i = 0; i < digits.len; i++)
	{
		value = value * 10 + (digits.data[i] - '0');
		if (value > PG_INT32_MAX)
			return false;
	}
	*index = (int) value;
	return true;
}

void
dyn_expr_check_reserved_path(const char *parameter, const DynPath *path)
{
	for (int i = 0; i < path->count; i++)
	{
		DynPathStep *step = &path->steps[i];

		if (step->is_index)
		{
			if (!read_index(step->name, &step->index))
				dyn_expr_parse_fail(parameter, DYN_MSG_LIST_INDEX_RANGE, dyn_text_printable(step->name));
		}
		else if (dyn_reserved_word_is(step->name))
			dyn_expr_parse_fail(parameter, DYN_MSG_RESERVED_KEYWORD, dyn_text_printable(step->name));
	}
}

static void
check_reserved_node(const char *parameter, DynNode *node, void *arg)
{
	if (node->kind == DYN_NODE_PATH)
		dyn_expr_check_reserved_path(parameter, &node->path);
}

void
dyn_expr_check_reserved(const char *parameter, DynNode *node)
{
	walk(parameter, node, check_reserved_node, NULL);
}

void
dyn_expr_check_resolve_path(const char *parameter, DynPath *path, DynBindings *bindings)
{
	for (int i = 0; i < path->count; i++)
	{
		DynPathStep *step = &path->steps[i];
		const DynBindEntry *entry;

		if (step->is_index || step->name.data[0] != '#')
			continue;
		entry = dyn_expr_bind_name(bindings, step->name);
		if (entry == NULL)
			dyn_expr_parse_fail(parameter, DYN_MSG_NAME_NOT_DEFINED, dyn_text_printable(step->name));
		step->name = entry->attribute;
	}
	if (path->count > DYN_MAX_NESTING)
		dyn_expr_parse_fail(parameter, DYN_MSG_PATH_TOO_DEEP, path->count);
}

typedef struct Resolution
{
	DynBindings *bindings;
	int			what;
} Resolution;

static void
resolve_node(const char *parameter, DynNode *node, void *arg)
{
	const Resolution *resolution = arg;
	const DynBindEntry *entry;

	if (node->kind == DYN_NODE_PATH && (resolution->what & DYN_CHECK_NAMES))
		dyn_expr_check_resolve_path(parameter, &node->path, resolution->bindings);
	if (node->kind != DYN_NODE_VALUE || !(resolution->what & DYN_CHECK_VALUES))
		return;
	entry = dyn_expr_bind_value(resolution->bindings, node->name);
	if (entry == NULL)
		dyn_expr_parse_fail(parameter, DYN_MSG_VALUE_NOT_DEFINED, dyn_text_printable(node->name));
	node->value = entry->value;
}

void
dyn_expr_check_resolve(const char *parameter, DynNode *node, DynBindings *bindings, int what)
{
	Resolution	resolution = {bindings, what};

	walk(parameter, node, resolve_node, &resolution);
}

static void
check_comparisons(const char *parameter, DynNode *node, DynBindings *bindings)
{
	if (is_logic(node))
	{
		check_stack_depth();
		for (int i = 0; i < node->count; i++)
			check_comparisons(parameter, node->arguments[i], bindings);
		return;
	}
	dyn_expr_check_resolve(parameter, node, bindings, DYN_CHECK_NAMES | DYN_CHECK_VALUES);
	dyn_expr_check_operands(parameter, node);
}

void
dyn_expr_check_operands(const char *parameter, DynNode *node)
{
	walk(parameter, node, check_operand_count, NULL);
	walk(parameter, node, check_distinct, NULL);
	walk(parameter, node, check_operand_types, NULL);
}

static void
check_operand_count(const char *parameter, DynNode *node, void *arg)
{
	int			expected = 2;

	if (node->kind == DYN_NODE_IN && node->count - 1 > DYN_MAX_IN_OPERANDS)
		dyn_expr_parse_fail(parameter, DYN_MSG_IN_TOO_MANY_OPERANDS, node->count - 1);
	if (node->kind != DYN_NODE_CALL)
		return;
	if (node->function == DYN_FUNCTION_ATTRIBUTE_EXISTS || node->function == DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS ||
		node->function == DYN_FUNCTION_SIZE)
		expected = 1;
	if (node->count != expected)
		dyn_expr_parse_fail(parameter, DYN_MSG_OPERAND_COUNT, dyn_expr_ast_operator_name(node), node->count);
}

/* The two operands must not be the same path.  SET a = list_append(a, a) is allowed, and so are sums. */
static void
check_distinct(const char *parameter, DynNode *node, void *arg)
{
	if (node->kind == DYN_NODE_PLUS || node->kind == DYN_NODE_MINUS || node->count < 2 ||
		node->arguments[0]->kind != DYN_NODE_PATH)
		return;
	if (node->kind == DYN_NODE_CALL && node->function == DYN_FUNCTION_LIST_APPEND)
		return;
	/* only for BETWEEN does AWS check types first */
	if (node->kind == DYN_NODE_BETWEEN)
		walk(parameter, node, check_operand_types, NULL);
	for (int i = 1; i < node->count; i++)
		if (node->arguments[i]->kind == DYN_NODE_PATH &&
			dyn_path_equal(&node->arguments[0]->path, &node->arguments[i]->path))
			dyn_expr_parse_fail(parameter, DYN_MSG_OPERAND_NOT_DISTINCT,
								dyn_expr_ast_operator_name(node), dyn_path_steps_text(&node->arguments[0]->path));
}

static void
fail_operand_type(const char *parameter, const DynNode *node, const char *type)
{
	dyn_expr_parse_fail(parameter, DYN_MSG_OPERAND_TYPE, dyn_expr_ast_operator_name(node), type);
}

/* The type of an operand, as far as the request alone tells it. */
static bool
known_type(const DynNode *operand, DynType *type)
{
	if (operand->kind == DYN_NODE_VALUE)
		*type = operand->value.type;
	else if (operand->kind == DYN_NODE_CALL && operand->function == DYN_FUNCTION_SIZE)
		*type = DYN_TYPE_N;
	else
		return false;
	return true;
}

#define TYPE_BIT(type) (1 << (type))
#define ORDERED_TYPES (TYPE_BIT(DYN_TYPE_S) | TYPE_BIT(DYN_TYPE_N) | TYPE_BIT(DYN_TYPE_B))

static void
require_types(const char *parameter, const DynNode *node, int allowed)
{
	for (int i = 0; i < node->count; i++)
	{
		DynType		type;

		if (known_type(node->arguments[i], &type) && !(allowed & TYPE_BIT(type)))
			fail_operand_type(parameter, node, dyn_value_type_name(type));
	}
}

static void
check_attribute_type(const char *parameter, const DynNode *node)
{
	const DynNode *name = node->arguments[1];
	DynType		type;

	/* AWS lists every type when it does not know which one it is */
	if (!known_type(name, &type))
		fail_operand_type(parameter, node, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
	if (type != DYN_TYPE_S)
		fail_operand_type(parameter, node, dyn_value_type_name(type));
	if (!dyn_value_type_from_name(name->value.text, &type))
		dyn_expr_parse_fail(parameter, DYN_MSG_ATTRIBUTE_TYPE_UNKNOWN, dyn_text_printable(name->value.text));
}

static void
require_path(const char *parameter, const DynNode *node)
{
	if (node->arguments[0]->kind != DYN_NODE_PATH)
		dyn_expr_parse_fail(parameter, DYN_MSG_OPERATOR_NEEDS_PATH, dyn_expr_ast_operator_name(node));
}

static void
check_call_types(const char *parameter, const DynNode *node)
{
	switch (node->function)
	{
		case DYN_FUNCTION_ATTRIBUTE_EXISTS:
		case DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS:
		case DYN_FUNCTION_IF_NOT_EXISTS:
			require_path(parameter, node);
			break;
		case DYN_FUNCTION_ATTRIBUTE_TYPE:
			check_attribute_type(parameter, node);
			break;
		case DYN_FUNCTION_BEGINS_WITH:
			require_types(parameter, node, TYPE_BIT(DYN_TYPE_S) | TYPE_BIT(DYN_TYPE_B));
			break;
		case DYN_FUNCTION_SIZE:
			require_types(parameter, node,
						  ~(TYPE_BIT(DYN_TYPE_N) | TYPE_BIT(DYN_TYPE_BOOL) | TYPE_BIT(DYN_TYPE_NULL)));
			break;
		case DYN_FUNCTION_LIST_APPEND:
			require_types(parameter, node, TYPE_BIT(DYN_TYPE_L));
			break;
		default:
			break;
	}
}

static void
check_operand_types(const char *parameter, DynNode *node, void *arg)
{
	switch (node->kind)
	{
		case DYN_NODE_CALL:
			check_call_types(parameter, node);
			break;
		case DYN_NODE_LT:
		case DYN_NODE_LE:
		case DYN_NODE_GT:
		case DYN_NODE_GE:
			require_types(parameter, node, ORDERED_TYPES);
			break;
		case DYN_NODE_BETWEEN:
			require_types(parameter, node, ORDERED_TYPES);
			check_between(parameter, node);
			break;
		case DYN_NODE_PLUS:
		case DYN_NODE_MINUS:
			require_types(parameter, node, TYPE_BIT(DYN_TYPE_N));
			break;
		default:
			break;
	}
}

/* Appends a scalar as AWS shows it: {S:text}, {N:5}, {B:base64} */
static char *
bound_text(const DynValue *value)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "AttributeValue: {%s:", dyn_value_type_name(value->type));
	if (value->type == DYN_TYPE_N)
		dyn_number_append(&text, value->number);
	else if (value->type == DYN_TYPE_B)
		dyn_text_append_base64(&text, value->text);
	else
		appendStringInfoString(&text, dyn_text_printable(value->text));
	appendStringInfoChar(&text, '}');
	return text.data;
}

static void
check_between(const char *parameter, const DynNode *node)
{
	const DynValue *lower = &node->arguments[1]->value;
	const DynValue *upper = &node->arguments[2]->value;
	const char *fault;

	if (node->arguments[1]->kind != DYN_NODE_VALUE || node->arguments[2]->kind != DYN_NODE_VALUE)
		return;
	if (lower->type != upper->type)
		fault = "same data type for lower and upper bounds";
	else if (dyn_value_compare(lower, upper) > 0)
		fault = "upper bound to be greater than or equal to lower bound";
	else
		return;
	dyn_expr_parse_fail(parameter, DYN_MSG_BETWEEN_BOUNDS, fault, bound_text(lower), bound_text(upper));
}
