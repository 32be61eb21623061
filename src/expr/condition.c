/*
 * ConditionExpression and FilterExpression: parse and evaluate.
 *
 * A missing attribute is no error: it makes "<>" true and every other comparison false.  An attribute of a type that
 * does not fit does the same.  Values of different types are never equal and never ordered.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "expr/condition.h"
#include "expr/expr_check.h"

/* an operand's value; a computed one is stored in it */
typedef struct Operand
{
	const DynValue *value;		/* NULL: missing */
	DynValue	computed;
	DynNumber	number;
} Operand;

static bool evaluate(const DynNode *node, const DynItem *item);
static void read_operand(const DynNode *node, const DynItem *item, Operand *operand);
static bool evaluate_call(const DynNode *node, const DynItem *item);
static bool evaluate_order(DynNodeKind kind, const DynValue *a, const DynValue *b);
static bool contains(const DynValue *container, const DynValue *part);
static void visit_attributes(const DynNode *node, void (*visit) (void *arg, DynStr attribute), void *arg);

DynCondition *
dyn_condition_parse(DynStr text, const char *parameter, DynBindings *bindings)
{
	DynCondition *condition = palloc(sizeof(DynCondition));
	DynParser	parser;

	dyn_expr_parse_start(&parser, text, parameter);
	condition->root = dyn_expr_parse_condition(&parser);
	dyn_expr_check_condition(&parser, condition->root, bindings);
	return condition;
}

bool
dyn_condition_evaluate(const DynCondition *condition, const DynItem *item)
{
	return evaluate(condition->root, item);
}

void
dyn_condition_visit_attributes(const DynCondition *condition, void (*visit) (void *arg, DynStr attribute), void *arg)
{
	visit_attributes(condition->root, visit, arg);
}

static void
visit_attributes(const DynNode *node, void (*visit) (void *arg, DynStr attribute), void *arg)
{
	check_stack_depth();
	if (node->kind == DYN_NODE_PATH)
		visit(arg, node->path.steps[0].name);
	for (int i = 0; i < node->count; i++)
		visit_attributes(node->arguments[i], visit, arg);
}

void
dyn_condition_visit_paths(const DynCondition *condition, void (*visit) (void *arg, const DynPath *path), void *arg)
{
	dyn_expr_ast_visit_paths(condition->root, visit, arg);
}

static bool
is_equal(const Operand *a, const Operand *b)
{
	return a->value != NULL && b->value != NULL && dyn_value_equal(a->value, b->value);
}

static bool
evaluate_in(const DynNode *node, const DynItem *item)
{
	Operand		operand;

	read_operand(node->arguments[0], item, &operand);
	for (int i = 1; i < node->count; i++)
	{
		Operand		candidate;

		read_operand(node->arguments[i], item, &candidate);
		if (is_equal(&operand, &candidate))
			return true;
	}
	return false;
}

static bool
evaluate(const DynNode *node, const DynItem *item)
{
	Operand		operands[3];

	check_stack_depth();
	switch (node->kind)
	{
		case DYN_NODE_AND:
			for (int i = 0; i < node->count; i++)
				if (!evaluate(node->arguments[i], item))
					return false;
			return true;
		case DYN_NODE_OR:
			for (int i = 0; i < node->count; i++)
				if (evaluate(node->arguments[i], item))
					return true;
			return false;
		case DYN_NODE_NOT:
			return !evaluate(node->arguments[0], item);
		case DYN_NODE_CALL:
			return evaluate_call(node, item);
		case DYN_NODE_IN:
			return evaluate_in(node, item);
		default:
			break;
	}

	if (node->count > lengthof(operands))
		elog(ERROR, "a comparison of %d operands", node->count);
	for (int i = 0; i < node->count; i++)
		read_operand(node->arguments[i], item, &operands[i]);
	switch (node->kind)
	{
		case DYN_NODE_EQ:
			return is_equal(&operands[0], &operands[1]);
		case DYN_NODE_NE:
			return !is_equal(&operands[0], &operands[1]);
		case DYN_NODE_LT:
		case DYN_NODE_LE:
		case DYN_NODE_GT:
		case DYN_NODE_GE:
			return evaluate_order(node->kind, operands[0].value, operands[1].value);
		case DYN_NODE_BETWEEN:
			return evaluate_order(DYN_NODE_GE, operands[0].value, operands[1].value) &&
				evaluate_order(DYN_NODE_LE, operands[0].value, operands[2].value);
		default:
			elog(ERROR, "unexpected node in a condition: %d", (int) node->kind);
	}
}

static bool
evaluate_order(DynNodeKind kind, const DynValue *a, const DynValue *b)
{
	int			order;

	if (a == NULL || b == NULL || a->type != b->type)
		return false;
	if (a->type != DYN_TYPE_S && a->type != DYN_TYPE_N && a->type != DYN_TYPE_B)
		return false;
	order = dyn_value_compare(a, b);
	switch (kind)
	{
		case DYN_NODE_LT:
			return order < 0;
		case DYN_NODE_LE:
			return order <= 0;
		case DYN_NODE_GT:
			return order > 0;
		default:
			return order >= 0;
	}
}

/* In UTF-16 code units, which is how DynamoDB counts. */
static int
utf16_length(DynStr text)
{
	int			length = dyn_text_length(text);

	for (int i = 0; i < text.len; i++)
		length += (unsigned char) text.data[i] >= 0xF0;
	return length;
}

/* The size() of a value; -1 when the value has none. */
static int
size_of(const DynValue *value)
{
	switch (value->type)
	{
		case DYN_TYPE_S:
			return utf16_length(value->text);
		case DYN_TYPE_B:
			return value->text.len;
		case DYN_TYPE_L:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			return value->list.count;
		case DYN_TYPE_M:
			return value->map->count;
		default:
			return -1;
	}
}

static void
read_size(const DynNode *call, const DynItem *item, Operand *operand)
{
	Operand		measured;
	int			size;
	char		digits[16];

	read_operand(call->arguments[0], item, &measured);
	size = measured.value == NULL ? -1 : size_of(measured.value);
	operand->value = NULL;
	if (size < 0)
		return;
	snprintf(digits, sizeof(digits), "%d", size);
	dyn_number_parse(dyn_text_from_cstring(digits), &operand->number);
	operand->computed.type = DYN_TYPE_N;
	operand->computed.number = &operand->number;
	operand->value = &operand->computed;
}

static void
read_operand(const DynNode *node, const DynItem *item, Operand *operand)
{
	check_stack_depth();
	if (node->kind == DYN_NODE_PATH)
		operand->value = item == NULL ? NULL : dyn_path_get(item, &node->path);
	else if (node->kind == DYN_NODE_VALUE)
		operand->value = &node->value;
	else if (node->kind == DYN_NODE_CALL && node->function == DYN_FUNCTION_SIZE)
		read_size(node, item, operand);
	else if (node->kind == DYN_NODE_PLUS || node->kind == DYN_NODE_MINUS)
		elog(ERROR, "unexpected operand in a condition: %d", (int) node->kind);
	else
	{
		/* an operand in PartiQL: it compares truth values, too */
		operand->computed = dyn_value_boolean(evaluate(node, item));
		operand->value = &operand->computed;
	}
}

static bool
evaluate_call(const DynNode *node, const DynItem *item)
{
	Operand		first;
	Operand		second = {NULL};

	read_operand(node->arguments[0], item, &first);
	if (node->count > 1)
		read_operand(node->arguments[1], item, &second);
	if (node->function == DYN_FUNCTION_ATTRIBUTE_EXISTS)
		return first.value != NULL;
	if (node->function == DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS)
		return first.value == NULL;
	if (first.value == NULL || second.value == NULL)
		return false;

	switch (node->function)
	{
		case DYN_FUNCTION_ATTRIBUTE_TYPE:
			return second.value->type == DYN_TYPE_S &&
				dyn_text_equal_cstring(second.value->text, dyn_value_type_name(first.value->type));
		case DYN_FUNCTION_BEGINS_WITH:
			return first.value->type == second.value->type &&
				(first.value->type == DYN_TYPE_S || first.value->type == DYN_TYPE_B) &&
				dyn_text_starts_with(first.value->text, second.value->text);
		case DYN_FUNCTION_CONTAINS:
			return contains(first.value, second.value);
		case DYN_FUNCTION_NOT_CONTAINS:
			return !contains(first.value, second.value);
		default:
			elog(ERROR, "unexpected function in a condition: %d", (int) node->function);
	}
}

/* Does the container hold the value: as a part of a text, or as an element of a set or list? */
static bool
contains(const DynValue *container, const DynValue *part)
{
	switch (container->type)
	{
		case DYN_TYPE_S:
		case DYN_TYPE_B:
			return part->type == container->type && dyn_text_contains(container->text, part->text);
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			return part->type == dyn_value_element_type(container->type) && dyn_value_set_contains(container, part);
		case DYN_TYPE_L:
			for (int i = 0; i < container->list.count; i++)
			{
				CHECK_FOR_INTERRUPTS();
				if (dyn_value_equal(&container->list.values[i], part))
					return true;
			}
			return false;
		default:
			return false;
	}
}
