/*
 * Locks a table that is to be changed, without a queue behind the lock.
 */
#ifndef DYN_TABLE_LOCK_H
#define DYN_TABLE_LOCK_H

#include "catalog/table_cache.h"

/*
 * Takes AccessExclusiveLock on a table and returns its descriptor as it is then; NULL when the table has gone.  The
 * caller has locked first the name (dyn_table_ddl_lock_name), so that two callers do not wait for each other, and then
 * the table in AccessShareLock.  Writers wait for a moment at most, however long others hold their locks on the table:
 * after a while the attempt ends with ResourceInUseException.
 */
extern const DynTable *dyn_table_lock_exclusive(const DynTable *table);

#endif
