/*
 * An attribute map: an item, or a value of type M.
 *
 * Attributes are kept in jsonb's order (shorter names first, then byte order), so that reading and writing jsonb sorts
 * nothing and lookups are binary searches.
 */
#ifndef DYN_ITEM_H
#define DYN_ITEM_H

#include "item/value.h"

typedef struct DynAttribute
{
	DynStr		name;
	DynValue	value;
} DynAttribute;

typedef struct DynItem
{
	int			count;
	int			capacity;
	DynAttribute *attributes;
} DynItem;

extern DynItem *dyn_item_make(int capacity);
/* NULL when absent (also when item is NULL). */
extern DynValue *dyn_item_get(const DynItem *item, DynStr name);
/* Adds or replaces. */
extern void dyn_item_set(DynItem *item, DynStr name, DynValue value);
extern bool dyn_item_remove(DynItem *item, DynStr name);
/*
 * For building in bulk: append anything, then sort once.  Of repeated names the last wins; returns false if there were
 * any.
 */
extern void dyn_item_append(DynItem *item, DynStr name, DynValue value);
extern bool dyn_item_sort(DynItem *item);
/* Deep, into CurrentMemoryContext. */
extern DynItem *dyn_item_copy(const DynItem *item);
extern bool dyn_item_equal(const DynItem *a, const DynItem *b);

/*
 * Checks what AWS requires of every incoming item, whatever its form: attribute names of 1 to 65535 bytes, and no list
 * or map below level DYN_MAX_NESTING, the item itself being level 1.  Raises ValidationException.
 */
extern void dyn_item_check_name(DynStr name);
extern void dyn_item_check_depth(int level);

#endif
