/*
 * Fills the derived columns of rows that are older than those columns.
 */
#ifndef DYN_ROW_REFILL_H
#define DYN_ROW_REFILL_H

#include "db/scope.h"

/*
 * Fills the rows that follow place in the order of the table's key, at most limit of them.  place is a key as text, in
 * place_count parts (0: from the start), and is set to the last row's key.  Returns the number of rows, and in
 * *skipped how many of them others hold, or have removed meanwhile.  With wait, it waits for rows that others hold.
 * Rows that are right already are not written.
 */
extern int dyn_row_refill_batch(const DynTable *table, char **place, int *place_count, int limit, bool wait,
								int *skipped);
/* For the trigger: is the update of this table that runs in this process one that fills columns? */
extern bool dyn_row_refill_is_running(Oid relid);

/*
 * Begins a scope of the table's owner in which many rows are written.  Until it ends, statements walk an index or go
 * by ctid, because the planner may think that a table which nobody has analysed is small.  Until the transaction ends,
 * deferred triggers fire at once.  In a restricted operation PostgreSQL refuses to defer them, since at the commit
 * they would run with the rights of the user who commits.
 */
extern void dyn_row_refill_begin(DynScope *scope, const DynTable *table);

#endif
