/*
 * Runs an update on an item.
 *
 * First every action's new value is computed from the old item alone; then the actions are applied to a copy.  Values
 * go in sorted by path, so that what SET puts behind the end of a list is appended in the order of its positions;
 * removals come last and from the end of each list, so that every position means the one in the old list.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/path_set.h"
#include "expr/update_apply.h"
#include "item/item_size.h"

/* the effect of an action */
typedef struct Change
{
	DynPath		path;
	bool		removes;
	DynValue	value;
} Change;

typedef struct Changes
{
	int			count;
	Change	   *changes;
	int64		size;			/* of all values together: a lower bound of the new item's size */
} Changes;

static DynItem *apply(const DynUpdate *update, const DynItem *old, bool is_new);
static void add_value(Changes *changes, const DynPath *path, DynValue value);
static void add_change(const DynUpdate *update, const DynAction *action, const DynItem *old, bool is_new,
					   Changes *changes);
static DynValue evaluate(const DynNode *node, const DynItem *old);
static DynValue add_to(const DynUpdate *update, const DynValue *old, const DynValue *operand);
static DynItem *copy_item(const DynItem *old, const Changes *changes);
static void apply_changes(DynItem *item, Changes *changes);

DynItem *
dyn_update_apply_run(const DynUpdate *update, const DynItem *old)
{
	return apply(update, old, false);
}

DynItem *
dyn_update_apply_create(const DynUpdate *update, const DynItem *key)
{
	return apply(update, key, true);
}

DynItem *
dyn_update_apply_touched(const DynUpdate *update, const DynItem *item)
{
	DynItem    *touched = dyn_path_set_extract(update->paths, update->count, item);

	return touched->count > 0 ? touched : NULL;
}

static DynItem *
apply(const DynUpdate *update, const DynItem *old, bool is_new)
{
	Changes		changes = {0};
	DynItem    *item;

	changes.changes = palloc(Max(update->count, 1) * sizeof(Change));
	/* AWS computes every value of SET before it checks a path */
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].kind == DYN_ACTION_SET)
			add_value(&changes, &update->actions[i].path, evaluate(update->actions[i].operand, old));
	for (int i = 0; i < update->count; i++)
		add_change(update, &update->actions[i], old, is_new, &changes);
	item = copy_item(old, &changes);
	apply_changes(item, &changes);
	return item;
}

static void
fail_path(void)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_PATH_INVALID);
}

/* AWS has a message of its own for AttributeUpdates. */
static void
fail_type(bool legacy)
{
	if (legacy)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_TYPE_MISMATCH);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_OPERAND_INCORRECT);
}

/* Can the last step of the path be set or removed?  Then its container exists and is of the right type. */
static bool
has_parent(const DynItem *item, const DynPath *path)
{
	DynPath		parent = {path->count - 1, path->steps};
	const DynValue *value;

	if (parent.count == 0)
		return true;
	value = dyn_path_get(item, &parent);
	return value != NULL && value->type == (path->steps[parent.count].is_index ? DYN_TYPE_L : DYN_TYPE_M);
}

/* level: how many containers there are down to the value, including the item, and the value if it is one */
static void
check_nesting(const DynValue *value, int level)
{
	CHECK_FOR_INTERRUPTS();
	if (value->type != DYN_TYPE_L && value->type != DYN_TYPE_M)
		return;
	if (level > DYN_MAX_NESTING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_DEEP);
	if (value->type == DYN_TYPE_L)
		for (int i = 0; i < value->list.count; i++)
			check_nesting(&value->list.values[i], level + 1);
	else
		for (int i = 0; i < value->map->count; i++)
			check_nesting(&value->map->attributes[i].value, level + 1);
}

static void
add_value(Changes *changes, const DynPath *path, DynValue value)
{
	CHECK_FOR_INTERRUPTS();
	check_nesting(&value, path->count + 1);
	/* checked here, before the item is finished: a short expression can ask for many copies of a long list */
	changes->size += dyn_item_size_value(&value);
	if (changes->size > DYN_MAX_ITEM_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_ITEM_TOO_LARGE);
	changes->changes[changes->count++] = (Change) {*path, false, value};
}

static void
add_removal(Changes *changes, const DynPath *path)
{
	changes->changes[changes->count++] = (Change) {.path = *path, .removes = true};
}

static void
add_change(const DynUpdate *update, const DynAction *action, const DynItem *old, bool is_new, Changes *changes)
{
	const DynValue *present = NULL;
	DynValue	rest;

	if (has_parent(old, &action->path))
		present = dyn_path_get(old, &action->path);
	else if (!is_new || action->kind != DYN_ACTION_REMOVE)
		fail_path();
	switch (action->kind)
	{
		case DYN_ACTION_SET:
			break;
		case DYN_ACTION_ADD:
			add_value(changes, &action->path, add_to(update, present, &action->operand->value));
			break;
		case DYN_ACTION_DELETE:
			if (present == NULL)
				break;
			if (present->type != action->operand->value.type)
				fail_type(update->appends_lists);
			rest = dyn_value_set_difference(present, &action->operand->value);
			if (rest.list.count == 0)
				add_removal(changes, &action->path);
			else
				add_value(changes, &action->path, rest);
			break;
		default:
			if (present != NULL)
				add_removal(changes, &action->path);
			break;
	}
}

static DynValue
sum(const DynValue *a, const DynValue *b, bool minus)
{
	DynNumber  *result = palloc(sizeof(DynNumber));
	DynNumberResult outcome;

	if (a->type != DYN_TYPE_N || b->type != DYN_TYPE_N)
		fail_type(false);
	outcome = minus ? dyn_number_subtract(a->number, b->number, result) : dyn_number_add(a->number, b->number, result);
	dyn_number_check(outcome, DYN_STR(""));
	return dyn_value_number(result);
}

static DynValue
concatenate(const DynValue *a, const DynValue *b)
{
	DynValue	result = dyn_value_list();
	const DynValue *parts[] = {a, b};

	for (int i = 0; i < lengthof(parts); i++)
	{
		if (parts[i]->type != DYN_TYPE_L)
			fail_type(false);
		for (int j = 0; j < parts[i]->list.count; j++)
			dyn_value_list_append(&result, parts[i]->list.values[j]);
	}
	return result;
}

static DynValue
evaluate(const DynNode *node, const DynItem *old)
{
	const DynValue *value;
	DynValue	first;
	DynValue	second;

	check_stack_depth();
	if (node->kind == DYN_NODE_VALUE)
		return node->value;
	if (node->kind == DYN_NODE_PATH)
	{
		value = dyn_path_get(old, &node->path);
		if (value == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_EXPRESSION_ATTRIBUTE_MISSING);
		return *value;
	}
	if (node->kind == DYN_NODE_CALL && node->function == DYN_FUNCTION_IF_NOT_EXISTS)
	{
		value = dyn_path_get(old, &node->arguments[0]->path);
		return value != NULL ? *value : evaluate(node->arguments[1], old);
	}
	first = evaluate(node->arguments[0], old);
	second = evaluate(node->arguments[1], old);
	if (node->kind == DYN_NODE_CALL)
		return concatenate(&first, &second);
	return sum(&first, &second, node->kind == DYN_NODE_MINUS);
}

/* The value that ADD gives; for a missing attribute it is the operand itself. */
static DynValue
add_to(const DynUpdate *update, const DynValue *old, const DynValue *operand)
{
	if (old == NULL)
		return *operand;
	if (old->type != operand->type)
		fail_type(update->appends_lists);
	if (old->type == DYN_TYPE_N)
		return sum(old, operand, false);
	if (dyn_value_is_set(old))
		return dyn_value_set_union(old, operand);
	if (old->type != DYN_TYPE_L || !update->appends_lists)
		fail_type(update->appends_lists);
	return concatenate(old, operand);
}

/* A copy that may be changed at the changes' paths; everything else it shares with the old item. */
static DynItem *
copy_item(const DynItem *old, const Changes *changes)
{
	DynItem    *item = dyn_item_make(old->count + changes->count);

	if (old->count > 0)
		memcpy(item->attributes, old->attributes, old->count * sizeof(DynAttribute));
	item->count = old->count;
	for (int i = 0; i < changes->count; i++)
	{
		const DynPath *path = &changes->changes[i].path;
		DynStr		name = path->steps[0].name;
		const DynValue *present = dyn_item_get(old, name);
		DynValue   *own = dyn_item_get(item, name);

		/* several paths may lead into one attribute: it is copied for the first of them */
		if (path->count > 1 && present != NULL && memcmp(present, own, sizeof(DynValue)) == 0)
			*own = dyn_value_copy(present);
	}
	return item;
}

static int
compare_changes(const void *a, const void *b)
{
	return dyn_path_set_compare(&((const Change *) a)->path, &((const Change *) b)->path);
}

/* Removes the positions that these changes name, in ascending order, from one list in one pass. */
static void
remove_positions(DynList *list, const Change *changes, int count)
{
	int			kept = 0;
	int			next = 0;

	for (int i = 0; i < list->count; i++)
	{
		const DynPath *path = next < count ? &changes[next].path : NULL;

		if (path != NULL && path->steps[path->count - 1].index == i)
			next++;
		else
			list->values[kept++] = list->values[i];
	}
	list->count = kept;
}

/* Do both paths end in a position of the same list? */
static bool
same_list(const DynPath *a, const DynPath *b)
{
	DynPath		parent = {a->count - 1, a->steps};

	return a->count == b->count && a->steps[a->count - 1].is_index && dyn_path_is_prefix(&parent, b);
}

/* Removals from lists go together, list by list. */
static void
apply_removals(DynItem *item, const Change *changes, int count)
{
	for (int end = count; end > 0;)
	{
		const DynPath *path = &changes[end - 1].path;
		DynPath		parent = {path->count - 1, path->steps};
		int			start = end - 1;

		if (!path->steps[path->count - 1].is_index)
		{
			dyn_path_remove(item, path);
			end = start;
			continue;
		}
		while (start > 0 && same_list(path, &changes[start - 1].path))
			start--;
		/* the list is ours: copy_item copied the attribute that holds it */
		remove_positions(&((DynValue *) dyn_path_get(item, &parent))->list, &changes[start], end - start);
		end = start;
	}
}

static void
apply_changes(DynItem *item, Changes *changes)
{
	int			removals = 0;

	qsort(changes->changes, changes->count, sizeof(Change), compare_changes);
	for (int i = 0; i < changes->count; i++)
	{
		Change		change = changes->changes[i];

		if (change.removes)
			changes->changes[removals++] = change;
		else if (!dyn_path_set(item, &change.path, change.value))
			fail_path();
	}
	apply_removals(item, changes->changes, removals);
}
