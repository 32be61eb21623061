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
 * A table's definition is read, changed and written as a whole, so a step that may do that must be alone with it, as
 * UpdateTable and UpdateTimeToLive are.  They may be waiting for this job: so it does not wait for them, but comes again:
 * false.
 */
extern bool dyn_index_fill_may_change(const DynJob *job);
/* Who waits for a lock makes others wait: in this transaction it is rather tried again. */
extern void dyn_index_fill_be_brief(void);
/*
 * One step; index NULL: TimeToLive's.  True while there is more to do, or *statement is to be run (work.h); false when all
 * rows are filled and the index is there.
 */
extern bool dyn_index_fill_step(DynJob *job, const DynTable *table, const DynIndex *index, char **statement);

#endif
