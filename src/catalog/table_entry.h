/*
 * Rows of the catalogue (dynamo.tables, dynamo.attributes, dynamo.indexes) to descriptors and back.
 *
 * Callers are inside an owner's scope (scope.h).
 */
#ifndef DYN_TABLE_ENTRY_H
#define DYN_TABLE_ENTRY_H

#include "catalog/table.h"

/*
 * Fills table, which is zeroed but for relid, from the rows of the table called name; what it points to is allocated in
 * context.  False when there is no such table, or when relid is not (or no longer) its item table.  Whether the item
 * table has the columns that the catalogue names is for the caller to check (table_damage.h).
 */
extern bool dyn_table_entry_load(DynTable *table, const char *name, MemoryContext context);
/* The item table of that PostgreSQL name; InvalidOid when there is none. */
extern Oid	dyn_table_entry_relation(const char *rel_name);
extern void dyn_table_entry_insert(const DynTable *table);
/* Its parts: the attribute definition at a position, an index of table->indexes. */
extern void dyn_table_entry_insert_attribute(const DynTable *table, int position);
extern void dyn_table_entry_insert_index(const DynTable *table, const DynIndex *index);
extern void dyn_table_entry_delete_index(const DynTable *table, const DynIndex *index);
/* The columns of an attribute's two uses; it goes when both are NULL. */
extern void dyn_table_entry_set_columns(const DynTable *table, DynStr attribute, const char *hash_column,
										const char *range_column);
/* data NULL: none */
extern void dyn_table_entry_set_ttl(const DynTable *table, DynStr attribute);
extern void dyn_table_entry_update(const DynTable *table, const DynTable *changed);

#endif
