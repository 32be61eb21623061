/*
 * Indexes that come to or go from a table that is in use.
 *
 * All but the questions want the item table locked in AccessExclusiveLock, for the moment that it takes to change its
 * definition: no row is read or written here.
 */
#ifndef DYN_INDEX_DDL_H
#define DYN_INDEX_DDL_H

#include "catalog/index_method.h"

/*
 * Adds index, whose key parts still have no columns, with status CREATING: the columns it lacks, which are empty in all
 * rows, and the rows of the catalogue.  definitions: the types of its key attributes.
 */
extern void dyn_index_ddl_add(const DynTable *table, const DynIndex *index, const DynAttributeDefinition *definitions,
							  int count);
/* Drops an index with the columns that nothing else uses. */
extern void dyn_index_ddl_remove(const DynTable *table, const DynIndex *index);
/* The same for TimeToLive's column; removing takes its index along. */
extern void dyn_index_ddl_add_ttl(const DynTable *table, DynStr attribute);
extern void dyn_index_ddl_remove_ttl(const DynTable *table);

/* Runs a statement of index_method.h inside a transaction. */
extern void dyn_index_ddl_run(const char *sql);

#endif
