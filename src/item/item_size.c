/*
 * DynamoDB's size rules.
 *
 * Names and strings count their UTF-8 bytes, binary values their raw bytes, BOOL and NULL one; a list or map counts
 * three, one more for each element, and its contents; a set counts its elements alone.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "item/item_size.h"

#define CONTAINER_SIZE 3
#define ELEMENT_SIZE 1

int64
dyn_item_size(const DynItem *item)
{
	int64		size = 0;

	for (int i = 0; i < item->count; i++)
		size += item->attributes[i].name.len + dyn_item_size_value(&item->attributes[i].value);
	return size;
}

int64
dyn_item_size_value(const DynValue *value)
{
	int64		size = 0;

	switch (value->type)
	{
		case DYN_TYPE_S:
		case DYN_TYPE_B:
			return value->text.len;
		case DYN_TYPE_N:
			return dyn_number_size(value->number);
		case DYN_TYPE_BOOL:
		case DYN_TYPE_NULL:
			return 1;
		case DYN_TYPE_M:
			check_stack_depth();
			return CONTAINER_SIZE + (int64) value->map->count * ELEMENT_SIZE + dyn_item_size(value->map);
		case DYN_TYPE_L:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			check_stack_depth();
			if (value->type == DYN_TYPE_L)
				size = CONTAINER_SIZE + (int64) value->list.count * ELEMENT_SIZE;
			for (int i = 0; i < value->list.count; i++)
				size += dyn_item_size_value(&value->list.values[i]);
			return size;
	}
	return size;
}

int
dyn_item_size_checked(const DynItem *item)
{
	int64		size = dyn_item_size(item);

	if (size > DYN_MAX_ITEM_SIZE)
	{
		dyn_error_bare();
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITEM_TOO_LARGE);
	}
	return (int) size;
}

double
dyn_item_size_read_units(int64 size, bool consistent)
{
	int64		units = Max((size + DYN_READ_UNIT - 1) / DYN_READ_UNIT, 1);

	return consistent ? units : units * 0.5;
}

double
dyn_item_size_write_units(int64 size)
{
	return Max((size + DYN_WRITE_UNIT - 1) / DYN_WRITE_UNIT, 1);
}
