/*
 * One row by key, with or without a lock.
 */
#ifndef DYN_ROW_READ_H
#define DYN_ROW_READ_H

#include "catalog/table_cache.h"
#include "item/item_jsonb.h"

typedef enum DynRowLock
{
	DYN_NO_LOCK,				/* the newest committed version */
	DYN_NO_LOCK_TOGETHER,		/* as the active snapshot sees it, so that several reads fit together */
	DYN_LOCK_UPDATE				/* FOR UPDATE: the newest committed version, held until the transaction ends */
} DynRowLock;

/* The stored item (a copy in CurrentMemoryContext) or NULL; *size (may be NULL) its size in DynamoDB's bytes. */
extern Jsonb *dyn_row_read_jsonb(const DynTable *table, const DynKey *key, DynRowLock lock, int *size);
/* The same as an item. */
extern DynItem *dyn_row_read(const DynTable *table, const DynKey *key, DynRowLock lock, int *size);
/* DynamoDB's bytes of all items that have the key's hash part, for somebody who has just written one of them. */
extern int64 dyn_row_read_collection_size(const DynTable *table, const DynKey *key);

#endif
