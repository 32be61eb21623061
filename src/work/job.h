/*
 * The queue of long work.
 *
 * A job is one row of dynamo.job_queue.  A process, or dynamo.run_worker('jobs'), that works on it holds the job's
 * lock (base/lock_space.h), does one step per transaction, and writes what the next step needs into the row in the
 * same transaction.
 */
#ifndef DYN_JOB_H
#define DYN_JOB_H

#include "catalog/table_cache.h"

/* What the processes are called in pg_stat_activity. */
#define DYN_JOB_PROCESS "dynamo job"

#define DYN_JOB_MAX_PLACE 2		/* hash and range */

/* A job in the queue, and the table that it works on (0: none). */
typedef struct DynJobTicket
{
	int64		id;
	int64		table_id;
} DynJobTicket;

typedef struct DynJob
{
	int64		id;
	char	   *kind;
	int64		table_id;
	char	   *table_name;
	char	   *object;			/* NULL: none */
	bool		cancel_requested;
	int			attempts;
	/* a step changes these */
	char	   *phase;
	int64		rows_done;
	int64		rows_total;
	int			batch;
	int			place_count;
	char	   *place[DYN_JOB_MAX_PLACE];	/* the last key done, as text; place_count 0: the start */
} DynJob;

/* Puts a job into the queue; once the transaction has committed, the scheduler wakes. */
extern int64 dyn_job_add(const char *kind, const DynTable *table, const char *object);
/* Takes the job's lock, for the session (unless it has it) or the transaction; false: somebody else has it. */
extern bool dyn_job_lock(int64 id, bool session);
/* Is the job's lock free at this moment? */
extern bool dyn_job_is_free(int64 id);
/* The row, locked; NULL when the job has ended. */
extern DynJob *dyn_job_load(int64 id);
/*
 * To be called after taking the lock: counts an attempt.  It counts from its beginning, so that an attempt that takes
 * the whole server down is also repeated less and less often.
 */
extern void dyn_job_begin(int64 id);
/*
 * Writes what a step has changed.  seconds: the time it took.  pending: a statement is still to be run, so earlier
 * failures still count.
 */
extern void dyn_job_save(const DynJob *job, double seconds, bool pending);
extern void dyn_job_end(const DynJob *job, const char *state);
/* Counts a failed attempt; returns after how many milliseconds to try again. */
extern long dyn_job_failed(int64 id, const char *error);
/* The next jobs, soonest first, at most limit; *pause: ms until the first of them that is not due yet, if sooner. */
extern int	dyn_job_due(DynJobTicket *due, int limit, long *pause);
/* Asks a job to end; false when it has ended.  table_name: the table that it works on; NULL: none. */
extern bool dyn_job_cancel(int64 id);
extern char *dyn_job_table_name(int64 id);
/*
 * Ends a table's open jobs of a kind, in this transaction.  It is for a caller that undoes their work itself, since a
 * later job for an object of the same name must not meet them.  object NULL: all.  Waits for the step in progress, so
 * it must be called before the table is locked.
 */
extern void dyn_job_abandon(const DynTable *table, const char *kind, const char *object);
/* The table has another name.  Waits for the step in progress; to be called before the table is locked. */
extern void dyn_job_rename(int64 table_id, const char *new_name);
/*
 * Sends signal to the processes that work on a table's jobs, because their locks would block its owner.  Returns their
 * number.
 */
extern int	dyn_job_interrupt(int64 table_id, int signal);
/*
 * Ends them, and waits until they are gone, because the table must not change in the last moments of a concurrent
 * index build.
 */
extern void dyn_job_stop(int64 table_id);

#endif
