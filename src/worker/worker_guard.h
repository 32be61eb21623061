/*
 * Ends what does not end: a bound for stretches in which code of SQL users runs.
 */
#ifndef DYN_WORKER_GUARD_H
#define DYN_WORKER_GUARD_H

/*
 * Once in a process, after its start.  stalled is called from a signal handler, again and again while a stretch takes long
 * (it may be NULL).  sigterm_dies: SIGTERM is PostgreSQL's die() there.
 */
extern void dyn_worker_guard_start(void (*stalled) (void), bool sigterm_dies);

/*
 * A stretch begins in which SQL users' code may run.  It is cancelled after timeout milliseconds (0: never), and FATAL ends the
 * process when it goes on for dynamo.cancel_grace in spite of that.  SIGTERM cancels it after a moment, whatever timeout says.
 */
extern void dyn_worker_guard_begin(int timeout);
/* It has come to its end, before the commit.  Whose time was over anyway dies here: the commit follows undisturbed. */
extern void dyn_worker_guard_end(void);
/* It has ended by an error; may be called when there is none. */
extern void dyn_worker_guard_break(void);

/* In a signal handler: ends the stretch, or cancels it, if it is time. */
extern void dyn_worker_guard_look(void);

/*
 * In a callback of before_shmem_exit, while the transaction is still there: does the process end in the middle of a stretch, by
 * the guard or by what SQL users' code has brought about?  The log then hears whose it was.  The second call answers false.
 */
extern bool dyn_worker_guard_report(void);

#endif
