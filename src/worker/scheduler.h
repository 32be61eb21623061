/*
 * The process that does the periodic work.
 */
#ifndef DYN_SCHEDULER_H
#define DYN_SCHEDULER_H

/*
 * One batch of a job's work, in a transaction that the caller began: the scheduler, or dynamo.run_worker() for tests and
 * operators.  Returns whether work is left, and is then called again at once.
 */
typedef bool (*DynJobTick) (void);

/* What the scheduler does instead of a tick: hands the work to other processes.  Returns how many ms nothing is due. */
typedef long (*DynJobDispatch) (void);

typedef struct DynJob
{
	const char *name;
	int			interval;		/* ms; 0: as *setting says */
	const int  *setting;
	DynJobTick	tick;
	DynJobDispatch dispatch;	/* NULL: the scheduler calls tick itself */
	bool		queued;			/* due at once when the queue of jobs has changed */
	bool		(*wanted) (void);	/* true: soon, whatever the interval; NULL: never */
} DynJob;

/* Pause between two ticks of a job that is wanted. */
#define DYN_SCHEDULER_WANTED_MS 50

/* NULL when there is no such job. */
extern const DynJob *dyn_scheduler_find(const char *name);

extern PGDLLEXPORT void dynamo_scheduler_main(Datum unused);

#endif
