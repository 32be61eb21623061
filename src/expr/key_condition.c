/*
 * KeyConditionExpression: a condition of the shared grammar, checked against narrower rules, then fitted to a key
 * schema.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_check.h"
#include "expr/key_condition.h"

#define PARAMETER "KeyConditionExpression"
/* room for as many conditions as the longest key has parts */
#define MAX_CONDITIONS (2 * DYN_MAX_INDEX_KEY_PARTS)

/* one condition of the conjunction, with the attribute on the left */
typedef struct KeyTest
{
	DynStr		attribute;
	DynNodeKind kind;			/* EQ, LT, LE, GT, GE, BETWEEN; CALL: begins_with */
	const DynNode *operands[2];	/* values */
} KeyTest;

typedef struct KeyTests
{
	int			count;
	int			capacity;
	KeyTest    *tests;
} KeyTests;

static void collect_tests(const DynNode *node, KeyTests *tests);
static int	count_tests(const DynNode *node);
static void check_shape(const DynNode *node);
static KeyTest read_test(const DynNode *node);
static void fit_hash(const KeyTests *tests, const DynKeySchema *schema, DynKeyRange *range);
static void fit_range(const KeyTests *tests, const DynKeySchema *schema, DynKeyRange *range);

DynCondition *
dyn_key_condition_parse(DynStr text, DynBindings *bindings)
{
	return dyn_condition_parse(text, PARAMETER, bindings);
}

void
dyn_key_condition_check(const DynCondition *condition)
{
	KeyTests	tests = {0};

	collect_tests(condition->root, &tests);
}

static void
add_test(KeyTests *tests, KeyTest test)
{
	for (int i = 0; i < tests->count; i++)
		if (dyn_text_equal(tests->tests[i].attribute, test.attribute))
			dyn_expr_parse_fail(PARAMETER, DYN_MSG_ONE_CONDITION_PER_KEY);
	if (tests->count == tests->capacity)
	{
		tests->capacity = Max(tests->capacity * 2, MAX_CONDITIONS);
		tests->tests = tests->tests == NULL ? palloc(tests->capacity * sizeof(KeyTest)) :
			repalloc(tests->tests, tests->capacity * sizeof(KeyTest));
	}
	tests->tests[tests->count++] = test;
}

static void
collect_tests(const DynNode *node, KeyTests *tests)
{
	check_stack_depth();
	if (node->kind != DYN_NODE_AND)
	{
		check_shape(node);
		add_test(tests, read_test(node));
		return;
	}
	for (int i = 0; i < node->count; i++)
		collect_tests(node->arguments[i], tests);
}

static int
count_tests(const DynNode *node)
{
	int			count = 0;

	check_stack_depth();
	if (node->kind != DYN_NODE_AND)
		return 1;
	for (int i = 0; i < node->count; i++)
		count += count_tests(node->arguments[i]);
	return count;
}

/* Refuses operators and functions that no index can serve, and operands in the wrong place. */
static void
check_shape(const DynNode *node)
{
	const DynNode *attribute = NULL;

	if (node->kind == DYN_NODE_OR || node->kind == DYN_NODE_NOT || node->kind == DYN_NODE_IN ||
		node->kind == DYN_NODE_NE || (node->kind == DYN_NODE_CALL && node->function != DYN_FUNCTION_BEGINS_WITH))
		dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_OPERATOR, dyn_expr_ast_operator_name(node));
	if ((node->kind == DYN_NODE_BETWEEN || node->kind == DYN_NODE_CALL) &&
		node->arguments[0]->kind == DYN_NODE_VALUE)
		dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_FIRST_OPERAND, dyn_expr_ast_operator_name(node));
	for (int i = 0; i < node->count; i++)
	{
		const DynNode *operand = node->arguments[i];

		if (operand->kind == DYN_NODE_CALL)
			dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_NESTED);
		if (operand->kind != DYN_NODE_PATH)
			continue;
		if (attribute != NULL)
			dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_TWO_ATTRIBUTES);
		if (operand->path.count > 1)
			dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_NESTED_ATTRIBUTE);
		attribute = operand;
	}
	if (attribute == NULL)
		dyn_expr_parse_fail(PARAMETER, DYN_MSG_KEY_CONDITION_NO_KEY);
}

static KeyTest
read_test(const DynNode *node)
{
	KeyTest		test = {.kind = node->kind};

	if (node->arguments[0]->kind == DYN_NODE_VALUE)
	{
		test.kind = dyn_expr_ast_turn_round(node->kind);
		test.attribute = node->arguments[1]->path.steps[0].name;
		test.operands[0] = node->arguments[0];
		return test;
	}
	test.attribute = node->arguments[0]->path.steps[0].name;
	for (int i = 1; i < node->count; i++)
		test.operands[i - 1] = node->arguments[i];
	return test;
}

void
dyn_key_condition_fit(const DynCondition *condition, const DynKeySchema *schema, bool is_index, DynKeyRange *range)
{
	KeyTests	tests = {0};
	int			count = count_tests(condition->root);
	int			parts = dyn_key_part_count(schema);

	memset(range, 0, sizeof(*range));
	/*
	 * Checked before the conditions are collected, because a request may hold very many KeyConditions.  A second
	 * condition on an index with only a hash attribute passes here and is refused later, in AWS's older words, as not
	 * supported.
	 */
	if (count > parts && !(is_index && parts == 1 && count == 2))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITIONS_TOO_MANY, count, parts);
	collect_tests(condition->root, &tests);
	fit_hash(&tests, schema, range);
	fit_range(&tests, schema, range);
}

static const KeyTest *
find_test(const KeyTests *tests, DynStr attribute)
{
	for (int i = 0; i < tests->count; i++)
		if (dyn_text_equal(tests->tests[i].attribute, attribute))
			return &tests->tests[i];
	return NULL;
}

/* An operand as a value of this part of the key. */
static DynValue
key_value(const DynNode *operand, const DynKeyPart *part)
{
	const DynValue *value = &operand->value;

	if (value->type != part->type)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITION_TYPE_MISMATCH);
	if (value->type != DYN_TYPE_N && value->text.len == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_VALUE_EMPTY,
				  value->type == DYN_TYPE_S ? "string" : "binary", dyn_text_printable(part->name));
	return *value;
}

/*
 * Checks the size, too, for range attributes.  A hash attribute that is too long is no error: it is merely not found.
 */
static DynValue
range_value(const DynNode *operand, const DynKeyPart *part)
{
	DynValue	value = key_value(operand, part);

	if (value.type != DYN_TYPE_N && value.text.len > DYN_MAX_RANGE_KEY_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RANGE_KEY_TOO_LONG, DYN_MAX_RANGE_KEY_SIZE);
	return value;
}

static void
append_part_name(StringInfo names, const DynKeyPart *part)
{
	appendStringInfo(names, "%s%s", names->len > 0 ? ", " : "", dyn_text_printable(part->name));
}

/* For an index with several hash attributes AWS has a message of its own about those that have no equality. */
static void
fit_hash(const KeyTests *tests, const DynKeySchema *schema, DynKeyRange *range)
{
	StringInfoData missing;

	initStringInfo(&missing);
	for (int i = 0; i < schema->hash_count; i++)
	{
		const DynKeyPart *part = &schema->parts[i];
		const KeyTest *test = find_test(tests, part->name);

		if (schema->hash_count > 1 && (test == NULL || test->kind != DYN_NODE_EQ))
			append_part_name(&missing, part);
		else if (test == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_CONDITION_MISSED, dyn_text_printable(part->name));
		else if (test->kind != DYN_NODE_EQ)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_CONDITION_UNSUPPORTED);
	}
	if (missing.len > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_HASH_KEYS_NEED_EQUALITY, missing.data);
	for (int i = 0; i < schema->hash_count; i++)
	{
		const DynKeyPart *part = &schema->parts[i];

		range->hash.values[i] = key_value(find_test(tests, part->name)->operands[0], part);
	}
	range->hash.count = schema->hash_count;
}

/*
 * Conditions must use range attributes from the left, without a gap.  Each must equal a value, except that the last
 * one may have bounds.
 */
static int
find_last_range(const KeyTests *tests, const DynKeySchema *schema)
{
	const DynKeyPart *parts = schema->parts + schema->hash_count;
	const DynKeyPart *first_free = NULL;
	StringInfoData not_equal;
	int			last = -1;
	int			used = schema->hash_count;

	for (int i = 0; i < schema->range_count; i++)
	{
		if (find_test(tests, parts[i].name) != NULL)
		{
			last = i;
			used++;
		}
		else if (first_free == NULL)
			first_free = &parts[i];
	}
	/* a condition on an attribute that is no part of this key */
	if (tests->count > used)
	{
		if (first_free != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_CONDITION_MISSED, dyn_text_printable(first_free->name));
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_CONDITION_UNSUPPORTED);
	}
	initStringInfo(&not_equal);
	for (int i = 0; i < last; i++)
	{
		const KeyTest *test = find_test(tests, parts[i].name);

		if (test == NULL || test->kind != DYN_NODE_EQ)
			append_part_name(&not_equal, &parts[i]);
	}
	if (not_equal.len > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RANGE_KEYS_NEED_EQUALITY,
				  not_equal.data, dyn_text_printable(parts[last].name));
	return last;
}

static void
fit_range(const KeyTests *tests, const DynKeySchema *schema, DynKeyRange *range)
{
	int			last = find_last_range(tests, schema);

	for (int i = 0; i <= last; i++)
	{
		const DynKeyPart *part = &schema->parts[schema->hash_count + i];
		const KeyTest *test = find_test(tests, part->name);
		DynValue	value = range_value(test->operands[0], part);

		switch (test->kind)
		{
			case DYN_NODE_EQ:
				range->equal[range->equal_count++] = value;
				break;
			case DYN_NODE_LT:
			case DYN_NODE_LE:
				range->has_upper = true;
				range->upper_inclusive = test->kind == DYN_NODE_LE;
				range->upper = value;
				break;
			case DYN_NODE_GT:
			case DYN_NODE_GE:
				range->has_lower = true;
				range->lower_inclusive = test->kind == DYN_NODE_GE;
				range->lower = value;
				break;
			case DYN_NODE_BETWEEN:
				range->has_lower = range->has_upper = true;
				range->lower_inclusive = range->upper_inclusive = true;
				range->lower = value;
				range->upper = range_value(test->operands[1], part);
				break;
			default:
				range->has_prefix = true;
				range->prefix = value;
				break;
		}
	}
}

bool
dyn_key_condition_matches(const DynKeyRange *range, const DynKey *key, const DynKeySchema *schema)
{
	const DynValue *next = &key->values[schema->hash_count + range->equal_count];

	for (int i = 0; i < range->hash.count; i++)
		if (!dyn_value_equal(&range->hash.values[i], &key->values[i]))
			return false;
	for (int i = 0; i < range->equal_count; i++)
		if (!dyn_value_equal(&range->equal[i], &key->values[schema->hash_count + i]))
			return false;
	if (range->has_lower)
	{
		int			order = dyn_value_compare(next, &range->lower);

		if (order < 0 || (order == 0 && !range->lower_inclusive))
			return false;
	}
	if (range->has_upper)
	{
		int			order = dyn_value_compare(next, &range->upper);

		if (order > 0 || (order == 0 && !range->upper_inclusive))
			return false;
	}
	return !range->has_prefix || dyn_text_starts_with(next->text, range->prefix.text);
}
