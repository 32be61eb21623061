/*
 * Sets of document paths, kept sorted, so that paths with a common beginning stand together: overlaps are neighbours,
 * and one pass over the set builds a nested result.
 */
#include "postgres.h"

#include "base/message.h"
#include "expr/expr_parse.h"
#include "expr/path_set.h"

typedef enum Relation
{
	RELATION_NONE,
	RELATION_OVERLAP,			/* one contains the other, or they are the same */
	RELATION_CONFLICT			/* they want the same thing to be a map and a list */
} Relation;

static bool extract_value(const DynPath *paths, int count, int depth, const DynValue *source, DynValue *result);

static int
compare_steps(const DynPathStep *a, const DynPathStep *b)
{
	if (a->is_index != b->is_index)
		return a->is_index ? 1 : -1;
	if (a->is_index)
		return (a->index > b->index) - (a->index < b->index);
	if (a->name.len != b->name.len)
		return a->name.len < b->name.len ? -1 : 1;
	return memcmp(a->name.data, b->name.data, a->name.len);
}

int
dyn_path_set_compare(const DynPath *a, const DynPath *b)
{
	for (int i = 0; i < a->count && i < b->count; i++)
	{
		int			order = compare_steps(&a->steps[i], &b->steps[i]);

		if (order != 0)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int
compare_for_sort(const void *a, const void *b)
{
	return dyn_path_set_compare((const DynPath *) a, (const DynPath *) b);
}

DynPath *
dyn_path_set_sort(const DynPath *paths, int count)
{
	DynPath    *sorted = palloc(Max(count, 1) * sizeof(DynPath));

	if (count > 0)
		memcpy(sorted, paths, count * sizeof(DynPath));
	qsort(sorted, count, sizeof(DynPath), compare_for_sort);
	return sorted;
}

static Relation
relation(const DynPath *a, const DynPath *b)
{
	for (int i = 0; i < a->count && i < b->count; i++)
	{
		if (a->steps[i].is_index != b->steps[i].is_index)
			return RELATION_CONFLICT;
		if (compare_steps(&a->steps[i], &b->steps[i]) != 0)
			return RELATION_NONE;
	}
	return RELATION_OVERLAP;
}

static void
report(const char *parameter, const DynPath *one, const DynPath *two, const char *what)
{
	dyn_expr_parse_fail(parameter, DYN_MSG_PATHS_CONFLICT, what, dyn_path_steps_text(one), dyn_path_steps_text(two));
}

/* Reports the first path, in order of appearance, that overlaps with an earlier one. */
static void
report_overlap(const char *parameter, const DynPath *paths, int count)
{
	for (int i = 1; i < count; i++)
		for (int j = 0; j < i; j++)
			if (relation(&paths[j], &paths[i]) == RELATION_OVERLAP)
				report(parameter, &paths[j], &paths[i], "overlap");
}

/* AWS reports the last of several conflicts. */
static void
report_conflict(const char *parameter, const DynPath *paths, int count)
{
	for (int i = count - 1; i > 0; i--)
		for (int j = i - 1; j >= 0; j--)
			if (relation(&paths[j], &paths[i]) == RELATION_CONFLICT)
				report(parameter, &paths[j], &paths[i], "conflict");
}

void
dyn_path_set_check(const char *parameter, const DynPath *paths, const DynPath *sorted, int count)
{
	bool		clash = false;

	for (int i = 1; i < count && !clash; i++)
		clash = relation(&sorted[i - 1], &sorted[i]) != RELATION_NONE;
	if (!clash)
		return;
	report_overlap(parameter, paths, count);
	report_conflict(parameter, paths, count);
}

/* How many of the paths, counted from the first, have the same step at depth as the first. */
static int
group_length(const DynPath *paths, int count, int depth)
{
	int			length = 1;

	while (length < count && compare_steps(&paths[0].steps[depth], &paths[length].steps[depth]) == 0)
		length++;
	return length;
}

static DynItem *
extract_map(const DynPath *paths, int count, int depth, const DynItem *source)
{
	DynItem    *result = dyn_item_make(Min(count, 8));

	for (int i = 0; i < count;)
	{
		int			length = group_length(&paths[i], count - i, depth);
		const DynPathStep *step = &paths[i].steps[depth];
		const DynValue *member = step->is_index ? NULL : dyn_item_get(source, step->name);
		DynValue	part;

		if (member != NULL && extract_value(&paths[i], length, depth + 1, member, &part))
			dyn_item_append(result, step->name, part);
		i += length;
	}
	dyn_item_sort(result);
	return result;
}

static DynValue
extract_list(const DynPath *paths, int count, int depth, const DynList *source)
{
	DynValue	result = dyn_value_list();

	for (int i = 0; i < count;)
	{
		int			length = group_length(&paths[i], count - i, depth);
		const DynPathStep *step = &paths[i].steps[depth];
		DynValue	part;

		if (step->is_index && step->index < source->count &&
			extract_value(&paths[i], length, depth + 1, &source->values[step->index], &part))
			dyn_value_list_append(&result, part);
		i += length;
	}
	return result;
}

/* The paths agree up to depth, and source is the value there.  False when they name nothing in it. */
static bool
extract_value(const DynPath *paths, int count, int depth, const DynValue *source, DynValue *result)
{
	if (paths[0].count == depth)
	{
		*result = *source;
		return true;
	}
	if (source->type == DYN_TYPE_M)
	{
		result->type = DYN_TYPE_M;
		result->map = extract_map(paths, count, depth, source->map);
		return result->map->count > 0;
	}
	if (source->type == DYN_TYPE_L)
	{
		*result = extract_list(paths, count, depth, &source->list);
		return result->list.count > 0;
	}
	return false;
}

DynItem *
dyn_path_set_extract(const DynPath *sorted, int count, const DynItem *item)
{
	return extract_map(sorted, count, 0, item);
}
