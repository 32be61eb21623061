/*
 * Decides what a SELECT reads.
 *
 * AWS decomposes WHERE: OR and IN, where they speak of keys, make branches, and AND combines those of its sides.  When
 * every branch has the hash key, each is a read of it, which conditions on the range key narrow, and branches whose
 * reads would meet are refused.  Everything else is a scan.  Whatever a read does not guarantee is left to the filter:
 * the whole condition, which is true for every item wanted.
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

/* One way to meet the condition. */
typedef struct Branch
{
	DynKeyRange range;
	bool		loose;			/* the range does not guarantee it */
	bool		negated;		/* says something of the range key that no range can */
} Branch;

typedef struct Branches
{
	int			count;
	bool		too_many;		/* more than are run: the rest is missing */
	Branch	   *branches;
} Branches;

static Branches spread(const DynNode *node, const DynKeySchema *schema);
static bool pins_hash(const DynNode *node, const DynKeySchema *schema);
static void check_overlaps(const Branches *all);
static void add_range(Ranges *ranges, const DynKeyRange *range, const DynKeySchema *schema);

static bool
has_test_shape(const DynNode *node)
{
	if (node->kind == DYN_NODE_CALL)
		return node->function == DYN_FUNCTION_BEGINS_WITH;
	return node->kind == DYN_NODE_EQ || node->kind == DYN_NODE_LT || node->kind == DYN_NODE_LE ||
		   node->kind == DYN_NODE_GT || node->kind == DYN_NODE_GE || node->kind == DYN_NODE_BETWEEN ||
		   node->kind == DYN_NODE_IN;
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
	Branches	all = spread(where, schema);

	if (pins_hash(where, schema))
	{
		if (all.too_many)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TOO_MANY_READS);
		check_overlaps(&all);
		for (int i = 0; i < all.count; i++)
		{
			ranges.exact &= !all.branches[i].loose;
			add_range(&ranges, &all.branches[i].range, schema);
		}
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

/* ---- branches ---- */

static Branches
make_branches(int count)
{
	return (Branches) {.count = count, .branches = palloc0(Max(count, 1) * sizeof(Branch))};
}

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

/* What says nothing of keys that a read could use. */
static Branches
filter_branch(const DynNode *node, const DynKeySchema *schema)
{
	RangeNames	names = {schema, false};
	Branches	single = make_branches(1);

	dyn_expr_ast_visit_paths(node, note_range_name, &names);
	single.branches[0].loose = true;
	single.branches[0].negated = names.found;
	return single;
}

/* A condition on the range key, other than IN. */
static void
set_range(DynKeyRange *range, const DynPartiqlTest *test)
{
	DynValue	value = test->values[0]->value;

	range->has_lower = test->kind == DYN_NODE_GT || test->kind == DYN_NODE_GE || test->kind == DYN_NODE_BETWEEN;
	range->has_upper = test->kind == DYN_NODE_LT || test->kind == DYN_NODE_LE || test->kind == DYN_NODE_BETWEEN;
	range->has_prefix = test->kind == DYN_NODE_CALL;
	range->lower_inclusive = test->kind != DYN_NODE_GT;
	range->upper_inclusive = test->kind != DYN_NODE_LT;
	if (range->has_lower)
		range->lower = value;
	if (range->has_upper)
		range->upper = test->kind == DYN_NODE_BETWEEN ? test->values[1]->value : value;
	if (range->has_prefix)
		range->prefix = value;
	if (test->kind == DYN_NODE_EQ)
		range->equal[range->equal_count++] = value;
}

/* A condition on one key attribute. */
static Branches
key_branches(const DynNode *node, const DynPartiqlTest *test, const DynKeySchema *schema)
{
	bool		points = test->kind == DYN_NODE_EQ || test->kind == DYN_NODE_IN;
	Branches	made;

	if (test->part->is_hash && !points)
		return filter_branch(node, schema);
	made = make_branches(points ? Min(test->count, MAX_RANGES) : 1);
	made.too_many = points && test->count > MAX_RANGES;
	for (int i = 0; i < made.count; i++)
	{
		DynKeyRange *range = &made.branches[i].range;

		if (test->part->is_hash)
			range->hash.values[range->hash.count++] = test->values[i]->value;
		else if (points)
			range->equal[range->equal_count++] = test->values[i]->value;
		else
			set_range(range, test);
	}
	return made;
}

static bool
is_whole(const DynKeyRange *range)
{
	return range->equal_count == 0 && !range->has_lower && !range->has_upper && !range->has_prefix;
}

/* Narrows a branch by another: what both ask.  What one range cannot say is left to the filter. */
static void
narrow(Branch *branch, const Branch *other)
{
	DynKeyRange *range = &branch->range;
	const DynKeyRange *more = &other->range;

	branch->loose |= other->loose;
	branch->negated |= other->negated;
	if (range->hash.count == 0)
		range->hash = more->hash;
	else if (more->hash.count > 0 && !dyn_key_equal(&range->hash, &more->hash))
		branch->loose = true;
	if (is_whole(more))
		return;
	if (is_whole(range) || (more->equal_count > 0 && range->equal_count == 0))
	{
		DynKey		hash = range->hash;

		branch->loose |= !is_whole(range);
		*range = *more;
		range->hash = hash;
	}
	else if (range->equal_count == 0 && !range->has_prefix && !more->has_prefix &&
			 !(range->has_lower && more->has_lower) && !(range->has_upper && more->has_upper))
	{
		if (more->has_lower)
		{
			range->has_lower = true;
			range->lower_inclusive = more->lower_inclusive;
			range->lower = more->lower;
		}
		if (more->has_upper)
		{
			range->has_upper = true;
			range->upper_inclusive = more->upper_inclusive;
			range->upper = more->upper;
		}
	}
	else
		branch->loose = true;
}

/* AND: each branch of one side with each of the other. */
static Branches
combine(Branches left, Branches right)
{
	bool		too_many = left.too_many || right.too_many || left.count * right.count > MAX_RANGES;
	Branches	made = make_branches(Min(left.count * right.count, MAX_RANGES));

	made.too_many = too_many;
	for (int i = 0; i < made.count; i++)
	{
		made.branches[i] = left.branches[i / right.count];
		narrow(&made.branches[i], &right.branches[i % right.count]);
	}
	pfree(left.branches);
	pfree(right.branches);
	return made;
}

/* OR: those of both sides. */
static Branches
join(Branches left, Branches right)
{
	int			count = left.count + right.count;
	Branches	made = make_branches(Min(count, MAX_RANGES));

	made.too_many = left.too_many || right.too_many || count > MAX_RANGES;
	for (int i = 0; i < made.count; i++)
		made.branches[i] = i < left.count ? left.branches[i] : right.branches[i - left.count];
	pfree(left.branches);
	pfree(right.branches);
	return made;
}

/* Is there a condition on a key in it, as far as AND and OR reach? */
static bool
names_key(const DynNode *node, const DynKeySchema *schema)
{
	DynPartiqlTest test;

	check_stack_depth();
	if (node->kind != DYN_NODE_AND && node->kind != DYN_NODE_OR)
		return dyn_partiql_access_test(node, schema, false, &test) &&
			(!test.part->is_hash || test.kind == DYN_NODE_EQ || test.kind == DYN_NODE_IN);
	for (int i = 0; i < node->count; i++)
		if (names_key(node->arguments[i], schema))
			return true;
	return false;
}

static Branches
spread(const DynNode *node, const DynKeySchema *schema)
{
	DynPartiqlTest test;
	Branches	made;

	check_stack_depth();
	if (node->kind == DYN_NODE_AND || (node->kind == DYN_NODE_OR && names_key(node, schema)))
	{
		made = spread(node->arguments[0], schema);
		for (int i = 1; i < node->count; i++)
		{
			Branches	next = spread(node->arguments[i], schema);

			made = node->kind == DYN_NODE_AND ? combine(made, next) : join(made, next);
		}
		return made;
	}
	if (dyn_partiql_access_test(node, schema, false, &test))
		return key_branches(node, &test, schema);
	return filter_branch(node, schema);
}

/* Has every branch the hash key? */
static bool
pins_hash(const DynNode *node, const DynKeySchema *schema)
{
	DynPartiqlTest test;
	bool		any = node->kind == DYN_NODE_AND;

	check_stack_depth();
	if (node->kind != DYN_NODE_AND && node->kind != DYN_NODE_OR)
		return dyn_partiql_access_test(node, schema, false, &test) && test.part->is_hash &&
			(test.kind == DYN_NODE_EQ || test.kind == DYN_NODE_IN);
	for (int i = 0; i < node->count; i++)
		if (pins_hash(node->arguments[i], schema) == any)
			return any;
	return !any;
}

/* ---- overlaps ---- */

static const DynValue *
lower_bound(const DynKeyRange *range)
{
	return range->equal_count > 0 ? &range->equal[0] : range->has_prefix ? &range->prefix :
		range->has_lower ? &range->lower : NULL;
}

/* Does a end before b begins? */
static bool
ends_before(const DynKeyRange *a, const DynKeyRange *b)
{
	const DynValue *lower = lower_bound(b);
	bool		lower_inclusive = b->equal_count > 0 || b->has_prefix || b->lower_inclusive;
	const DynValue *upper = a->equal_count > 0 ? &a->equal[0] : a->has_upper ? &a->upper : NULL;
	int			order;

	if (lower == NULL)
		return false;
	if (a->equal_count == 0 && a->has_prefix)
		return dyn_value_compare(&a->prefix, lower) < 0 && !dyn_text_starts_with(lower->text, a->prefix.text);
	if (upper == NULL)
		return false;
	order = dyn_value_compare(upper, lower);
	return order < 0 || (order == 0 && !(lower_inclusive && (a->equal_count > 0 || a->upper_inclusive)));
}

/* Two reads of one hash key must not meet; AWS looks away where a branch says of the range key what no read can. */
static void
check_overlaps(const Branches *all)
{
	for (int i = 0; i < all->count; i++)
		for (int j = 0; j < i; j++)
		{
			const Branch *a = &all->branches[i];
			const Branch *b = &all->branches[j];

			if (a->negated || b->negated || !dyn_key_equal(&a->range.hash, &b->range.hash))
				continue;
			/* one that ends before it begins is empty */
			if (ends_before(&a->range, &b->range) || ends_before(&b->range, &a->range) ||
				ends_before(&a->range, &a->range) || ends_before(&b->range, &b->range))
				continue;
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_OVERLAP);
		}
}

/* ---- ranges ---- */

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
