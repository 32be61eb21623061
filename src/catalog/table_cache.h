/*
 * Table descriptors: what the catalogue says about a DynamoDB table, cached per backend.
 *
 * A descriptor is read-only, and stays valid until the end of the transaction that looked it up, whatever happens to
 * the catalogue meanwhile.  A change in the catalogue sends a relcache invalidation of the item table, which makes
 * every backend load the descriptor again at its next look-up.
 */
#ifndef DYN_TABLE_CACHE_H
#define DYN_TABLE_CACHE_H

#include "storage/lockdefs.h"

#include "base/compat.h"
#include "catalog/table.h"

/*
 * The table's descriptor with its item table locked in lockmode until the end of the transaction; raises
 * ResourceNotFoundException "Requested resource not found" (data operations), or "Requested resource not found: Table:
 * <name> not found" (table operations, dyn_table_cache_describe).
 */
extern const DynTable *dyn_table_cache_get(const char *name, LOCKMODE lockmode);
extern const DynTable *dyn_table_cache_describe(const char *name, LOCKMODE lockmode);
/* NULL when there is none, for operations with an error of their own. */
extern const DynTable *dyn_table_cache_find(const char *name, LOCKMODE lockmode);
/*
 * The same for those who do not touch the columns, dyn_table_cache_describe among them.  The others raise
 * ResourceNotFoundException "Requested resource not found: Table: <name> is damaged: ..." when the item table is no
 * longer what the catalogue says, unless it can be read and no more than AccessShareLock is asked for.
 */
extern const DynTable *dyn_table_cache_find_damaged(const char *name, LOCKMODE lockmode);
/*
 * Raises the error of those who find a null where a column is declared NOT NULL: an old snapshot may see rows from
 * before the owner of the item table declared it so.
 */
extern void dyn_table_cache_null_found(void) pg_attribute_noreturn();
/* By item table, for the triggers, which hold a lock already; NULL when it is none of ours. */
extern const DynTable *dyn_table_cache_by_relid(Oid relid);
/* Names after `after` (NULL: from the start) in byte order, at most limit; palloc'd C strings. */
extern int	dyn_table_cache_list(const char *after, int limit, char ***names);
/*
 * Writes what UpdateTable and its like can change (status, billing, throughput, protection, class, encryption, stream,
 * and the same of every index that both have) from changed, usually an altered copy of the descriptor.  The caller
 * looks the table up again to see it.
 */
extern void dyn_table_cache_update(const DynTable *table, const DynTable *changed);
/* Makes every backend load the descriptor again, once this transaction has committed. */
extern void dyn_table_cache_invalidate(Oid relid);
extern void dyn_table_cache_invalidate_name(const char *rel_name);
extern void dyn_table_cache_invalidate_id(int64 id);

#endif
