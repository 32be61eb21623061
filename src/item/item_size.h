/*
 * DynamoDB's size rules ("DynamoDB item sizes and formats") and what follows from them: capacity units.
 */
#ifndef DYN_ITEM_SIZE_H
#define DYN_ITEM_SIZE_H

#include "item/item.h"

extern int64 dyn_item_size(const DynItem *item);	/* names and values; an item or a map's contents */
extern int64 dyn_item_size_value(const DynValue *value);
/* ValidationException "Item size has exceeded the maximum allowed size" above 400 KB. */
extern int	dyn_item_size_checked(const DynItem *item);
extern double dyn_item_size_read_units(int64 size, bool consistent);	/* at least one half or one */
extern double dyn_item_size_write_units(int64 size);

#endif
