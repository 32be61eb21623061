/*
 * Indexes that come to or go from a table that is in use.
 *
 * All but the questions want the item table locked in AccessExclusiveLock, for the moment that it takes to change its
 * definition: no row is read or written here.
 */
#ifndef DYN_INDEX_DDL_H
#define DYN_INDEX_DDL_H

#include "meta/table_meta.h"

typedef enum DynIndexState
{
	DYN_INDEX_MISSING,
	DYN_INDEX_INVALID,			/* what a build left behind that did not end well */
	DYN_INDEX_VALID
} DynIndexState;

/*
 * Adds index, whose key parts still have no columns, with status CREATING: the columns it lacks, which are empty in all
 * rows, and the rows of the catalogue.  definitions: the types of its key attributes.
 */
extern void dyn_index_ddl_add(const DynTable *table, const DynIndex *index, const DynAttributeDefinition *definitions, int count);
/* Drops an index with the columns that nothing else uses. */
extern void dyn_index_ddl_remove(const DynTable *table, const DynIndex *index);
/* The same for TimeToLive's column; removing takes its index along. */
extern void dyn_index_ddl_add_ttl(const DynTable *table, DynStr attribute);
extern void dyn_index_ddl_remove_ttl(const DynTable *table);

/* The statements that create and drop the PostgreSQL index of index (NULL: TimeToLive's). */
extern char *dyn_index_ddl_create_text(const DynTable *table, const DynIndex *index, bool concurrently);
extern char *dyn_index_ddl_drop_text(const DynTable *table, const DynIndex *index, bool concurrently);
/* The PostgreSQL index's name, with its schema and quoted. */
extern char *dyn_index_ddl_qualified(const DynTable *table, const DynIndex *index);
extern DynIndexState dyn_index_ddl_state(const DynTable *table, const DynIndex *index);
/* Runs one of them inside a transaction. */
extern void dyn_index_ddl_run(const char *sql);

#endif
