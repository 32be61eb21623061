/*
 * The PostgreSQL tables and indexes behind a DynamoDB table.
 */
#ifndef DYN_TABLE_DDL_H
#define DYN_TABLE_DDL_H

#include "meta/table_meta.h"

/*
 * Creates the item table, its indexes, its trigger and its catalogue rows, owned by the current user.  The definition's
 * relid, id, uuid, rel_name, columns, stream_label and the indexes' rel_names are filled in.  Raises
 * ResourceInUseException "Table already exists: <name>" also when another client wins a race.
 */
extern const DynTable *dyn_table_ddl_create(DynTableDefinition *definition);
/* Drops them.  The caller has the table locked (AccessExclusiveLock) and has checked deletion protection. */
extern void dyn_table_ddl_drop(const DynTable *table);

#endif
