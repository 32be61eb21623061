/*
 * A table to change, locked without a queue behind it.
 */
#ifndef DYN_TABLE_LOCK_H
#define DYN_TABLE_LOCK_H

#include "catalog/table_cache.h"

/*
 * Takes AccessExclusiveLock on a table that the caller has locked in AccessShareLock, after its name
 * (dyn_table_ddl_lock_name), so that two do not wait for each other; returns its descriptor
 * as it is then; NULL when it has gone.  Writers wait for a moment at most, however long readers and writers hold theirs:
 * after a while the attempt ends with ResourceInUseException.
 */
extern const DynTable *dyn_table_lock_exclusive(const DynTable *table);

#endif
