/*
 * The PostgreSQL tables and indexes behind a DynamoDB table.
 */
#ifndef DYN_TABLE_DDL_H
#define DYN_TABLE_DDL_H

#include "catalog/table_cache.h"

/*
 * Creates the item table, its indexes, its trigger and its catalogue rows, owned by the current user.  The definition's
 * relid, id, uuid, rel_name, columns, stream_label and the indexes' rel_names are filled in, so are created where it is
 * 0, and the status, which is ACTIVE: the table is ready when this returns.  Raises "Table already exists: <name>" also
 * when another client wins a race.
 */
extern const DynTable *dyn_table_ddl_create(DynTableDefinition *definition);
/* Parts of that: what is derived from the names of the definition; its number, and its rows of the catalogue. */
extern void dyn_table_ddl_complete(DynTableDefinition *definition);
extern void dyn_table_ddl_insert_entries(DynTableDefinition *definition);
/*
 * Drops them.  The caller has the table locked (AccessExclusiveLock) and has checked deletion protection.  Raises
 * ResourceInUseException when views, foreign keys or functions of SQL users depend on the table.
 */
extern void dyn_table_ddl_drop(const DynTable *table);
/* Removes the catalogue's rows of a table whose item table is gone. */
extern void dyn_table_ddl_forget(const char *rel_name);
/*
 * Raises "Table already exists: <name>" unless the name, which is locked, is free.  A table of that name whose item
 * table is gone is forgotten; one whose item table was renamed or moved in SQL holds the name.
 */
extern void dyn_table_ddl_refuse_duplicate(const char *name);
/* Raises the same when a relation has the name that an index of the table is to have. */
extern void dyn_table_ddl_refuse_taken(const char *name, const char *relation);
/* In an event trigger for sql_drop: removes the catalogue's rows of item tables that somebody dropped in SQL. */
extern void dyn_table_ddl_forget_dropped(void);

/*
 * One creation or change of a table of that name at a time, until the end of the transaction; readers and writers do
 * not notice.
 */
extern void dyn_table_ddl_lock_name(const char *name);
/* The same, but false instead of waiting. */
extern bool dyn_table_ddl_try_lock_name(const char *name);

/* The comment that an item table gets. */
extern char *dyn_table_ddl_comment(const char *name);
/* The statement that makes DYN_ITEM_TRIGGER. */
extern char *dyn_table_ddl_trigger_text(const DynTable *table);

#endif
