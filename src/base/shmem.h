/*
 * What the extension's processes share.
 *
 * Exists only when the library was preloaded: dyn_shmem is NULL otherwise, and nothing but the endpoint, the launcher
 * and the scheduler may need it.  No pointer, descriptor or handle of one process is kept here.
 */
#ifndef DYN_SHMEM_H
#define DYN_SHMEM_H

#include "port/atomics.h"
#include "storage/lwlock.h"

#include "base/bucket.h"
#include "base/setback.h"

#define DYN_MAX_HTTP_WORKERS 128
#define DYN_MAX_METRICS 32

/* No process: procno fields hold an index into the array of PGPROCs otherwise. */
#define DYN_NO_PROCESS UINT32_MAX

/*
 * One HTTP worker.  Only the worker itself writes the counters, so that counting needs no locked instruction; others
 * read them.
 */
typedef struct DynHttpSlot
{
	/* http_flush.c: end of this worker's last commit, or DYN_COMMIT_IN_PROGRESS.  Read by every worker at every read. */
	pg_atomic_uint64 commit_lsn;
	char		pad[PG_CACHE_LINE_SIZE - sizeof(pg_atomic_uint64)];

	pg_atomic_uint32 pid;		/* 0: the slot is free */
	pg_atomic_uint32 procno;
	pg_atomic_uint32 port;		/* it listens on; 0: none */
	pg_atomic_uint32 connections;	/* open now */
	pg_atomic_uint32 stalled;	/* 1 while a request takes long: the launcher starts a substitute */
	pg_atomic_uint32 held;		/* 1: the worker was ended by force, and is to be started at once; the launcher clears it */

	/* since the server started; they survive a restart of the worker */
	pg_atomic_uint64 counters[DYN_MAX_METRICS];	/* metric.h */
	char		pad_end[PG_CACHE_LINE_SIZE];
} DynHttpSlot;

/* What the scheduler, the process that looks first, found in dynamo.database. */
typedef enum DynDatabaseState
{
	DYN_DATABASE_UNKNOWN,
	DYN_DATABASE_EMPTY,			/* without the extension */
	DYN_DATABASE_UNUSABLE,		/* of another encoding */
	DYN_DATABASE_READY
} DynDatabaseState;

typedef struct DynShared
{
	LWLock	   *lock;			/* opening listening sockets */
	pg_atomic_uint32 launcher_procno;
	pg_atomic_uint32 scheduler_procno;
	pg_atomic_uint32 scheduler_pid;
	pg_atomic_uint32 scheduler_held;	/* as held of an HTTP worker */
	pg_atomic_uint32 database_state;	/* DynDatabaseState */
	/* Moves on whenever an extension or a database has come or gone. */
	pg_atomic_uint32 extension_generation;
	pg_atomic_uint32 job_generation;	/* moves on whenever the queue of jobs has something to look at */
	pg_atomic_uint32 changes_pending;	/* change_signal.c: 1 when changes have been committed since the last tick began */
	pg_atomic_uint64 changes_since;	/* when that became 1, by dyn_clock_steady_ms() */
	pg_atomic_uint32 http_slots;	/* slots at and above it have never been used */
	pg_atomic_uint64 counters[DYN_MAX_METRICS]; /* metric.h */
	DynHttpSlot http[DYN_MAX_HTTP_WORKERS];
	DynBucketSet buckets[DYN_BUCKET_SETS];
	DynSetbacks setbacks;		/* of the search for expired items */
} DynShared;

extern DynShared *dyn_shmem;

/* From _PG_init while shared_preload_libraries is being processed. */
extern void dyn_shmem_install(void);
/*
 * Stores this process's procno, and sets the latch of another's.  When a procno has passed to another process, that
 * one wakes, which is harmless.
 */
extern uint32 dyn_shmem_my_procno(void);
extern void dyn_shmem_wake(pg_atomic_uint32 *procno);
extern void dyn_shmem_wake_all(void);

#endif
