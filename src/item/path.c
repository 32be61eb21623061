/*
 * Document paths: get, set, remove, compare, print.
 */
#include "postgres.h"

#include "item/path.h"

static DynValue *step_into(DynValue *value, const DynPathStep *step);
static bool find_parent(DynItem *item, const DynPath *path, DynItem **map, DynValue **list);
static bool step_equal(const DynPathStep *a, const DynPathStep *b);

const DynValue *
dyn_path_get(const DynItem *item, const DynPath *path)
{
	DynValue   *value = dyn_item_get(item, path->steps[0].name);

	for (int i = 1; i < path->count && value != NULL; i++)
		value = step_into(value, &path->steps[i]);
	return value;
}

bool
dyn_path_set(DynItem *item, const DynPath *path, DynValue value)
{
	const DynPathStep *last = &path->steps[path->count - 1];
	DynItem    *map;
	DynValue   *list;

	if (!find_parent(item, path, &map, &list))
		return false;
	if (map != NULL)
		dyn_item_set(map, last->name, value);
	else if (last->index < list->list.count)
		list->list.values[last->index] = value;
	else
		dyn_value_list_append(list, value);
	return true;
}

bool
dyn_path_remove(DynItem *item, const DynPath *path)
{
	const DynPathStep *last = &path->steps[path->count - 1];
	DynItem    *map;
	DynValue   *list;

	if (!find_parent(item, path, &map, &list))
		return false;
	if (map != NULL)
		dyn_item_remove(map, last->name);
	else if (last->index < list->list.count)
	{
		DynValue   *removed = &list->list.values[last->index];

		list->list.count--;
		memmove(removed, removed + 1, (list->list.count - last->index) * sizeof(DynValue));
	}
	return true;
}

bool
dyn_path_equal(const DynPath *a, const DynPath *b)
{
	return a->count == b->count && dyn_path_is_prefix(a, b);
}

bool
dyn_path_is_prefix(const DynPath *a, const DynPath *b)
{
	if (a->count > b->count)
		return false;
	for (int i = 0; i < a->count; i++)
	{
		if (!step_equal(&a->steps[i], &b->steps[i]))
			return false;
	}
	return true;
}

char *
dyn_path_steps_text(const DynPath *path)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '[');
	for (int i = 0; i < path->count; i++)
	{
		if (i > 0)
			appendStringInfoString(&text, ", ");
		if (path->steps[i].is_index)
			appendStringInfo(&text, "[%d]", path->steps[i].index);
		else
			appendStringInfoString(&text, dyn_text_printable(path->steps[i].name));
	}
	appendStringInfoChar(&text, ']');
	return text.data;
}

char *
dyn_path_text(const DynPath *path)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < path->count; i++)
	{
		if (path->steps[i].is_index)
			appendStringInfo(&text, "[%d]", path->steps[i].index);
		else
			appendStringInfo(&text, "%s%s", i > 0 ? "." : "", dyn_text_printable(path->steps[i].name));
	}
	return text.data;
}

static DynValue *
step_into(DynValue *value, const DynPathStep *step)
{
	if (!step->is_index)
		return value->type == DYN_TYPE_M ? dyn_item_get(value->map, step->name) : NULL;
	if (value->type != DYN_TYPE_L || step->index < 0 || step->index >= value->list.count)
		return NULL;
	return &value->list.values[step->index];
}

/* The container that the last step is a part of: *map for a name, *list for a position; the other is NULL. */
static bool
find_parent(DynItem *item, const DynPath *path, DynItem **map, DynValue **list)
{
	const DynPathStep *last = &path->steps[path->count - 1];
	DynValue   *parent;

	*map = NULL;
	*list = NULL;
	if (path->count == 1)
	{
		*map = item;
		return true;
	}
	parent = dyn_item_get(item, path->steps[0].name);
	for (int i = 1; i < path->count - 1 && parent != NULL; i++)
		parent = step_into(parent, &path->steps[i]);
	if (parent == NULL || parent->type != (last->is_index ? DYN_TYPE_L : DYN_TYPE_M))
		return false;
	if (last->is_index)
		*list = parent;
	else
		*map = parent->map;
	return !last->is_index || last->index >= 0;
}

static bool
step_equal(const DynPathStep *a, const DynPathStep *b)
{
	if (a->is_index != b->is_index)
		return false;
	return a->is_index ? a->index == b->index : dyn_text_equal(a->name, b->name);
}
