/*
 * Plans a statement: finds the key in it, and leaves the rest as a filter or a condition.
 *
 * INSERT, UPDATE and DELETE write one item, whose whole key they must give; partiql_access.c decides what a SELECT
 * reads.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/path_set.h"
#include "partiql/partiql_access.h"
#include "partiql/partiql_plan.h"
#include "store/key_columns.h"

static void check_projected(DynPartiqlPlan *plan);
static void plan_order(const DynPartiqlStatement *statement, const DynNode *where, DynPartiqlPlan *plan);
static void plan_insert(DynPartiqlTranslation *translation, DynPartiqlPlan *plan);
static void check_update(const DynPartiqlPlan *plan);
static DynNode *split_key(DynPartiqlTranslation *translation, DynPartiqlPlan *plan);

DynPartiqlPlan *
dyn_partiql_plan_select(const DynPartiqlStatement *statement, const DynPartiqlTranslation *translation,
						const DynTable *table, const DynIndex *index)
{
	DynPartiqlPlan *plan = palloc0(sizeof(DynPartiqlPlan));
	const DynKeySchema *schema = index ? &index->keys : &table->keys;

	plan->table = table;
	plan->index = index;
	plan->columns = translation->columns;
	if (schema->hash_count > 1 || schema->range_count > 1)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_SEVERAL_KEY_ATTRIBUTES);
	check_projected(plan);
	if (translation->where != NULL)
		dyn_partiql_access_plan(translation->where, plan);
	plan_order(statement, translation->where, plan);
	return plan;
}

/* A global index gives what it projects; a local one fetches the rest. */
static void
check_projected(DynPartiqlPlan *plan)
{
	StringInfoData missing;

	if (plan->index == NULL)
		return;
	initStringInfo(&missing);
	for (int i = 0; i < plan->columns.count; i++)
	{
		DynStr		name = plan->columns.paths[i].steps[0].name;

		if (!dyn_table_projects(plan->table, plan->index, name))
			appendStringInfo(&missing, "%s%s", missing.len > 0 ? ", " : "", dyn_text_printable(name));
	}
	if (missing.len > 0 && plan->index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_DOES_NOT_PROJECT, plan->index->name, missing.data);
	plan->fetches = missing.len > 0;
}

static const char *
order_name(const DynPartiqlNode *node)
{
	switch (node->kind)
	{
		case DYN_PARTIQL_PATH:
			return "PATH";
		case DYN_PARTIQL_PARAMETER:
			return "PARAMETER";
		default:
			return dyn_text_printable(node->text);
	}
}

/* Are the ranges of more than one hash key? */
static bool
has_many_hashes(const DynPartiqlPlan *plan)
{
	for (int i = 1; i < plan->range_count; i++)
		if (!dyn_key_equal(&plan->ranges[0].hash, &plan->ranges[i].hash))
			return true;
	return false;
}

static int
compare_ranges(const void *a, const void *b)
{
	const DynKeyRange *left = a;
	const DynKeyRange *right = b;
	int			order = dyn_key_compare(&left->hash, &right->hash);

	if (order == 0 && left->equal_count > 0 && right->equal_count > 0)
		order = dyn_value_compare(&left->equal[0], &right->equal[0]);
	return order;
}

static int
compare_ranges_descending(const void *a, const void *b)
{
	return compare_ranges(b, a);
}

/* By hash key first, as the statement asks; then by range key. */
static void
sort_ranges(DynPartiqlPlan *plan, bool by_hash, bool hash_descending)
{
	bool		reversed = by_hash ? hash_descending : plan->backward;

	if (plan->range_count < 2)
		return;
	qsort(plan->ranges, plan->range_count, sizeof(DynKeyRange), reversed ? compare_ranges_descending : compare_ranges);
	if (reversed == plan->backward)
		return;
	/* within a hash key the other way round */
	for (int start = 0; start < plan->range_count;)
	{
		int			end = start + 1;

		while (end < plan->range_count && dyn_key_equal(&plan->ranges[start].hash, &plan->ranges[end].hash))
			end++;
		for (int i = start, j = end - 1; i < j; i++, j--)
		{
			DynKeyRange other = plan->ranges[i];

			plan->ranges[i] = plan->ranges[j];
			plan->ranges[j] = other;
		}
		start = end;
	}
}

static void
plan_order(const DynPartiqlStatement *statement, const DynNode *where, DynPartiqlPlan *plan)
{
	const DynKeySchema *schema = plan->index ? &plan->index->keys : &plan->table->keys;
	bool		by_hash = false;
	bool		hash_descending = false;
	bool		by_range = false;

	if (statement->order_count == 0)
		return;
	if (where == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ORDER_WITHOUT_WHERE);
	if (plan->range_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ORDER_NEEDS_HASH_KEY);
	for (int i = 0; i < statement->order_count; i++)
	{
		const DynPartiqlNode *by = statement->orders[i].by;
		const DynKeyPart *part;

		if (by->kind != DYN_PARTIQL_VARIABLE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ORDER_ARGUMENT, order_name(by));
		part = dyn_key_part_find(schema, by->text);
		if (part == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ORDER_NOT_KEY, dyn_text_printable(by->text));
		if (part->is_hash && !by_hash)
		{
			by_hash = true;
			hash_descending = statement->orders[i].descending;
		}
		else if (!part->is_hash && !by_range)
		{
			by_range = true;
			plan->backward = statement->orders[i].descending;
		}
	}
	/* so AWS answers to ORDER BY with the hash key alone */
	if (by_hash && !by_range && !has_many_hashes(plan))
		plan->backward = true;
	if (!by_hash && has_many_hashes(plan))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_ORDER_SEVERAL_HASH_KEYS);
	sort_ranges(plan, by_hash, hash_descending);
}

/* ---- writes ---- */

static DynCondition *
make_condition(DynNode *root)
{
	DynCondition *condition;

	if (root == NULL)
		return NULL;
	condition = palloc(sizeof(DynCondition));
	condition->root = root;
	return condition;
}

/* attribute_exists or attribute_not_exists of the hash key: is there an item? */
static DynNode *
test_item(const DynTable *table, DynFunction function)
{
	DynNode    *test = dyn_expr_ast_call(function);

	dyn_expr_ast_append(test, dyn_expr_ast_attribute(table->keys.parts[0].name));
	return test;
}

static DynNode *
combine(DynNodeKind kind, DynNode *a, DynNode *b)
{
	DynNode    *node;

	if (b == NULL)
		return a;
	node = dyn_expr_ast_operator(kind);
	dyn_expr_ast_append(node, a);
	dyn_expr_ast_append(node, b);
	return node;
}

DynPartiqlPlan *
dyn_partiql_plan_write(const DynPartiqlStatement *statement, DynPartiqlTranslation *translation, const DynTable *table)
{
	DynPartiqlPlan *plan = palloc0(sizeof(DynPartiqlPlan));
	DynNode    *rest;

	plan->table = table;
	plan->has_key = true;
	plan->item = translation->item;
	plan->update = translation->update;
	if (statement->verb == DYN_PARTIQL_INSERT)
	{
		plan_insert(translation, plan);
		return plan;
	}
	rest = split_key(translation, plan);
	if (statement->verb == DYN_PARTIQL_UPDATE)
		check_update(plan);
	plan->only_key = rest == NULL;
	/* UPDATE wants an item; DELETE asks nothing of one that is not there */
	if (statement->verb == DYN_PARTIQL_DELETE)
		plan->rest = make_condition(rest);
	if (statement->verb == DYN_PARTIQL_DELETE)
		plan->condition = rest == NULL ? NULL :
			make_condition(combine(DYN_NODE_OR, test_item(table, DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS), rest));
	else
		plan->condition = make_condition(combine(DYN_NODE_AND, test_item(table, DYN_FUNCTION_ATTRIBUTE_EXISTS), rest));
	return plan;
}

static void
plan_insert(DynPartiqlTranslation *translation, DynPartiqlPlan *plan)
{
	const DynKeySchema *schema = &plan->table->keys;

	for (int i = 0; i < dyn_key_part_count(schema); i++)
	{
		const DynKeyPart *part = &schema->parts[i];
		const DynValue *value = dyn_item_get(plan->item, part->name);

		if (value == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_MISSING, dyn_text_printable(part->name));
		if (value->type != part->type)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_TYPE, dyn_text_printable(part->name));
	}
	translation->has_key = true;
	dyn_key_columns_check_item(plan->table, plan->item, &plan->key);
	plan->condition = make_condition(test_item(plan->table, DYN_FUNCTION_ATTRIBUTE_NOT_EXISTS));
}

static void
check_update(const DynPartiqlPlan *plan)
{
	for (int i = 0; i < dyn_update_path_count(plan->update); i++)
	{
		DynStr		name = dyn_update_path(plan->update, i)->steps[0].name;

		if (dyn_key_part_find(&plan->table->keys, name) != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CANNOT_UPDATE_KEY, dyn_text_printable(name));
	}
}

/* Takes the equalities on the key out of a conjunction; what remains, NULL when nothing does. */
static DynNode *
split_key(DynPartiqlTranslation *translation, DynPartiqlPlan *plan)
{
	DynNode    *where = translation->where;
	const DynKeySchema *schema = &plan->table->keys;
	int			count = where == NULL ? 0 : where->kind == DYN_NODE_AND ? where->count : 1;
	DynNode *const *parts = where != NULL && where->kind == DYN_NODE_AND ? where->arguments : &where;
	DynItem    *key_item = dyn_item_make(2);
	DynNode    *rest = NULL;

	for (int i = 0; i < count; i++)
	{
		DynPartiqlTest test;
		const DynValue *present;

		if (!dyn_partiql_access_test(parts[i], schema, true, &test) || parts[i]->kind != DYN_NODE_EQ)
		{
			if (rest == NULL)
				rest = dyn_expr_ast_operator(DYN_NODE_AND);
			dyn_expr_ast_append(rest, parts[i]);
			continue;
		}
		present = dyn_item_get(key_item, test.part->name);
		if (present != NULL && !dyn_value_equal(present, &test.values[0]->value))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_SEVERAL_CONDITIONS, dyn_text_printable(test.part->name));
		dyn_item_set(key_item, test.part->name, test.values[0]->value);
	}
	if (key_item->count < dyn_key_part_count(schema))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_NOT_GIVEN);
	translation->has_key = true;
	dyn_key_columns_check_key(plan->table, key_item, &plan->key);
	return rest;
}

/* ---- results ---- */

/* How many steps lead to what the column is named after: the path, or as far as its first list's element. */
static int
element_steps(const DynPath *path)
{
	int			position = 0;

	while (position < path->count && !path->steps[position].is_index)
		position++;
	while (position < path->count && path->steps[position].is_index)
		position++;
	return position;
}

/* The value of the column, and of the later ones of the same name: all they name inside one list's element. */
static bool
column_value(const DynPartiqlColumns *columns, int column, const DynItem *item, DynValue *value)
{
	const DynPath *path = &columns->paths[column];
	DynPath		element = {element_steps(path), path->steps};
	const DynValue *found = dyn_path_get(item, &element);
	DynPath    *inside;
	int			count = 0;

	if (found == NULL)
		return false;
	*value = *found;
	if (element.count == path->count)
		return true;
	if (found->type != DYN_TYPE_M)
		return false;
	inside = palloc(columns->count * sizeof(DynPath));
	for (int i = column; i < columns->count; i++)
		if (dyn_path_is_prefix(&element, &columns->paths[i]))
			inside[count++] = (DynPath) {columns->paths[i].count - element.count, columns->paths[i].steps + element.count};
	value->map = dyn_path_set_extract(dyn_path_set_sort(inside, count), count, found->map);
	return value->map->count > 0;
}

DynItem *
dyn_partiql_plan_project(const DynPartiqlColumns *columns, const DynItem *item)
{
	DynItem    *result = dyn_item_make(columns->count);

	for (int i = 0; i < columns->count; i++)
	{
		DynValue	value;

		/* backward: of one name the first column holds all, and the one that is appended last stays */
		if (column_value(columns, columns->count - 1 - i, item, &value))
			dyn_item_append(result, columns->names[columns->count - 1 - i], value);
	}
	(void) dyn_item_sort(result);
	return result;
}
