/*
 * Tags of tables.
 */
#ifndef DYN_TAG_META_H
#define DYN_TAG_META_H

#include "meta/table_meta.h"

typedef struct DynTag
{
	DynStr		key;
	DynStr		value;
} DynTag;

/* Adds or replaces. */
extern void dyn_tag_meta_put(const DynTable *table, const DynTag *tags, int count);
extern void dyn_tag_meta_remove(const DynTable *table, const DynStr *keys, int count);
/* In order of their keys. */
extern int	dyn_tag_meta_list(const DynTable *table, DynTag **tags);

#endif
