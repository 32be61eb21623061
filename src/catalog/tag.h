/*
 * Tags of tables.
 */
#ifndef DYN_TAG_H
#define DYN_TAG_H

#include "catalog/table_cache.h"

typedef struct DynTag
{
	DynStr		key;
	DynStr		value;
} DynTag;

/* Adds or replaces. */
extern void dyn_tag_put(const DynTable *table, const DynTag *tags, int count);
extern void dyn_tag_remove(const DynTable *table, const DynStr *keys, int count);
/* In order of their keys. */
extern int	dyn_tag_list(const DynTable *table, DynTag **tags);

#endif
