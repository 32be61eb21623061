/*
 * Rows of the catalogue (dynamo.tables, dynamo.attributes, dynamo.indexes) to descriptors and back.
 *
 * Callers are inside an owner's scope (owner_scope.h).
 */
#ifndef DYN_TABLE_ROW_H
#define DYN_TABLE_ROW_H

#include "executor/spi.h"

#include "meta/table_meta.h"

/* The item table's column for TimeToLive; no key column is called so. */
#define DYN_TTL_COLUMN "~ttl"

/*
 * Runs a query of the catalogue as it is now, whatever the isolation level: what it returns outlives the transaction in
 * the cache of descriptors.  The result is in SPI_tuptable.
 */
extern uint64 dyn_table_row_query(const char *sql, int count, Oid *types, Datum *values);

/*
 * Fills table, which is zeroed but for relid, from the rows of the table called name; what it points to is allocated in
 * context.  False when there is no such table, or when relid is not (or no longer) its item table.  Whether the item
 * table has the columns that the catalogue names is for the caller to check (table_damage.h).
 */
extern bool dyn_table_row_load(DynTable *table, const char *name, MemoryContext context);
/* The item table of that PostgreSQL name; InvalidOid when there is none. */
extern Oid	dyn_table_row_relation(const char *rel_name);
extern void dyn_table_row_insert(const DynTable *table);
/* Its parts: the attribute definition at a position, an index of table->indexes. */
extern void dyn_table_row_insert_attribute(const DynTable *table, int position);
extern void dyn_table_row_insert_index(const DynTable *table, const DynIndex *index);
extern void dyn_table_row_delete_index(const DynTable *table, const DynIndex *index);
/* The columns of an attribute's two uses; it goes when both are NULL. */
extern void dyn_table_row_set_columns(const DynTable *table, DynStr attribute, const char *hash_column, const char *range_column);
/* data NULL: none */
extern void dyn_table_row_set_ttl(const DynTable *table, DynStr attribute);
extern void dyn_table_row_update(const DynTable *table, const DynTable *changed);

/* The position of an attribute's column in table->columns, -1: none. */
extern int	dyn_table_row_find_column(const DynTable *table, DynStr attribute, bool is_hash);

#endif
