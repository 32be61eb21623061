/*
 * Fills the columns of an index of a table in use, and builds the index: steps that jobs share.
 */
#ifndef DYN_INDEX_FILL_H
#define DYN_INDEX_FILL_H

#include "storage/lockdefs.h"

#include "work/work.h"

/* The job's table; NULL when it is gone, even if there is another one of its name. */
extern const DynTable *dyn_index_fill_open(const DynJob *job, LOCKMODE lockmode);
/*
 * Takes the lock under which a table's definition may be changed.  The definition is read, changed and written as a
 * whole, so UpdateTable, UpdateTimeToLive and such a step exclude each other.  Those operations may be waiting for
 * this job, so the step does not wait for them.  False: somebody else has the lock, and the step is to be tried again.
 */
extern bool dyn_index_fill_may_change(const DynJob *job);
/*
 * Keeps waits for locks short in this transaction, because a waiter makes others wait; a step that gets no lock is
 * tried again.
 */
extern void dyn_index_fill_be_brief(void);
/*
 * One step; index NULL: TimeToLive's.  True while there is more to do, or *statement is to be run (work.h); false when
 * all rows are filled and the index is there.
 */
extern bool dyn_index_fill_step(DynJob *job, const DynTable *table, const DynIndex *index, char **statement);

#endif
