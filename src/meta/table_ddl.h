/*
 * The PostgreSQL tables and indexes behind a DynamoDB table.
 */
#ifndef DYN_TABLE_DDL_H
#define DYN_TABLE_DDL_H

#include "meta/table_meta.h"

/*
 * Creates the item table, its indexes, its trigger and its catalogue rows, owned by the current user.  The definition's
 * relid, id, uuid, rel_name, columns, stream_label and the indexes' rel_names are filled in, so are created where it is 0,
 * and the status, which is ACTIVE: the table is ready when this returns.  Raises "Table already exists: <name>" also
 * when another client wins a race.
 */
extern const DynTable *dyn_table_ddl_create(DynTableDefinition *definition);
/*
 * Drops them.  The caller has the table locked (AccessExclusiveLock) and has checked deletion protection.  Raises
 * ResourceInUseException when views, foreign keys or functions of SQL users depend on the table.
 */
extern void dyn_table_ddl_drop(const DynTable *table);
/* In an event trigger for sql_drop: removes the catalogue's rows of item tables that somebody dropped in SQL. */
extern void dyn_table_ddl_forget_dropped(void);

/* The PostgreSQL names that the catalogue records; palloc'd. */
extern char *dyn_table_ddl_relation_name(const char *table_name, const char *index_name);
extern char *dyn_table_ddl_column_name(DynStr attribute);
/*
 * An attribute that is a hash key here and a range key there has a column for each.  The use that comes first, the table's
 * own before its indexes', has the plain name; the other is called "~hash~<attribute>" or "~range~<attribute>".
 */
extern char *dyn_table_ddl_second_column_name(DynStr attribute, bool is_hash);

/* One creation or change of a table of that name at a time, until the end of the transaction; readers and writers do not notice. */
extern void dyn_table_ddl_lock_name(const char *name);
/* The same, but false instead of waiting. */
extern bool dyn_table_ddl_try_lock_name(const char *name);

/* For meta/: the PostgreSQL type of a column, and a statement that returns nothing; the caller is inside SPI_connect. */
extern const char *dyn_table_ddl_column_type(const DynColumn *column);
extern Oid	dyn_table_ddl_column_oid(const DynColumn *column);
/* The trigger of item tables, and the statement that makes it. */
#define DYN_ITEM_TRIGGER "dynamo_item"
extern char *dyn_table_ddl_trigger_text(const DynTable *table);
extern void dyn_table_ddl_run(const char *sql);

#endif
