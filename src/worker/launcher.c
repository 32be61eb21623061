/*
 * Starts the processes the endpoint needs, and starts them again when they end.
 *
 * The launcher is the one process registered at server start.  It is connected to no database, so it never blocks a
 * DROP DATABASE, and it can read the shared catalogs.  Its children are dynamic background workers in dynamo.database:
 *
 *   - the scheduler, which looks first: is the encoding UTF8, does the extension exist?  If not, it says so in shared
 *     memory and ends.
 *   - the HTTP workers, which are started once the scheduler has found the extension.
 *
 * A database without the extension therefore has no session of ours, except for a moment every few seconds, and DROP
 * DATABASE works.  Where the extension exists, the workers count as other users of the database: DROP EXTENSION before
 * DROP DATABASE, or WITH (FORCE), which terminates them.  The launcher then finds no database, says so once, and
 * waits.  Until the deletion is committed the database is still visible, and a process that connected to it would wait
 * and then fail.  So no process is started while the database's lock is not free.
 *
 * CREATE and DROP of an extension or a database anywhere in the server wake everybody (extension_watch.c), so an
 * endpoint opens and closes at once.  A child that ends is started again after a pause, which doubles while the child
 * keeps ending soon.  A child that was ended because code of a SQL user held it (worker_guard.c) is started again at
 * once. While a request takes long, its worker has a substitute, if max_worker_processes leaves room.
 *
 * When the launcher is told to end, it ends its children, and after a while cancels what they are doing.  It ends with
 * status 1, so that the postmaster starts it again unless the server is shutting down: pg_terminate_backend() on it
 * restarts the endpoint.  A launcher that finds children of a predecessor ends them first.
 */
#include "postgres.h"

#include <signal.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_database.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lock.h"

#include "base/clock.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "worker/extension_watch.h"
#include "worker/launcher.h"
#include "worker/worker_loop.h"

#define RESTART_SECONDS 5		/* of the launcher itself */
#define STEADY_MS 10000			/* a child that ran so long did not fail at its start */
#define CANCEL_AFTER_MS 3000	/* of waiting for children to end */
#define GIVE_UP_AFTER_MS 20000
#define NO_SLOT_PAUSE_MS 30000
#define BUSY_PAUSE_MS 1000		/* while the database is being dropped, renamed or copied */

typedef struct Child
{
	BackgroundWorkerHandle *handle; /* NULL: not running */
	int64		started;		/* by dyn_clock_steady_ms() */
	int64		next_start;
	int			failures;
} Child;

typedef enum DatabaseLook
{
	DATABASE_MISSING,
	DATABASE_BUSY,
	DATABASE_FREE
} DatabaseLook;

static Child scheduler;
static Child http_workers[DYN_MAX_HTTP_WORKERS];
static bool missing_database_logged = false;
static bool missing_slot_logged = false;

static void leave(int code, Datum unused);
static void end_orphans(void);
static long tend_children(void);
static void start_again_soon(void);
static int	stalled_workers(void);
static bool is_running(Child *child);
static pg_atomic_uint32 *held_flag(const Child *child);
static bool is_due(Child *child, long *pause);
static DatabaseLook look_for_database(void);
static void find_database(void *arg);
static void start_scheduler(void);
static void start_http_worker(int number);
static void start_child(Child *child, const char *name, const char *function, int argument);
static void end_children(void);
static bool any_running(void);
static void cancel_children(void);

void
dyn_launcher_register(void)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_ConsistentState,
		.bgw_restart_time = RESTART_SECONDS,
		.bgw_name = "dynamo launcher",
		.bgw_type = "dynamo launcher",
		.bgw_library_name = "dynamo",
		.bgw_function_name = "dynamo_launcher_main"
	};

	if (!IsBinaryUpgrade)
		RegisterBackgroundWorker(&worker);
}

void
dynamo_launcher_main(Datum unused)
{
	dyn_worker_loop_start(NULL, "dynamo launcher");
	before_shmem_exit(leave, 0);
	pg_atomic_write_u32(&dyn_shmem->launcher_procno, dyn_shmem_my_procno());
	end_orphans();

	while (!ShutdownRequestPending)
	{
		long		pause;

		if (dyn_worker_loop_reload() || dyn_extension_watch_changed())
			start_again_soon();
		pause = tend_children();
		dyn_worker_loop_sleep(pause);
	}
	end_children();
	proc_exit(1);
}

static void
leave(int code, Datum unused)
{
	pg_atomic_write_u32(&dyn_shmem->launcher_procno, DYN_NO_PROCESS);
}

static void
end_orphans(void)
{
	for (int waited = 0; waited <= GIVE_UP_AFTER_MS && !ShutdownRequestPending; waited += 100)
	{
		bool		found = false;

		for (int i = -1; i < DYN_MAX_HTTP_WORKERS; i++)
		{
			pg_atomic_uint32 *pid = i < 0 ? &dyn_shmem->scheduler_pid : &dyn_shmem->http[i].pid;
			pid_t		orphan = pg_atomic_read_u32(pid);

			if (orphan == 0)
				continue;
			if (kill(orphan, waited >= CANCEL_AFTER_MS ? SIGINT : SIGTERM) != 0)
				pg_atomic_write_u32(pid, 0);	/* gone without clearing it */
			else
				found = true;
		}
		if (!found)
			return;
		dyn_worker_loop_sleep(100);
	}
}

/* Starts what should run and does not, ends what should not; returns how long nothing is to be done. */
static long
tend_children(void)
{
	int			wanted = Min(dyn_guc_http_worker_count() + stalled_workers(), DYN_MAX_HTTP_WORKERS);
	long		pause = DYN_WORKER_RECHECK_MS;
	bool		ready;

	if (!is_running(&scheduler) && is_due(&scheduler, &pause))
	{
		DatabaseLook database = look_for_database();

		if (database == DATABASE_FREE)
			start_scheduler();
		else
		{
			long		wait = database == DATABASE_BUSY ? BUSY_PAUSE_MS : DYN_WORKER_RECHECK_MS;

			scheduler.next_start = dyn_clock_steady_ms() + wait;
			pause = Min(pause, wait);
		}
	}
	ready = is_running(&scheduler) && pg_atomic_read_u32(&dyn_shmem->database_state) == DYN_DATABASE_READY;
	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		if (is_running(&http_workers[i]))
		{
			if (i >= wanted)
				TerminateBackgroundWorker(http_workers[i].handle);
		}
		else if (i < wanted && ready && is_due(&http_workers[i], &pause))
			start_http_worker(i);
	}
	return pause;
}

/* Ends all pauses: what has failed may succeed now. */
static void
start_again_soon(void)
{
	missing_slot_logged = false;
	for (int i = -1; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		Child	   *child = i < 0 ? &scheduler : &http_workers[i];

		child->failures = 0;
		child->next_start = 0;
	}
}

static int
stalled_workers(void)
{
	int			count = 0;

	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
		if (pg_atomic_read_u32(&dyn_shmem->http[i].stalled) != 0)
			count++;
	return count;
}

/* Also notices the end of one, and sets the time to start it again. */
static bool
is_running(Child *child)
{
	int64		now;

	if (child->handle == NULL)
		return false;
	if (dyn_worker_loop_runs(&child->handle))
		return true;
	now = dyn_clock_steady_ms();
	if (pg_atomic_exchange_u32(held_flag(child), 0) != 0)
	{
		/* no fault of its own */
		child->failures = 0;
		child->next_start = now;
		return false;
	}
	if (now - child->started >= STEADY_MS)
		child->failures = 0;
	child->failures++;
	child->next_start = now + dyn_worker_loop_backoff(child->failures);
	if (child == &scheduler && pg_atomic_read_u32(&dyn_shmem->database_state) != DYN_DATABASE_READY)
		child->next_start = now + DYN_WORKER_RECHECK_MS;
	return false;
}

static pg_atomic_uint32 *
held_flag(const Child *child)
{
	return child == &scheduler ? &dyn_shmem->scheduler_held : &dyn_shmem->http[child - http_workers].held;
}

static bool
is_due(Child *child, long *pause)
{
	int64		left = child->next_start - dyn_clock_steady_ms();

	if (left <= 0)
		return true;
	*pause = Min(*pause, left);
	return false;
}

static DatabaseLook
look_for_database(void)
{
	DatabaseLook look = DATABASE_MISSING;
	bool		exists;

	/* No answer yet: look again later. */
	if (!dyn_worker_loop_transaction(find_database, &look, "looking for the database"))
		return DATABASE_BUSY;
	exists = look != DATABASE_MISSING;
	if (!exists && !missing_database_logged)
		ereport(LOG,
				(errcode(ERRCODE_UNDEFINED_DATABASE),
				 errmsg("the endpoint waits for database \"%s\", which does not exist", dyn_guc_database),
				 errhint("Create it, or set \"dynamo.database\" to another one and restart the server.")));
	missing_database_logged = !exists;
	if (!exists)
		pg_atomic_write_u32(&dyn_shmem->database_state, DYN_DATABASE_UNKNOWN);
	return look;
}

/*
 * Reads pg_database row by row.  A look-up by name needs an index descriptor, which this process, without a database
 * of its own, may lack in a cluster that is started for the first time.
 */
static void
find_database(void *arg)
{
	Relation	relation = table_open(DatabaseRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, NULL, 0, NULL);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_database row = (Form_pg_database) GETSTRUCT(tuple);
		LOCKTAG		lock;

		if (strcmp(NameStr(row->datname), dyn_guc_database) != 0)
			continue;
		/* the lock that every session takes for a moment when it connects */
		SET_LOCKTAG_OBJECT(lock, InvalidOid, DatabaseRelationId, row->oid, 0);
		*(DatabaseLook *) arg =
			LockAcquire(&lock, RowExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL ? DATABASE_BUSY : DATABASE_FREE;
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
}

static void
start_scheduler(void)
{
	pg_atomic_write_u32(&dyn_shmem->scheduler_held, 0);
	start_child(&scheduler, "dynamo scheduler", "dynamo_scheduler_main", 0);
}

static void
start_http_worker(int number)
{
	char		name[BGW_MAXLEN];

	/* Readers look at all slots that were ever in use.  So http_slots rises before the first commit in a new slot. */
	if (pg_atomic_read_u32(&dyn_shmem->http_slots) <= number)
		pg_atomic_write_u32(&dyn_shmem->http_slots, number + 1);
	snprintf(name, sizeof(name), "dynamo http worker %d", number);
	pg_atomic_write_u32(&dyn_shmem->http[number].held, 0);
	start_child(&http_workers[number], name, "dynamo_http_worker_main", number);
}

static void
start_child(Child *child, const char *name, const char *function, int argument)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_ConsistentState,
		.bgw_restart_time = BGW_NEVER_RESTART,
		.bgw_library_name = "dynamo",
		.bgw_main_arg = Int32GetDatum(argument),
		.bgw_notify_pid = MyProcPid
	};

	strlcpy(worker.bgw_name, name, BGW_MAXLEN);
	strlcpy(worker.bgw_type, child == &scheduler ? name : "dynamo http worker", BGW_MAXLEN);
	strlcpy(worker.bgw_function_name, function, BGW_MAXLEN);
	child->started = dyn_clock_steady_ms();
	if (RegisterDynamicBackgroundWorker(&worker, &child->handle))
		return;

	child->handle = NULL;
	child->next_start = child->started + NO_SLOT_PAUSE_MS;
	if (!missing_slot_logged && argument < dyn_guc_http_worker_count())
		ereport(WARNING,
				(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
				 errmsg("could not start background process \"%s\"", name),
				 errhint("Increase max_worker_processes, or decrease dynamo.http_workers.")));
	missing_slot_logged = missing_slot_logged || argument < dyn_guc_http_worker_count();
}

static void
end_children(void)
{
	for (int i = -1; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		Child	   *child = i < 0 ? &scheduler : &http_workers[i];

		if (is_running(child))
			TerminateBackgroundWorker(child->handle);
	}
	for (int waited = 0; waited < GIVE_UP_AFTER_MS && any_running(); waited += 100)
	{
		if (waited >= CANCEL_AFTER_MS)
			cancel_children();
		dyn_worker_loop_sleep(100);
	}
}

static bool
any_running(void)
{
	bool		any = is_running(&scheduler);

	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
		any = is_running(&http_workers[i]) || any;
	return any;
}

static void
cancel_children(void)
{
	for (int i = -1; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		Child	   *child = i < 0 ? &scheduler : &http_workers[i];
		pid_t		pid;

		if (child->handle != NULL && GetBackgroundWorkerPid(child->handle, &pid) == BGWH_STARTED)
			kill(pid, SIGINT);
	}
}
