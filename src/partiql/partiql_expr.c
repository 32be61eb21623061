/*
 * Turns PartiQL's expressions into values, paths and trees.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_check.h"
#include "expr/update.h"
#include "partiql/partiql_expr.h"
#include "partiql/partiql_parse.h"

typedef enum Purpose
{
	PURPOSE_CONDITION,
	PURPOSE_UPDATE
} Purpose;

static DynValue read_value(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, const char *under, int level);
static DynItem *read_struct(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, const char *under, int level);
static DynNode *read_condition(const DynPartiqlNode *node, const DynPartiqlParameters *parameters);
static DynNode *read_operand(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, Purpose purpose);

/* ---- values ---- */

static const DynValue *
parameter_value(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	if (node->number >= parameters->count)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARAMETER_COUNT);
	return &parameters->values[node->number];
}

static DynValue
read_number(const DynPartiqlNode *node, const char *under)
{
	DynNumber  *number = palloc(sizeof(DynNumber));
	DynStr		text = node->text;
	StringInfoData digits;

	/* "1." and "1.e5" are numbers to PartiQL alone */
	initStringInfo(&digits);
	for (int i = 0; i < text.len; i++)
		if (text.data[i] != '.' || (i + 1 < text.len && text.data[i + 1] >= '0' && text.data[i + 1] <= '9'))
			appendStringInfoChar(&digits, text.data[i]);
	dyn_number_check(dyn_number_parse((DynStr) {digits.data, digits.len}, number), text);
	if (number->count == 0 && text.data[0] == '-' && dyn_text_contains(text, DYN_STR(".")))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_NEGATIVE_ZERO, under, dyn_partiql_parse_place(node->place));
	return dyn_value_number(number);
}

/* What AWS calls an expression that is no value. */
static const char *
kind_name(const DynPartiqlNode *node, bool nested)
{
	switch (node->kind)
	{
		case DYN_PARTIQL_PARAMETER:
			return "Parameter";
		case DYN_PARTIQL_VARIABLE:
			return nested ? "VariableReference" : dyn_text_printable(node->text);
		case DYN_PARTIQL_LITERAL_MISSING:
			return nested ? "LiteralMissing" : "MISSING";
		case DYN_PARTIQL_PATH:
			return "Path";
		default:
			return dyn_text_printable(node->text);
	}
}

static void
fail_type(const DynPartiqlNode *node, const char *under, int level)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_DATA_TYPE,
			  kind_name(node, level > 1), under, dyn_partiql_parse_place(node->place));
}

/* A set: all strings or all numbers, and at least one. */
static DynValue
read_bag(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, const char *under)
{
	DynValue	set = dyn_value_list();

	if (node->count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_BAG_EMPTY, dyn_partiql_parse_place(node->place));
	for (int i = 0; i < node->count; i++)
	{
		const DynPartiqlNode *element = node->arguments[i];

		if (element->kind != DYN_PARTIQL_LITERAL_STRING && element->kind != DYN_PARTIQL_LITERAL_NUMBER)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_BAG_TYPE_AT, dyn_partiql_parse_place(element->place));
		if (element->kind != node->arguments[0]->kind)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_BAG_TYPE);
		dyn_value_list_append(&set, read_value(element, parameters, under, 1));
	}
	set.type = node->arguments[0]->kind == DYN_PARTIQL_LITERAL_STRING ? DYN_TYPE_SS : DYN_TYPE_NS;
	if (!dyn_value_set_normalize(&set))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_SET_DUPLICATES_OLDER);
	return set;
}

/*
 * A literal, or (not inside another) a parameter.  under is its place in the value for messages, level 0 a whole operand.
 */
static DynValue
read_value(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, const char *under, int level)
{
	DynValue	value;

	check_stack_depth();
	switch (node->kind)
	{
		case DYN_PARTIQL_LITERAL_STRING:
			return dyn_value_string(node->text);
		case DYN_PARTIQL_LITERAL_NUMBER:
			return read_number(node, under);
		case DYN_PARTIQL_LITERAL_BOOLEAN:
			return dyn_value_boolean(node->flag);
		case DYN_PARTIQL_LITERAL_NULL:
			return dyn_value_null();
		case DYN_PARTIQL_LITERAL_ION:
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ION_LITERAL,
					  dyn_text_starts_with(node->text, DYN_STR("{{")) ? "BLOB" : "INT", under,
					  dyn_partiql_parse_place(node->place));
		case DYN_PARTIQL_PARAMETER:
			if (level <= 1)
				return *parameter_value(node, parameters);
			fail_type(node, under, level);
			break;
		case DYN_PARTIQL_LIST:
			value = dyn_value_list();
			for (int i = 0; i < node->count; i++)
				dyn_value_list_append(&value, read_value(node->arguments[i], parameters, psprintf("%s.%d", under, i), level + 2));
			return value;
		case DYN_PARTIQL_BAG:
			return read_bag(node, parameters, under);
		case DYN_PARTIQL_STRUCT:
			value.type = DYN_TYPE_M;
			value.map = read_struct(node, parameters, under, level + 2);
			return value;
		default:
			fail_type(node, under, level);
	}
	pg_unreachable();
}

typedef struct NamedPosition
{
	DynStr		name;
	int			position;
} NamedPosition;

static int
compare_positions(const void *a, const void *b)
{
	const NamedPosition *left = a;
	const NamedPosition *right = b;
	int			order = dyn_text_compare(left->name, right->name);

	return order != 0 ? order : left->position - right->position;
}

/* The first member whose name an earlier one has: its position, or -1. */
static int
find_repeated(const DynPartiqlNode *node)
{
	int			count = node->count / 2;
	NamedPosition *names = palloc(Max(count, 1) * sizeof(NamedPosition));
	int			first = -1;

	for (int i = 0; i < count; i++)
		names[i] = (NamedPosition) {node->arguments[2 * i]->text, i};
	qsort(names, count, sizeof(NamedPosition), compare_positions);
	for (int i = 1; i < count; i++)
		if (dyn_text_equal(names[i - 1].name, names[i].name) && (first < 0 || names[i].position < first))
			first = names[i].position;
	pfree(names);
	return first;
}

static void
check_name(const DynPartiqlNode *name, const char *under)
{
	if (name->kind != DYN_PARTIQL_LITERAL_STRING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TUPLE_KEY_TYPE,
				  name->kind == DYN_PARTIQL_LITERAL_NUMBER ? "INT" : kind_name(name, true), under,
				  dyn_partiql_parse_place(name->place));
	if (name->text.len == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_PATH_EMPTY_NAME);
}

static DynItem *
read_struct(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, const char *under, int level)
{
	int			count = node->count / 2;
	int			repeated = find_repeated(node);
	DynItem    *item = dyn_item_make(count);

	for (int i = 0; i < count; i++)
	{
		const DynPartiqlNode *name = node->arguments[2 * i];
		const char *inside;

		check_name(name, under);
		if (i == repeated)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TUPLE_KEY_TWICE, dyn_text_printable(name->text), under,
					  dyn_partiql_parse_place(level == 1 ? name->place : node->place));
		/* AWS names the way to a nested value without the attribute it begins with */
		inside = level > 1 ? psprintf("%s.%s", under, dyn_text_printable(name->text)) : under;
		dyn_item_append(item, name->text, read_value(node->arguments[2 * i + 1], parameters, inside, level));
	}
	(void) dyn_item_sort(item);
	return item;
}

static DynValue
checked_value(DynValue value)
{
	if (dyn_value_depth(&value) >= DYN_MAX_NESTING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_DEEP);
	return value;
}

DynItem *
dyn_partiql_expr_item(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	DynItem    *item = read_struct(node, parameters, "root", 1);

	for (int i = 0; i < item->count; i++)
		(void) checked_value(item->attributes[i].value);
	return item;
}

/* ---- paths ---- */

static int
list_index(const DynPartiqlNode *step)
{
	int64		index = 0;

	for (int i = 0; i < step->text.len && index <= PG_INT32_MAX; i++)
	{
		char		c = step->text.data[i];

		index = c < '0' || c > '9' ? PG_INT64_MAX : index * 10 + (c - '0');
	}
	if (index > PG_INT32_MAX)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_LIST_INDEX_RANGE,
				  dyn_text_printable(step->text), dyn_partiql_parse_place(step->place));
	return (int) index;
}

DynPath
dyn_partiql_expr_path(const DynPartiqlNode *node)
{
	int			count = node->kind == DYN_PARTIQL_PATH ? node->count : 1;
	DynPath		path = {count, palloc0(count * sizeof(DynPathStep))};

	for (int i = 0; i < count; i++)
	{
		const DynPartiqlNode *step = node->kind == DYN_PARTIQL_PATH ? node->arguments[i] : node;
		const char *fault = NULL;

		if (step->kind == DYN_PARTIQL_LITERAL_NUMBER && i > 0)
		{
			path.steps[i].is_index = true;
			path.steps[i].index = list_index(step);
			continue;
		}
		if (step->kind == DYN_PARTIQL_UNPIVOT)
			fault = DYN_MSG_PARTIQL_UNPIVOT_PATH;
		else if (step->kind == DYN_PARTIQL_WILDCARD)
			fault = DYN_MSG_PARTIQL_WILDCARD_PATH;
		else if (step->kind != (i == 0 ? DYN_PARTIQL_VARIABLE : DYN_PARTIQL_LITERAL_STRING))
			fault = DYN_MSG_PARTIQL_PATH_COMPONENT;
		if (fault != NULL)
			dyn_error(DYN_ERR_VALIDATION, "%s%s", fault, dyn_partiql_parse_place(step->place));
		if (step->text.len == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_PATH_EMPTY_NAME);
		path.steps[i].name = step->text;
	}
	if (count > DYN_MAX_NESTING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PATH_TOO_DEEP, count);
	return path;
}

/* ---- conditions ---- */

static bool
is_operator(const DynPartiqlNode *node, const char *name)
{
	return node->kind == DYN_PARTIQL_OPERATOR && dyn_text_equal_cstring(node->text, name);
}

/* May it stand where a condition stands?  Functions say what they answer only later. */
static bool
is_expression(const DynPartiqlNode *node)
{
	return node->kind == DYN_PARTIQL_OPERATOR || node->kind == DYN_PARTIQL_CALL || node->kind == DYN_PARTIQL_IS ||
		node->kind == DYN_PARTIQL_UNSUPPORTED;
}

DynNode *
dyn_partiql_expr_condition(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	DynNode    *condition;

	if (!is_expression(node))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_WHERE_NOT_BOOLEAN);
	condition = read_condition(node, parameters);
	if (condition->kind == DYN_NODE_CALL && condition->function == DYN_FUNCTION_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_WHERE_NOT_BOOLEAN);
	dyn_expr_check_operands(NULL, condition);
	return condition;
}

static DynNodeKind
operator_kind(const DynPartiqlNode *node)
{
	static const struct
	{
		const char *name;
		DynNodeKind kind;
	}			kinds[] = {
		{"=", DYN_NODE_EQ}, {"<>", DYN_NODE_NE}, {"<", DYN_NODE_LT}, {"<=", DYN_NODE_LE}, {">", DYN_NODE_GT},
		{">=", DYN_NODE_GE}, {"between", DYN_NODE_BETWEEN}, {"in", DYN_NODE_IN}, {"and", DYN_NODE_AND},
		{"or", DYN_NODE_OR}, {"not", DYN_NODE_NOT},
	};

	for (int i = 0; i < lengthof(kinds); i++)
		if (dyn_text_equal_cstring(node->text, kinds[i].name))
			return kinds[i].kind;
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_CONDITION_OPERATOR, dyn_text_printable(node->text));
}

static DynNode *
read_logic(const DynPartiqlNode *node, DynNodeKind kind, const DynPartiqlParameters *parameters)
{
	DynNode    *logic = dyn_expr_ast_operator(kind);

	for (int i = 0; i < node->count; i++)
	{
		DynNode    *part;

		if (!is_expression(node->arguments[i]))
			dyn_error(DYN_ERR_VALIDATION, kind == DYN_NODE_NOT ? DYN_MSG_PARTIQL_NOT_ARGUMENT :
					  DYN_MSG_PARTIQL_LOGIC_ARGUMENTS);
		part = read_condition(node->arguments[i], parameters);
		if (part->kind == DYN_NODE_CALL && part->function == DYN_FUNCTION_SIZE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_LOGIC_NUMBER, dyn_expr_ast_operator_name(logic));
		/* a AND (b AND c) is one conjunction */
		for (int j = 0; part->kind == kind && kind != DYN_NODE_NOT && j < part->count; j++)
			dyn_expr_ast_append(logic, part->arguments[j]);
		if (part->kind != kind || kind == DYN_NODE_NOT)
			dyn_expr_ast_append(logic, part);
	}
	return logic;
}

static DynNode *
read_in(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	DynNode    *in = dyn_expr_ast_operator(DYN_NODE_IN);
	const DynPartiqlNode *list = node->arguments[1];

	if ((list->kind != DYN_PARTIQL_LIST && list->kind != DYN_PARTIQL_BAG) || list->count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_IN_ARGUMENTS);
	dyn_expr_ast_append(in, read_operand(node->arguments[0], parameters, PURPOSE_CONDITION));
	for (int i = 0; i < list->count; i++)
		dyn_expr_ast_append(in, read_operand(list->arguments[i], parameters, PURPOSE_CONDITION));
	return in;
}

/* path IS [NOT] type */
static DynNode *
read_is(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	static const struct
	{
		const char *name;
		const char *type;
	}			types[] = {
		{"NULL", "NULL"}, {"BOOLEAN", "BOOL"}, {"BLOB", "B"}, {"STRING", "S"}, {"NUMERIC", "N"}, {"STRUCT", "M"},
		{"TUPLE", "M"}, {"LIST", "L"},
	};
	const DynPartiqlNode *operand = node->arguments[0];
	DynNode    *test = NULL;
	DynNode    *negation;

	if (is_expression(operand) || operand->kind == DYN_PARTIQL_PARAMETER)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_IS_ARGUMENT);
	if (dyn_text_equal_cstring(node->text, "MISSING"))
	{
		test = dyn_expr_ast_call(DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS);
		test->name = DYN_STR("attribute_not_exists");
		dyn_expr_ast_append(test, read_operand(operand, parameters, PURPOSE_CONDITION));
	}
	for (int i = 0; i < lengthof(types) && test == NULL; i++)
	{
		if (!dyn_text_equal_cstring(node->text, types[i].name))
			continue;
		test = dyn_expr_ast_call(DYN_FUNCTION_ATTRIBUTE_TYPE);
		test->name = DYN_STR("attribute_type");
		dyn_expr_ast_append(test, read_operand(operand, parameters, PURPOSE_CONDITION));
		dyn_expr_ast_append(test, dyn_expr_ast_value(dyn_value_string(dyn_text_from_cstring(types[i].type))));
	}
	if (test == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_IS_TYPE,
				  dyn_text_printable(node->text), dyn_partiql_parse_place(node->place));
	if (!node->flag)
		return test;
	negation = dyn_expr_ast_operator(DYN_NODE_NOT);
	dyn_expr_ast_append(negation, test);
	return negation;
}

static DynNode *
read_call(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, Purpose purpose)
{
	DynFunction function = dyn_expr_ast_function_from_name(node->text);
	bool		in_update = function == DYN_FUNCTION_IF_NOT_EXISTS || function == DYN_FUNCTION_LIST_APPEND;
	DynNode    *call;

	if (function == DYN_FUNCTION_UNKNOWN)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_FUNCTION_UNKNOWN, dyn_text_printable(node->text));
	if (in_update != (purpose == PURPOSE_UPDATE))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_FUNCTION_NOT_ALLOWED,
				  purpose == PURPOSE_UPDATE ? "an update" : "a condition", dyn_text_printable(node->text));
	call = dyn_expr_ast_call(function);
	call->name = node->text;
	for (int i = 0; i < node->count; i++)
		dyn_expr_ast_append(call, read_operand(node->arguments[i], parameters, purpose));
	return call;
}

static DynNode *
read_condition(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	DynNodeKind kind;
	DynNode    *condition;

	check_stack_depth();
	if (node->kind == DYN_PARTIQL_CALL)
		return read_call(node, parameters, PURPOSE_CONDITION);
	if (node->kind == DYN_PARTIQL_IS)
		return read_is(node, parameters);
	if (node->kind == DYN_PARTIQL_UNSUPPORTED)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TOKEN_UNSUPPORTED,
				  dyn_text_printable(node->text), dyn_partiql_parse_place(node->place));
	kind = operator_kind(node);
	if (kind == DYN_NODE_AND || kind == DYN_NODE_OR || kind == DYN_NODE_NOT)
		return read_logic(node, kind, parameters);
	if (kind == DYN_NODE_IN)
		return read_in(node, parameters);
	condition = dyn_expr_ast_operator(kind);
	for (int i = 0; i < node->count; i++)
		dyn_expr_ast_append(condition, read_operand(node->arguments[i], parameters, PURPOSE_CONDITION));
	return condition;
}

/* ---- operands of conditions and of SET ---- */

static DynNode *
read_sum(const DynPartiqlNode *node, const DynPartiqlParameters *parameters)
{
	DynNode    *sum;

	if (!is_operator(node, "+") && !is_operator(node, "-"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_UPDATE_OPERATOR, dyn_text_printable(node->text));
	if (node->count != 2)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_OPERAND_COUNT, dyn_text_printable(node->text), node->count);
	sum = dyn_expr_ast_operator(is_operator(node, "+") ? DYN_NODE_PLUS : DYN_NODE_MINUS);
	for (int i = 0; i < node->count; i++)
		dyn_expr_ast_append(sum, read_operand(node->arguments[i], parameters, PURPOSE_UPDATE));
	return sum;
}

static DynNode *
read_operand(const DynPartiqlNode *node, const DynPartiqlParameters *parameters, Purpose purpose)
{
	check_stack_depth();
	switch (node->kind)
	{
		case DYN_PARTIQL_VARIABLE:
		case DYN_PARTIQL_PATH:
			return dyn_expr_ast_path(dyn_partiql_expr_path(node));
		case DYN_PARTIQL_LITERAL_MISSING:
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_MISSING_COMPARED);
		case DYN_PARTIQL_CALL:
			return read_call(node, parameters, purpose);
		case DYN_PARTIQL_IS:
			if (purpose == PURPOSE_UPDATE)
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_IS_IN_UPDATE);
			return read_condition(node, parameters);
		case DYN_PARTIQL_OPERATOR:
			return purpose == PURPOSE_UPDATE ? read_sum(node, parameters) : read_condition(node, parameters);
		case DYN_PARTIQL_UNSUPPORTED:
			return read_condition(node, parameters);
		default:
			return dyn_expr_ast_value(checked_value(read_value(node, parameters, "root", 0)));
	}
}

/* set_add(target, set) and set_delete(target, set): the ADD and DELETE of an UpdateExpression. */
static void
add_set_action(DynUpdate *update, DynActionKind kind, DynPath target, const DynPartiqlNode *call,
			   const DynPartiqlParameters *parameters)
{
	const char *name = kind == DYN_ACTION_ADD ? "ADD" : "DELETE";
	const DynPartiqlNode *attribute;
	const DynPartiqlNode *set;
	DynPath		path = {0};
	DynValue	value;

	if (call->count != 2)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_SET_ARGUMENT_COUNT, name, dyn_partiql_parse_place(call->place));
	attribute = call->arguments[0];
	set = call->arguments[1];
	if (attribute->kind == DYN_PARTIQL_PARAMETER)
		(void) parameter_value(attribute, parameters);
	if (attribute->kind == DYN_PARTIQL_VARIABLE || attribute->kind == DYN_PARTIQL_PATH)
		path = dyn_partiql_expr_path(attribute);
	if (!dyn_path_equal(&path, &target))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_SET_FIRST_ARGUMENT, name);
	if (set->kind == DYN_PARTIQL_BAG || set->kind == DYN_PARTIQL_PARAMETER)
		value = read_value(set, parameters, "root", 0);
	else
		value = dyn_value_null();
	if (!dyn_value_is_set(&value))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_SET_SECOND_ARGUMENT,
				  name, dyn_partiql_parse_place(attribute->place));
	dyn_update_append(update, kind, target, dyn_expr_ast_value(value));
}

void
dyn_partiql_expr_change(DynUpdate *update, const DynPartiqlChange *change, const DynPartiqlParameters *parameters)
{
	DynPath		target = dyn_partiql_expr_path(change->target);
	const DynPartiqlNode *value = change->value;

	if (value == NULL)
	{
		dyn_update_append(update, DYN_ACTION_REMOVE, target, NULL);
		return;
	}
	if (value->kind == DYN_PARTIQL_CALL && dyn_text_equal_cstring(value->text, "set_add"))
		add_set_action(update, DYN_ACTION_ADD, target, value, parameters);
	else if (value->kind == DYN_PARTIQL_CALL && dyn_text_equal_cstring(value->text, "set_delete"))
		add_set_action(update, DYN_ACTION_DELETE, target, value, parameters);
	else
		dyn_update_append(update, DYN_ACTION_SET, target, read_operand(value, parameters, PURPOSE_UPDATE));
}
