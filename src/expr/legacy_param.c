/*
 * Compiles the legacy parameters.
 *
 * Each attribute of such a parameter carries one comparison, and they are joined by AND, or by ConditionalOperator.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_ast.h"
#include "expr/legacy_param.h"
#include "item/item_json.h"


typedef enum DynOperandTypes
{
	DYN_ANY_TYPE,
	DYN_SCALARS,				/* S, N, B */
	DYN_TEXTS					/* S, B */
} DynOperandTypes;

typedef struct DynComparison
{
	const char *name;
	int			min_values;
	int			max_values;		/* -1: no limit */
	DynOperandTypes types;
	bool		indexable;		/* may stand in KeyConditions */
	DynNodeKind kind;
	DynFunction function;		/* kind CALL */
} DynComparison;

static const DynComparison comparisons[] = {
	{"EQ", 1, 1, DYN_ANY_TYPE, true, DYN_NODE_EQ, DYN_FUNCTION_UNKNOWN},
	{"NE", 1, 1, DYN_ANY_TYPE, false, DYN_NODE_NE, DYN_FUNCTION_UNKNOWN},
	{"LE", 1, 1, DYN_SCALARS, true, DYN_NODE_LE, DYN_FUNCTION_UNKNOWN},
	{"LT", 1, 1, DYN_SCALARS, true, DYN_NODE_LT, DYN_FUNCTION_UNKNOWN},
	{"GE", 1, 1, DYN_SCALARS, true, DYN_NODE_GE, DYN_FUNCTION_UNKNOWN},
	{"GT", 1, 1, DYN_SCALARS, true, DYN_NODE_GT, DYN_FUNCTION_UNKNOWN},
	{"NOT_NULL", 0, 0, DYN_ANY_TYPE, false, DYN_NODE_CALL, DYN_FUNCTION_ATTRIBUTE_EXISTS},
	{"NULL", 0, 0, DYN_ANY_TYPE, false, DYN_NODE_CALL, DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS},
	{"CONTAINS", 1, 1, DYN_SCALARS, false, DYN_NODE_CALL, DYN_FUNCTION_CONTAINS},
	{"NOT_CONTAINS", 1, 1, DYN_SCALARS, false, DYN_NODE_CALL, DYN_FUNCTION_NOT_CONTAINS},
	{"BEGINS_WITH", 1, 1, DYN_TEXTS, true, DYN_NODE_CALL, DYN_FUNCTION_BEGINS_WITH},
	{"IN", 1, -1, DYN_SCALARS, false, DYN_NODE_IN, DYN_FUNCTION_UNKNOWN},
	{"BETWEEN", 2, 2, DYN_SCALARS, true, DYN_NODE_BETWEEN, DYN_FUNCTION_UNKNOWN},
};

static DynNode *expected_condition(DynStr attribute, const DynJson *json);
static DynCondition *join(DynNode **conditions, int count, const DynJson *conditional_operator);

static const DynComparison *
find_comparison(const DynJson *json)
{
	DynStr		name = dyn_json_get_string(json, "ComparisonOperator");

	for (int i = 0; name.data != NULL && i < lengthof(comparisons); i++)
		if (dyn_text_equal_cstring(name, comparisons[i].name))
			return &comparisons[i];
	return NULL;
}

static int
read_values(const DynJson *list, DynValue **values)
{
	int			count = 0;

	*values = NULL;
	if (list == NULL)
		return 0;
	*values = palloc(sizeof(DynValue) * Max(dyn_json_count(list), 1));
	for (const DynJson *one = dyn_json_first(list); one != NULL; one = dyn_json_next(one))
		(*values)[count++] = dyn_item_json_read_value(one);
	return count;
}

static void
check_values(const DynComparison *comparison, const DynValue *values, int count)
{
	if (count < comparison->min_values || (comparison->max_values >= 0 && count > comparison->max_values))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARGUMENT_COUNT, comparison->name);
	for (int i = 0; i < count; i++)
	{
		DynType		type = values[i].type;
		bool		fits = comparison->types == DYN_ANY_TYPE || type == DYN_TYPE_S || type == DYN_TYPE_B ||
			(comparison->types == DYN_SCALARS && type == DYN_TYPE_N);

		if (type != values[0].type)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARGUMENTS_OF_TWO_TYPES);
		if (!fits)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_TYPE, comparison->name, dyn_value_type_name(type));
	}
	if (comparison->kind == DYN_NODE_BETWEEN && dyn_value_compare(&values[0], &values[1]) > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_BETWEEN_BOUNDS);
}

static DynNode *
compile_comparison(DynStr attribute, const DynComparison *comparison, const DynValue *values, int count)
{
	DynNode    *node;

	check_values(comparison, values, count);
	if (comparison->kind == DYN_NODE_CALL)
		node = dyn_expr_ast_call(comparison->function);
	else
		node = dyn_expr_ast_operator(comparison->kind);
	dyn_expr_ast_append(node, dyn_expr_ast_attribute(attribute));
	for (int i = 0; i < count; i++)
		dyn_expr_ast_append(node, dyn_expr_ast_value(values[i]));
	return node;
}

DynCondition *
dyn_legacy_param_expected(const DynJson *expected, const DynJson *conditional_operator)
{
	DynNode   **conditions;
	int			count = 0;

	if (expected == NULL)
		return join(NULL, 0, conditional_operator);
	conditions = palloc(sizeof(DynNode *) * Max(dyn_json_count(expected), 1));
	for (const DynJson *json = dyn_json_first(expected); json != NULL; json = dyn_json_next(json))
		conditions[count++] = expected_condition(dyn_json_name(json), json);
	return join(conditions, count, conditional_operator);
}

/* Compiles "Exists: false", or a value that the attribute must equal. */
static DynNode *
exists_condition(DynStr attribute, const DynJson *json, const DynJson *value)
{
	const DynJson *exists = dyn_json_get(json, "Exists");
	const char *name = dyn_text_printable(attribute);
	DynValue	operand;

	if (dyn_json_get(json, "AttributeValueList") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_LIST_WITHOUT_COMPARISON, name);
	if (exists != NULL && !dyn_json_boolean(exists))
	{
		if (value != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_WITH_EXISTS_FALSE, name);
		return compile_comparison(attribute, &comparisons[7], NULL, 0);
	}
	if (value == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_MISSING_FOR_EXISTS, exists == NULL ? "null" : "true", name);
	operand = dyn_item_json_read_value(value);
	return compile_comparison(attribute, &comparisons[0], &operand, 1);
}

static DynNode *
expected_condition(DynStr attribute, const DynJson *json)
{
	const DynComparison *comparison = find_comparison(json);
	const DynJson *value = dyn_json_get(json, "Value");
	const DynJson *list = dyn_json_get(json, "AttributeValueList");
	const char *name = dyn_text_printable(attribute);
	DynValue   *values;
	int			count = 0;

	if (value != NULL && list != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_AND_VALUE_LIST, name);
	dyn_item_check_name(attribute);
	if (dyn_json_get_string(json, "ComparisonOperator").data == NULL)
		return exists_condition(attribute, json, value);
	if (dyn_json_get(json, "Exists") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_EXISTS_AND_COMPARISON, name);
	if (comparison == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_UNKNOWN);
	if (value == NULL && list == NULL && comparison->min_values > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_WITHOUT_VALUE, comparison->name, name);
	if (value != NULL)
	{
		values = palloc(sizeof(DynValue));
		values[count++] = dyn_item_json_read_value(value);
	}
	else
		count = read_values(list, &values);
	return compile_comparison(attribute, comparison, values, count);
}

static DynNode *
listed_condition(const DynJson *json, bool only_indexable)
{
	const DynComparison *comparison = find_comparison(json);
	DynValue   *values;
	int			count = read_values(dyn_json_get(json, "AttributeValueList"), &values);

	if (dyn_json_get_string(json, "ComparisonOperator").data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_MISSING, dyn_text_printable(dyn_json_name(json)));
	if (comparison == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_UNKNOWN);
	/* a read looks for an empty name as for any other, and does not find it */
	if (dyn_json_name(json).len > 0)
		dyn_item_check_name(dyn_json_name(json));
	if (only_indexable)
	{
		check_values(comparison, values, count);
		if (!comparison->indexable)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_COMPARISON_NOT_INDEXABLE);
	}
	return compile_comparison(dyn_json_name(json), comparison, values, count);
}

DynCondition *
dyn_legacy_param_filter(const DynJson *filter, const DynJson *conditional_operator)
{
	DynNode   **conditions;
	int			count = 0;

	if (filter == NULL)
		return join(NULL, 0, conditional_operator);
	conditions = palloc(sizeof(DynNode *) * Max(dyn_json_count(filter), 1));
	for (const DynJson *json = dyn_json_first(filter); json != NULL; json = dyn_json_next(json))
		conditions[count++] = listed_condition(json, false);
	return join(conditions, count, conditional_operator);
}

DynCondition *
dyn_legacy_param_key_conditions(const DynJson *conditions)
{
	DynNode   **nodes;
	int			count = 0;

	/* whether there are too many is checked with the key schema */
	if (dyn_json_count(conditions) < 1)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITIONS_ONE_OR_TWO);
	nodes = palloc(sizeof(DynNode *) * dyn_json_count(conditions));
	for (const DynJson *json = dyn_json_first(conditions); json != NULL; json = dyn_json_next(json))
		nodes[count++] = listed_condition(json, true);
	return join(nodes, count, NULL);
}

/* Joins conditions; NULL when there are none.  The tree is balanced, so that many conditions do not make it deep. */
static DynNode *
join_range(DynNode **conditions, int count, DynNodeKind kind)
{
	DynNode    *node;

	if (count == 1)
		return conditions[0];
	node = dyn_expr_ast_operator(kind);
	dyn_expr_ast_append(node, join_range(conditions, count / 2, kind));
	dyn_expr_ast_append(node, join_range(conditions + count / 2, count - count / 2, kind));
	return node;
}

static DynCondition *
join(DynNode **conditions, int count, const DynJson *conditional_operator)
{
	DynNodeKind kind = DYN_NODE_AND;
	DynCondition *condition;

	if (conditional_operator != NULL)
	{
		if (dyn_text_equal_cstring(dyn_json_string(conditional_operator), "OR"))
			kind = DYN_NODE_OR;
		if (count == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITIONAL_OPERATOR_ALONE);
		if (count == 1)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITIONAL_OPERATOR_TOO_FEW);
	}
	if (count == 0)
		return NULL;
	condition = palloc0(sizeof(DynCondition));
	condition->root = join_range(conditions, count, kind);
	return condition;
}

static void
add_action(DynUpdate *update, const DynJson *json)
{
	DynStr		name = dyn_json_get_string(json, "Action");
	const DynJson *value_json = dyn_json_get(json, "Value");
	DynActionKind kind = DYN_ACTION_SET;
	DynPath		path = dyn_expr_ast_attribute(dyn_json_name(json))->path;
	DynValue	value;

	dyn_item_check_name(dyn_json_name(json));
	if (name.data != NULL && dyn_text_equal_cstring(name, "ADD"))
		kind = DYN_ACTION_ADD;
	else if (name.data != NULL && dyn_text_equal_cstring(name, "DELETE"))
		kind = DYN_ACTION_DELETE;

	if (value_json == NULL)
	{
		if (kind != DYN_ACTION_DELETE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ONLY_DELETE_WITHOUT_VALUE);
		dyn_update_append(update, DYN_ACTION_REMOVE, path, NULL);
		return;
	}
	value = dyn_item_json_read_value(value_json);
	if (kind == DYN_ACTION_DELETE && !dyn_value_is_set(&value))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DELETE_TYPE, dyn_value_type_name(value.type));
	if (kind == DYN_ACTION_ADD && value.type != DYN_TYPE_N && value.type != DYN_TYPE_L && !dyn_value_is_set(&value))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ADD_TYPE, dyn_value_type_name(value.type));
	dyn_update_append(update, kind, path, dyn_expr_ast_value(value));
}

DynUpdate *
dyn_legacy_param_attribute_updates(const DynJson *updates)
{
	DynUpdate  *update = dyn_update_make();

	update->appends_lists = true;
	for (const DynJson *json = dyn_json_first(updates); json != NULL; json = dyn_json_next(json))
		add_action(update, json);
	dyn_update_finish(update);
	return update;
}

DynProjection *
dyn_legacy_param_attributes_to_get(const DynJson *names)
{
	DynItem    *seen = dyn_item_make(Max(dyn_json_count(names), 1));
	DynStr	   *attributes = palloc(sizeof(DynStr) * Max(dyn_json_count(names), 1));
	int			count = 0;

	for (const DynJson *name = dyn_json_first(names); name != NULL; name = dyn_json_next(name))
	{
		dyn_item_check_name(dyn_json_string(name));
		attributes[count++] = dyn_json_string(name);
		if (dyn_item_get(seen, dyn_json_string(name)) != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ATTRIBUTE_NAME_TWICE, dyn_text_printable(dyn_json_string(name)));
		dyn_item_set(seen, dyn_json_string(name), dyn_value_null());
	}
	return dyn_projection_from_names(attributes, count);
}
