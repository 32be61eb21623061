/*
 * An attribute map: an item, or a value of type M.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "item/item.h"

#define INSERTION_SORT_MAX 24

static bool find(const DynItem *item, DynStr name, int *position);
static void reserve(DynItem *item, int count);
static inline int compare_names(DynStr a, DynStr b);
static bool sort_small(DynItem *item);
static bool sort_large(DynItem *item);
static int	compare_attributes(const void *a, const void *b);

DynItem *
dyn_item_make(int capacity)
{
	DynItem    *item = palloc0(sizeof(DynItem));

	reserve(item, capacity);
	return item;
}

DynValue *
dyn_item_get(const DynItem *item, DynStr name)
{
	int			position;

	if (item == NULL || !find(item, name, &position))
		return NULL;
	return &item->attributes[position].value;
}

void
dyn_item_set(DynItem *item, DynStr name, DynValue value)
{
	int			position;

	if (find(item, name, &position))
	{
		item->attributes[position].value = value;
		return;
	}
	reserve(item, item->count + 1);
	memmove(&item->attributes[position + 1], &item->attributes[position],
			(item->count - position) * sizeof(DynAttribute));
	item->attributes[position] = (DynAttribute) {name, value};
	item->count++;
}

bool
dyn_item_remove(DynItem *item, DynStr name)
{
	int			position;

	if (!find(item, name, &position))
		return false;
	item->count--;
	memmove(&item->attributes[position], &item->attributes[position + 1],
			(item->count - position) * sizeof(DynAttribute));
	return true;
}

void
dyn_item_append(DynItem *item, DynStr name, DynValue value)
{
	reserve(item, item->count + 1);
	item->attributes[item->count++] = (DynAttribute) {name, value};
}

bool
dyn_item_sort(DynItem *item)
{
	return item->count <= INSERTION_SORT_MAX ? sort_small(item) : sort_large(item);
}

DynItem *
dyn_item_copy(const DynItem *item)
{
	DynItem    *copy = dyn_item_make(item->count);

	check_stack_depth();
	for (int i = 0; i < item->count; i++)
	{
		copy->attributes[i].name = dyn_text_copy(item->attributes[i].name);
		copy->attributes[i].value = dyn_value_copy(&item->attributes[i].value);
	}
	copy->count = item->count;
	return copy;
}

bool
dyn_item_equal(const DynItem *a, const DynItem *b)
{
	check_stack_depth();
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
	{
		if (!dyn_text_equal(a->attributes[i].name, b->attributes[i].name) ||
			!dyn_value_equal(&a->attributes[i].value, &b->attributes[i].value))
			return false;
	}
	return true;
}

void
dyn_item_check_name(DynStr name)
{
	if (name.len == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ATTRIBUTE_NAME_EMPTY);
	if (name.len > DYN_MAX_ATTRIBUTE_NAME)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ATTRIBUTE_NAME_TOO_LONG, DYN_MAX_ATTRIBUTE_NAME + 1);
}

/* Every reader of nested values calls this once for each list and map. */
void
dyn_item_check_depth(int level)
{
	CHECK_FOR_INTERRUPTS();
	if (level > DYN_MAX_NESTING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITEM_TOO_DEEP);
}

/* The place of a name, or the one where it would be inserted. */
static bool
find(const DynItem *item, DynStr name, int *position)
{
	int			low = 0;
	int			high = item->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = compare_names(name, item->attributes[middle].name);

		if (order == 0)
		{
			*position = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*position = low;
	return false;
}

static void
reserve(DynItem *item, int count)
{
	int			capacity = item->capacity;

	if (count <= capacity)
		return;
	capacity = capacity == 0 ? count : Max(count, capacity * 2);
	if (item->attributes == NULL)
		item->attributes = palloc_extended((Size) capacity * sizeof(DynAttribute), MCXT_ALLOC_HUGE);
	else
		item->attributes = repalloc_huge(item->attributes, (Size) capacity * sizeof(DynAttribute));
	item->capacity = capacity;
}

/* jsonb's order of object keys */
static inline int
compare_names(DynStr a, DynStr b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.data, b.data, a.len);
}

/* Insertion sort in place, which is enough for nearly every item.  Returns false if a name was repeated. */
static bool
sort_small(DynItem *item)
{
	DynAttribute *attributes = item->attributes;
	int			count = item->count;
	int			kept = 0;

	for (int i = 0; i < count; i++)
	{
		DynAttribute attribute = attributes[i];
		int			to = kept;
		int			order = 1;

		while (to > 0 && (order = compare_names(attribute.name, attributes[to - 1].name)) < 0)
			to--;
		if (to > 0 && order == 0)
		{
			attributes[to - 1].value = attribute.value;
			continue;
		}
		memmove(&attributes[to + 1], &attributes[to], (kept - to) * sizeof(DynAttribute));
		attributes[to] = attribute;
		kept++;
	}
	item->count = kept;
	return kept == count;
}

/* Sorts pointers, whose order tells which of two equal names came last, then moves the attributes. */
static bool
sort_large(DynItem *item)
{
	int			count = item->count;
	int			kept = 0;
	DynAttribute **order;
	DynAttribute *sorted;
	bool		ascending = true;

	for (int i = 1; i < count && ascending; i++)
		ascending = compare_names(item->attributes[i - 1].name, item->attributes[i].name) < 0;
	if (ascending)
		return true;

	order = palloc_extended(count * sizeof(DynAttribute *), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		order[i] = &item->attributes[i];
	qsort(order, count, sizeof(DynAttribute *), compare_attributes);

	sorted = palloc_extended(count * sizeof(DynAttribute), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
	{
		if (i + 1 < count && compare_names(order[i]->name, order[i + 1]->name) == 0)
			continue;
		sorted[kept++] = *order[i];
	}
	pfree(order);
	pfree(item->attributes);
	item->attributes = sorted;
	item->capacity = count;
	item->count = kept;
	return kept == count;
}

static int
compare_attributes(const void *a, const void *b)
{
	const DynAttribute *first = *(DynAttribute *const *) a;
	const DynAttribute *second = *(DynAttribute *const *) b;
	int			order = compare_names(first->name, second->name);

	if (order != 0)
		return order;
	return first < second ? -1 : first > second;
}
