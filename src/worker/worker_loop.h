/*
 * What the extension's background workers share: start, signals, settings, transactions.
 */
#ifndef DYN_WORKER_LOOP_H
#define DYN_WORKER_LOOP_H

#include "postmaster/bgworker.h"

/*
 * How long to wait before looking again whether the extension is still there.  On a standby nobody reports that it
 * went.
 */
#define DYN_WORKER_RECHECK_MS 10000

typedef void (*DynWorkerStep) (void *arg);

/*
 * First thing in a worker's main: signal handlers, then the connection (database NULL: to none), then settings.
 * Handlers: SIGHUP sets ConfigReloadPending, SIGTERM ShutdownRequestPending, SIGINT cancels what is running.
 */
extern void dyn_worker_loop_start(const char *database, const char *application_name);

/*
 * Serves what arrived while idle: barriers, invalidations, memory-context logging.  A cancel meant for work that is
 * over is dropped.
 */
extern void dyn_worker_loop_interrupts(void);
/* Reads the configuration again when SIGHUP asked for it, and returns true then. */
extern bool dyn_worker_loop_reload(void);

/* Runs step in a transaction of its own.  An error is logged and the transaction rolled back: false. */
extern bool dyn_worker_loop_transaction(DynWorkerStep step, void *arg, const char *activity);
/* What the error said that ended the last transaction or statement here; it lives until the next one. */
extern const char *dyn_worker_loop_last_error(void);
/*
 * Runs a statement that must not run inside a transaction block (CREATE INDEX CONCURRENTLY) the way a client's
 * statement runs.  An error is logged: false.
 */
extern bool dyn_worker_loop_statement(const char *sql);
/* The same in its own transaction: is the extension there?  false after an error, too. */
extern bool dyn_worker_loop_extension_exists(void);

/*
 * Between these two, SIGTERM also ends a wait for synchronous replication.  _end returns true when no signal has
 * broken it off.
 */
extern void dyn_worker_loop_wait_begin(void);
extern bool dyn_worker_loop_wait_end(void);

/* Sleeps until the latch is set, at most so long. */
extern void dyn_worker_loop_sleep(long milliseconds);

/* Does a process that this one has started still run?  The handle of one that has ended is freed and set to NULL. */
extern bool dyn_worker_loop_runs(BackgroundWorkerHandle **handle);

/* The pause before attempt number failures (from 1): 1 s, doubling up to 30 s. */
extern long dyn_worker_loop_backoff(int failures);

#endif
