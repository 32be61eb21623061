/*
 * Ends what does not end by itself: a time limit for stretches in which code of SQL users runs.
 */
#ifndef DYN_WORKER_GUARD_H
#define DYN_WORKER_GUARD_H

/*
 * To be called once in a process, after its start.  stalled (may be NULL) is called from a signal handler, again and
 * again while a stretch takes long.  sigterm_dies: this process handles SIGTERM with PostgreSQL's die().
 */
extern void dyn_worker_guard_start(void (*stalled) (void), bool sigterm_dies);

/*
 * Begins a stretch in which SQL users' code may run.  It is cancelled after timeout milliseconds (0: never), and FATAL
 * ends the process when the stretch still goes on dynamo.cancel_grace later.  SIGTERM cancels it after a moment,
 * whatever timeout says.
 */
extern void dyn_worker_guard_begin(int timeout);
/*
 * Ends the stretch, before the commit.  If its time was over, it is broken off here, so that nothing disturbs the
 * commit.
 */
extern void dyn_worker_guard_end(void);
/* An error has ended the stretch; may be called when there is none. */
extern void dyn_worker_guard_break(void);

/* In a signal handler: ends the stretch, or cancels it, if it is time. */
extern void dyn_worker_guard_look(void);

/*
 * In a callback of before_shmem_exit, while the transaction is still there: does the process end in the middle of a
 * stretch, because of the guard or of SQL users' code?  If so, this logs whose code it was.  A second call returns
 * false.
 */
extern bool dyn_worker_guard_report(void);

#endif
