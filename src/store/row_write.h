/*
 * Writes one item row, and with it the item's key columns and (once a table has a stream) its change record.
 *
 * Every change to a stored item comes here (operations, TTL, restore), so that no caller can forget an index.
 * Items have passed dyn_key_columns_check_item and dyn_item_size_checked.
 */
#ifndef DYN_ROW_WRITE_H
#define DYN_ROW_WRITE_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "catalog/table_cache.h"

/* Inserts; false when the key exists by now (somebody was faster): read again with a lock. */
extern bool dyn_row_write_insert(const DynTable *table, const DynKey *key, const DynItem *item, int size);
/* Replaces the row of key, which the caller has locked (dyn_row_read with DYN_LOCK_UPDATE). */
extern void dyn_row_write_replace(const DynTable *table, const DynKey *key, const DynItem *item, int size);
/* Inserts or replaces in one statement: a put that need not know the old item. */
extern void dyn_row_write_upsert(const DynTable *table, const DynKey *key, const DynItem *item, int size);
/* Deletes; false when there was no such row. */
extern bool dyn_row_write_delete(const DynTable *table, const DynKey *key);
/*
 * For the trigger: does tuple equal, byte for byte, the row that our statement in progress writes?  Then its columns
 * are right.
 */
extern bool dyn_row_write_is_own(Oid relid, HeapTuple tuple, TupleDesc descriptor);

#endif
