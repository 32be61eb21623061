/*
 * ItemCollectionMetrics: how much of a table with local indexes has one hash key.
 */
#ifndef DYN_COLLECTION_H
#define DYN_COLLECTION_H

#include "catalog/table_cache.h"
#include "json/json.h"

/* ReturnItemCollectionMetrics is SIZE, and the table has collections. */
extern bool dyn_collection_wanted(const DynJson *body, const DynTable *table);
/* One object, for the collection of a key that has just been written. */
extern void dyn_collection_write(StringInfo out, const DynTable *table, const DynKey *key);
/* The member of a single-table reply, where it is wanted. */
extern void dyn_collection_write_member(StringInfo out, const DynJson *body, const DynTable *table, const DynKey *key);

#endif
