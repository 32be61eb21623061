/*
 * Decides what a SELECT reads.
 *
 * An equality (or IN) on the hash key makes a range of that hash key, which conditions on the range key narrow.  OR makes
 * ranges when each of its sides does.  Everything else is a scan.  Ranges never overlap, so no item comes twice, and
 * whatever a range does not guarantee is left to the filter: the whole condition, which is true for every item wanted.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "partiql/partiql_access.h"

/* AWS runs no more single reads for one statement. */
#define MAX_RANGES 50

typedef struct Ranges
{
	int			count;
	int			capacity;
	DynKeyRange *ranges;
	bool		exact;			/* they alone guarantee the condition */
} Ranges;

static bool collect(const DynNode *node, const DynKeySchema *schema, Ranges *result);
static void add_range(Ranges *ranges, const DynKeyRange *range, const DynKeySchema *schema);

static bool
has_test_shape(const DynNode *node)
{
	if (node->kind == DYN_NODE_CALL)
		return node->function == DYN_FUNCTION_BEGINS_WITH;
	return node->kind == DYN_NODE_EQ || node->kind == DYN_NODE_LT || node->kind == DYN_NODE_LE || node->kind == DYN_NODE_GT ||
		node->kind == DYN_NODE_GE || node->kind == DYN_NODE_BETWEEN || node->kind == DYN_NODE_IN;
}

/* Writes have their key checked as a whole. */
static void
check_length(const DynKeyPart *part, const DynValue *value)
{
	if (value->type == DYN_TYPE_N)
		return;
	if (part->is_hash && value->text.len > DYN_MAX_HASH_KEY_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_HASH_KEY_TOO_LONG, DYN_MAX_HASH_KEY_SIZE);
	if (!part->is_hash && value->text.len > DYN_MAX_RANGE_KEY_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RANGE_KEY_TOO_LONG, DYN_MAX_RANGE_KEY_SIZE);
}

bool
dyn_partiql_access_test(const DynNode *node, const DynKeySchema *schema, bool writes, DynPartiqlTest *test)
{
	bool		turned;
	const DynNode *attribute;

	if (!has_test_shape(node))
		return false;
	turned = node->count == 2 && node->kind != DYN_NODE_IN && node->kind != DYN_NODE_CALL &&
		node->arguments[0]->kind == DYN_NODE_VALUE;
	attribute = node->arguments[turned ? 1 : 0];
	if (attribute->kind != DYN_NODE_PATH)
		return false;
	test->part = dyn_key_part_find(schema, attribute->path.steps[0].name);
	if (test->part == NULL)
		return false;
	if (attribute->path.count > 1)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_NOT_SCALAR,
				  writes ? "Key " : "Key: ", dyn_text_printable(test->part->name));
	test->kind = turned ? dyn_expr_ast_turn_round(node->kind) : node->kind;
	test->count = turned ? 1 : node->count - 1;
	test->values = turned ? node->arguments : node->arguments + 1;
	for (int i = 0; i < test->count; i++)
		if (test->values[i]->kind != DYN_NODE_VALUE)
			return false;
	for (int i = 0; i < test->count; i++)
	{
		const DynValue *value = &test->values[i]->value;

		if (writes && value->type != DYN_TYPE_S && value->type != DYN_TYPE_N && value->type != DYN_TYPE_B)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_VALUE_TYPE,
					  dyn_text_printable(test->part->name), dyn_value_type_name(value->type));
		if (value->type != test->part->type)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_TYPE, dyn_text_printable(test->part->name));
		if (value->type != DYN_TYPE_N && value->text.len == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_VALUE_EMPTY,
					  value->type == DYN_TYPE_S ? "string" : "binary", dyn_text_printable(test->part->name));
		if (!writes)
			check_length(test->part, value);
	}
	return true;
}

void
dyn_partiql_access_plan(DynNode *where, DynPartiqlPlan *plan)
{
	const DynKeySchema *schema = plan->index ? &plan->index->keys : &plan->table->keys;
	Ranges		ranges = {.exact = true};

	if (collect(where, schema, &ranges))
	{
		plan->range_count = ranges.count;
		plan->ranges = ranges.ranges;
	}
	else
		ranges.exact = false;
	if (!ranges.exact)
	{
		plan->condition = palloc(sizeof(DynCondition));
		plan->condition->root = where;
	}
	if (plan->index == NULL && plan->range_count == 1 && plan->ranges[0].equal_count == schema->range_count)
	{
		plan->has_key = true;
		plan->only_key = ranges.exact && where->kind != DYN_NODE_OR && where->kind != DYN_NODE_IN;
		plan->key = plan->ranges[0].hash;
		for (int i = 0; i < schema->range_count; i++)
			plan->key.values[plan->key.count++] = plan->ranges[0].equal[i];
	}
}

/* What one side of OR says of the range key. */
typedef enum RangeSaying
{
	SAYS_NOTHING,
	SAYS_SOMETHING,				/* <>, or something negated */
	SAYS_RANGE					/* a condition that could be one of a Query */
} RangeSaying;

typedef struct RangeNames
{
	const DynKeySchema *schema;
	bool		found;
} RangeNames;

static void
note_range_name(void *arg, const DynPath *path)
{
	RangeNames *names = arg;
	const DynKeyPart *part = dyn_key_part_find(names->schema, path->steps[0].name);

	names->found |= part != NULL && !part->is_hash;
}

static RangeSaying
range_saying(const DynNode *side, const DynKeySchema *schema)
{
	RangeNames	names = {schema, false};
	int			count = side->kind == DYN_NODE_AND ? side->count : 1;

	for (int i = 0; i < count; i++)
	{
		DynPartiqlTest test;

		if (dyn_partiql_access_test(side->kind == DYN_NODE_AND ? side->arguments[i] : side, schema, false, &test) &&
			!test.part->is_hash)
			return SAYS_RANGE;
	}
	dyn_expr_ast_visit_paths(side, note_range_name, &names);
	return names.found ? SAYS_SOMETHING : SAYS_NOTHING;
}

static bool
share_hash(const Ranges *a, const Ranges *b)
{
	for (int i = 0; i < a->count; i++)
		for (int j = 0; j < b->count; j++)
			if (dyn_key_equal(&a->ranges[i].hash, &b->ranges[j].hash))
				return true;
	return false;
}

/* AWS refuses a whole hash key beside a part of it. */
static void
check_overlaps(const DynNode *node, const DynKeySchema *schema, const Ranges *sides)
{
	RangeSaying *sayings = palloc(node->count * sizeof(RangeSaying));

	for (int i = 0; i < node->count; i++)
	{
		sayings[i] = range_saying(node->arguments[i], schema);
		for (int j = 0; j < i; j++)
			if (sayings[i] != sayings[j] && sayings[i] != SAYS_SOMETHING && sayings[j] != SAYS_SOMETHING &&
				share_hash(&sides[i], &sides[j]))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_OVERLAP);
	}
	pfree(sayings);
}

/* The ranges of all sides. */
static bool
collect_or(const DynNode *node, const DynKeySchema *schema, Ranges *result)
{
	Ranges	   *sides = palloc0(node->count * sizeof(Ranges));

	for (int i = 0; i < node->count; i++)
	{
		sides[i].exact = true;
		if (!collect(node->arguments[i], schema, &sides[i]))
			return false;
	}
	check_overlaps(node, schema, sides);
	for (int i = 0; i < node->count; i++)
	{
		result->exact &= sides[i].exact;
		for (int j = 0; j < sides[i].count; j++)
			add_range(result, &sides[i].ranges[j], schema);
	}
	return true;
}

/* Narrows a range by a condition on its next range attribute; false when it cannot. */
static bool
narrow(DynKeyRange *range, const DynPartiqlTest *test)
{
	DynValue	value = test->values[0]->value;

	switch (test->kind)
	{
		case DYN_NODE_EQ:
			if (range->has_lower || range->has_upper || range->has_prefix)
				return false;
			range->equal[range->equal_count++] = value;
			return true;
		case DYN_NODE_LT:
		case DYN_NODE_LE:
			if (range->has_upper || range->has_prefix)
				return false;
			range->has_upper = true;
			range->upper_inclusive = test->kind == DYN_NODE_LE;
			range->upper = value;
			return true;
		case DYN_NODE_GT:
		case DYN_NODE_GE:
			if (range->has_lower || range->has_prefix)
				return false;
			range->has_lower = true;
			range->lower_inclusive = test->kind == DYN_NODE_GE;
			range->lower = value;
			return true;
		case DYN_NODE_BETWEEN:
			if (range->has_lower || range->has_upper || range->has_prefix)
				return false;
			range->has_lower = range->has_upper = true;
			range->lower_inclusive = range->upper_inclusive = true;
			range->lower = value;
			range->upper = test->values[1]->value;
			return true;
		case DYN_NODE_CALL:
			if (range->has_lower || range->has_upper || range->has_prefix)
				return false;
			range->has_prefix = true;
			range->prefix = value;
			return true;
		default:
			return false;
	}
}

/* The first test on a key part that is an equality, or (when there is none) an IN. */
static int
find_points(const DynPartiqlTest *tests, int count, const DynKeyPart *part)
{
	int			found = -1;

	for (int i = 0; i < count; i++)
	{
		if (tests[i].part != part)
			continue;
		if (tests[i].kind == DYN_NODE_EQ)
			return i;
		if (tests[i].kind == DYN_NODE_IN && found < 0)
			found = i;
	}
	return found;
}

/* Every one of ranges with every value of a hash or range attribute. */
static void
multiply(Ranges *ranges, const DynPartiqlTest *test, bool hash)
{
	int			count = ranges->count * test->count;
	DynKeyRange *products = palloc(Max(count, 1) * sizeof(DynKeyRange));
	int			made = 0;

	for (int i = 0; i < ranges->count; i++)
		for (int j = 0; j < test->count; j++)
		{
			DynKeyRange *product = &products[made++];

			*product = ranges->ranges[i];
			if (hash)
				product->hash.values[product->hash.count++] = test->values[j]->value;
			else
				product->equal[product->equal_count++] = test->values[j]->value;
		}
	ranges->ranges = products;
	ranges->count = count;
}

/* (hash = a OR hash = b) AND ...: the ranges of the part that has some. */
static bool
collect_from_or(DynNode *const *parts, int part_count, const DynKeySchema *schema, Ranges *result)
{
	for (int i = 0; i < part_count; i++)
	{
		Ranges		made = {.exact = true};

		if (parts[i]->kind != DYN_NODE_OR || !collect(parts[i], schema, &made))
			continue;
		for (int j = 0; j < made.count; j++)
			add_range(result, &made.ranges[j], schema);
		result->exact &= made.exact && part_count == 1;
		return true;
	}
	return false;
}

/* A conjunction of parts (one condition is one, too): the ranges that its tests on the key make. */
static bool
collect_and(DynNode *const *parts, int part_count, const DynKeySchema *schema, Ranges *result)
{
	DynPartiqlTest *tests = palloc(part_count * sizeof(DynPartiqlTest));
	bool	   *used = palloc0(part_count * sizeof(bool));
	Ranges		made = {.count = 1, .ranges = palloc0(sizeof(DynKeyRange))};
	int			count = 0;

	for (int i = 0; i < part_count; i++)
		if (dyn_partiql_access_test(parts[i], schema, false, &tests[count]))
			count++;
	for (int i = 0; i < schema->hash_count; i++)
	{
		int			found = find_points(tests, count, &schema->parts[i]);

		if (found < 0)
			return collect_from_or(parts, part_count, schema, result);
		used[found] = true;
		if ((int64) made.count * tests[found].count > MAX_RANGES)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TOO_MANY_READS);
		multiply(&made, &tests[found], true);
	}
	for (int i = 0; i < schema->range_count; i++)
	{
		const DynKeyPart *part = &schema->parts[schema->hash_count + i];
		int			found = find_points(tests, count, part);

		if (found >= 0 && (int64) made.count * tests[found].count <= MAX_RANGES)
		{
			used[found] = true;
			multiply(&made, &tests[found], false);
			continue;
		}
		for (int j = 0; j < count; j++)
		{
			bool		fits = tests[j].part == part;

			for (int k = 0; k < made.count && fits; k++)
				fits = narrow(&made.ranges[k], &tests[j]);
			used[j] |= fits;
		}
		break;
	}
	result->exact &= count == part_count;
	for (int i = 0; i < count; i++)
		result->exact &= used[i];
	for (int i = 0; i < made.count; i++)
		add_range(result, &made.ranges[i], schema);
	return true;
}

static bool
collect(const DynNode *node, const DynKeySchema *schema, Ranges *result)
{
	const DynNode *single[1] = {node};

	check_stack_depth();
	if (node->kind == DYN_NODE_OR)
		return collect_or(node, schema, result);
	if (node->kind == DYN_NODE_AND)
		return collect_and(node->arguments, node->count, schema, result);
	return collect_and((DynNode *const *) single, 1, schema, result);
}

/* Equal in every attribute up to the first in which both are points: they cannot meet. */
static bool
is_apart(const DynKeyRange *a, const DynKeyRange *b)
{
	if (!dyn_key_equal(&a->hash, &b->hash))
		return true;
	for (int i = 0; i < a->equal_count && i < b->equal_count; i++)
		if (!dyn_value_equal(&a->equal[i], &b->equal[i]))
			return true;
	return false;
}

static bool
is_point(const DynKeyRange *range, const DynKeySchema *schema)
{
	return range->equal_count == schema->range_count;
}

/* Adds a range; those that may overlap it become one range of the whole hash key. */
static void
add_range(Ranges *ranges, const DynKeyRange *range, const DynKeySchema *schema)
{
	DynKeyRange merged = *range;

	for (int i = 0; i < ranges->count;)
	{
		const DynKeyRange *other = &ranges->ranges[i];

		if (is_apart(other, &merged))
		{
			i++;
			continue;
		}
		if (is_point(other, schema) && is_point(&merged, schema))
			return;
		merged = (DynKeyRange) {.hash = merged.hash};
		ranges->exact = false;
		ranges->count--;
		memmove(&ranges->ranges[i], &ranges->ranges[i + 1], (ranges->count - i) * sizeof(DynKeyRange));
		i = 0;
	}
	if (ranges->count >= MAX_RANGES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TOO_MANY_READS);
	if (ranges->count == ranges->capacity)
	{
		ranges->capacity = Max(ranges->capacity * 2, 4);
		if (ranges->ranges == NULL)
			ranges->ranges = palloc(ranges->capacity * sizeof(DynKeyRange));
		else
			ranges->ranges = repalloc(ranges->ranges, ranges->capacity * sizeof(DynKeyRange));
	}
	ranges->ranges[ranges->count++] = merged;
}
