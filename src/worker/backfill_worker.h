/*
 * Builds and drops indexes of tables in use, step by step.
 */
#ifndef DYN_BACKFILL_WORKER_H
#define DYN_BACKFILL_WORKER_H

#include "meta/job.h"

typedef enum DynJobResult
{
	DYN_JOB_MORE,				/* to be called again */
	DYN_JOB_DONE,
	DYN_JOB_CANCELLED
} DynJobResult;

/*
 * One step, in a transaction of its own.  Where the next one is a statement that must run outside of transactions, it is
 * returned in *statement, to be run before the next call; NULL: the caller cannot do that, and the step does it, with the
 * locks that this takes.
 */
typedef DynJobResult (*DynJobStep) (DynQueuedJob *job, char **statement);

extern DynJobResult dyn_backfill_worker_build(DynQueuedJob *job, char **statement);
extern DynJobResult dyn_backfill_worker_drop(DynQueuedJob *job, char **statement);
extern DynJobResult dyn_backfill_worker_ttl(DynQueuedJob *job, char **statement);

#endif
