/*
 * Attribute values: the ten types, copying, equality, order, sets.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "item/item.h"
#include "item/value.h"

static const char *const type_names[] = {
	[DYN_TYPE_S] = "S",
	[DYN_TYPE_N] = "N",
	[DYN_TYPE_B] = "B",
	[DYN_TYPE_BOOL] = "BOOL",
	[DYN_TYPE_NULL] = "NULL",
	[DYN_TYPE_L] = "L",
	[DYN_TYPE_M] = "M",
	[DYN_TYPE_SS] = "SS",
	[DYN_TYPE_NS] = "NS",
	[DYN_TYPE_BS] = "BS",
};

static DynValue make_list(DynType type, int capacity);
static bool list_equal(const DynList *a, const DynList *b);
static DynList copy_list(const DynList *list);
static int	compare_elements(const void *a, const void *b);

const char *
dyn_value_type_name(DynType type)
{
	return type_names[type];
}

bool
dyn_value_type_from_name(DynStr name, DynType *type)
{
	for (int i = 0; i < lengthof(type_names); i++)
	{
		if (dyn_text_equal_cstring(name, type_names[i]))
		{
			*type = i;
			return true;
		}
	}
	return false;
}

bool
dyn_value_is_set(const DynValue *value)
{
	return value->type >= DYN_TYPE_SS;
}

DynType
dyn_value_element_type(DynType set)
{
	return set == DYN_TYPE_SS ? DYN_TYPE_S : set == DYN_TYPE_NS ? DYN_TYPE_N : DYN_TYPE_B;
}

DynValue
dyn_value_string(DynStr text)
{
	return (DynValue) {.type = DYN_TYPE_S, .text = text};
}

DynValue
dyn_value_number(const DynNumber *number)
{
	return (DynValue) {.type = DYN_TYPE_N, .number = number};
}

DynValue
dyn_value_binary(DynStr bytes)
{
	return (DynValue) {.type = DYN_TYPE_B, .text = bytes};
}

DynValue
dyn_value_boolean(bool boolean)
{
	return (DynValue) {.type = DYN_TYPE_BOOL, .boolean = boolean};
}

DynValue
dyn_value_null(void)
{
	return (DynValue) {.type = DYN_TYPE_NULL};
}

DynValue
dyn_value_list(void)
{
	return make_list(DYN_TYPE_L, 0);
}

void
dyn_value_list_append(DynValue *list, DynValue element)
{
	DynList    *elements = &list->list;

	if (elements->count == elements->capacity)
	{
		int			capacity = Max(elements->capacity * 2, 8);

		if (elements->values == NULL)
			elements->values = palloc(capacity * sizeof(DynValue));
		else
			elements->values = repalloc_huge(elements->values, (Size) capacity * sizeof(DynValue));
		elements->capacity = capacity;
	}
	elements->values[elements->count++] = element;
}

bool
dyn_value_equal(const DynValue *a, const DynValue *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type)
	{
		case DYN_TYPE_S:
		case DYN_TYPE_B:
			return dyn_text_equal(a->text, b->text);
		case DYN_TYPE_N:
			return dyn_number_compare(a->number, b->number) == 0;
		case DYN_TYPE_BOOL:
			return a->boolean == b->boolean;
		case DYN_TYPE_NULL:
			return true;
		case DYN_TYPE_M:
			return dyn_item_equal(a->map, b->map);
		case DYN_TYPE_L:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			return list_equal(&a->list, &b->list);
	}
	return false;
}

int
dyn_value_compare(const DynValue *a, const DynValue *b)
{
	if (a->type == DYN_TYPE_N)
		return dyn_number_compare(a->number, b->number);
	return dyn_text_compare(a->text, b->text);
}

DynValue
dyn_value_copy(const DynValue *value)
{
	DynValue	copy = *value;

	switch (value->type)
	{
		case DYN_TYPE_S:
		case DYN_TYPE_B:
			copy.text = dyn_text_copy(value->text);
			break;
		case DYN_TYPE_N:
			{
				DynNumber  *number = palloc(sizeof(DynNumber));

				*number = *value->number;
				copy.number = number;
				break;
			}
		case DYN_TYPE_M:
			copy.map = dyn_item_copy(value->map);
			break;
		case DYN_TYPE_L:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			copy.list = copy_list(&value->list);
			break;
		case DYN_TYPE_BOOL:
		case DYN_TYPE_NULL:
			break;
	}
	return copy;
}

bool
dyn_value_set_normalize(DynValue *set)
{
	DynList    *list = &set->list;
	int			kept = 1;
	bool		sorted = true;

	for (int i = 1; i < list->count && sorted; i++)
		sorted = dyn_value_compare(&list->values[i - 1], &list->values[i]) < 0;
	if (sorted)
		return true;

	qsort(list->values, list->count, sizeof(DynValue), compare_elements);
	for (int i = 1; i < list->count; i++)
	{
		if (dyn_value_compare(&list->values[kept - 1], &list->values[i]) != 0)
			list->values[kept++] = list->values[i];
	}
	if (kept == list->count)
		return true;
	list->count = kept;
	return false;
}

bool
dyn_value_set_contains(const DynValue *set, const DynValue *element)
{
	int			low = 0;
	int			high = set->list.count;

	if (element->type != dyn_value_element_type(set->type))
		return false;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = dyn_value_compare(element, &set->list.values[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

DynValue
dyn_value_set_union(const DynValue *a, const DynValue *b)
{
	DynValue	result = make_list(a->type, a->list.count + b->list.count);
	DynValue   *out = result.list.values;
	const DynValue *from_a = a->list.values;
	const DynValue *from_b = b->list.values;
	const DynValue *end_a = from_a + a->list.count;
	const DynValue *end_b = from_b + b->list.count;

	while (from_a < end_a && from_b < end_b)
	{
		int			order = dyn_value_compare(from_a, from_b);

		*out++ = order <= 0 ? *from_a : *from_b;
		from_a += order <= 0;
		from_b += order >= 0;
	}
	while (from_a < end_a)
		*out++ = *from_a++;
	while (from_b < end_b)
		*out++ = *from_b++;
	result.list.count = out - result.list.values;
	return result;
}

DynValue
dyn_value_set_difference(const DynValue *a, const DynValue *b)
{
	DynValue	result = make_list(a->type, a->list.count);
	const DynValue *from_b = b->list.values;
	const DynValue *end_b = from_b + b->list.count;

	for (int i = 0; i < a->list.count; i++)
	{
		const DynValue *element = &a->list.values[i];

		while (from_b < end_b && dyn_value_compare(from_b, element) < 0)
			from_b++;
		if (from_b == end_b || dyn_value_compare(from_b, element) != 0)
			result.list.values[result.list.count++] = *element;
	}
	return result;
}

int
dyn_value_depth(const DynValue *value)
{
	int			deepest = 0;

	check_stack_depth();
	if (value->type == DYN_TYPE_L)
	{
		for (int i = 0; i < value->list.count; i++)
		{
			int			depth = dyn_value_depth(&value->list.values[i]);

			deepest = Max(deepest, depth);
		}
	}
	else if (value->type == DYN_TYPE_M)
	{
		for (int i = 0; i < value->map->count; i++)
		{
			int			depth = dyn_value_depth(&value->map->attributes[i].value);

			deepest = Max(deepest, depth);
		}
	}
	else
		return 0;
	return deepest + 1;
}

static DynValue
make_list(DynType type, int capacity)
{
	DynValue	value = {.type = type};

	if (capacity > 0)
		value.list.values = palloc_extended((Size) capacity * sizeof(DynValue), MCXT_ALLOC_HUGE);
	value.list.capacity = capacity;
	return value;
}

static bool
list_equal(const DynList *a, const DynList *b)
{
	check_stack_depth();
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
	{
		if (!dyn_value_equal(&a->values[i], &b->values[i]))
			return false;
	}
	return true;
}

static DynList
copy_list(const DynList *list)
{
	DynList		copy = make_list(DYN_TYPE_L, list->count).list;

	check_stack_depth();
	for (int i = 0; i < list->count; i++)
		copy.values[i] = dyn_value_copy(&list->values[i]);
	copy.count = list->count;
	return copy;
}

static int
compare_elements(const void *a, const void *b)
{
	return dyn_value_compare(a, b);
}
