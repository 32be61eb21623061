/*
 * A table gets another name.
 */
#ifndef DYN_TABLE_RENAME_H
#define DYN_TABLE_RENAME_H

#include "catalog/table.h"

/*
 * Renames the item table with its indexes, and the table in the catalogue; features follow (table_event.h).  Both names
 * are locked (dyn_table_ddl_lock_name), then the table (AccessExclusiveLock); the new name is free, and the caller owns
 * the table.
 */
extern void dyn_table_rename(const DynTable *table, const char *new_name);

#endif
