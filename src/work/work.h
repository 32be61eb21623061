/*
 * Background work: what there is of it, and how it is called.
 *
 * A chore runs again and again in the scheduler and keeps no state: it sees in the tables what is to be done.  A job
 * is one long task, a row of dynamo.job_queue (job.h), with a process of its own while it runs.  Both go step by step,
 * a step in a transaction.  The one list of both is work_list.c, above the features whose steps it names.
 */
#ifndef DYN_WORK_H
#define DYN_WORK_H

#include "work/job.h"

/* One batch.  Returns whether work is left, and is then called again at once. */
typedef bool (*DynChoreStep) (void);
/* What the scheduler does instead of a step: hands the work to processes.  Returns for how many ms nothing is due. */
typedef long (*DynChoreDispatch) (void);

typedef enum DynJobResult
{
	DYN_JOB_MORE,				/* to be called again */
	DYN_JOB_DONE,
	DYN_JOB_CANCELLED
} DynJobResult;

/*
 * One step of a job.  When a statement that must run outside of transactions comes next, the step returns it in
 * *statement, and the caller runs it before the next call.  statement NULL: the caller cannot do that; then the step
 * does the work itself, with the stronger locks that this takes.
 */
typedef DynJobResult (*DynJobStep) (DynJob *job, char **statement);

typedef enum DynWorkKind
{
	DYN_WORK_CHORE,
	DYN_WORK_JOB
} DynWorkKind;

typedef struct DynWork
{
	const char *name;			/* of the chore; dynamo.job_queue.kind of the job */
	DynWorkKind kind;
	DynJobStep	job;

	/* for chores alone */
	DynChoreStep step;
	int			interval;		/* ms; 0: as *setting says */
	const int  *setting;
	DynChoreDispatch dispatch;	/* NULL: the scheduler calls step itself */
	bool		queued;			/* due at once when the queue of jobs has changed */
	bool		(*wanted) (void);	/* true: soon, whatever the interval; NULL: never */
} DynWork;

#endif
