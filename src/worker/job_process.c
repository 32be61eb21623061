/*
 * Runs the queue of long work.
 *
 * Each job has a process of its own while it runs.  So a job that waits, say for an old transaction to end, does not
 * hold up other work, and a job that fails does not end other work.  The scheduler starts the processes, one at a time
 * for a table: two CREATE INDEX CONCURRENTLY on a table wait for each other, one for the lock and one for the other's
 * snapshot.  A failed attempt is repeated after a pause that doubles; the process itself waits during short pauses.  A
 * step, in which triggers of the table's owner may run, is cancelled after dynamo.request_timeout.  If it ignores the
 * cancel, its process ends.  The attempt was counted when it began, so the job waits as after any failure
 * (worker_guard.c).
 *
 * Without preloading, dynamo.run_worker('jobs') does the same steps, in the caller's transaction.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xact.h"
#include "catalog/pg_class.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/compat.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "catalog/table_cache.h"
#include "worker/job_process.h"
#include "worker/work_list.h"
#include "worker/worker_guard.h"
#include "worker/worker_loop.h"

PG_FUNCTION_INFO_V1(dynamo_cancel_job);

#define MAX_PROCESSES 3
#define LOOK_AHEAD 20
#define LOOK_AGAIN_MS 500
#define LONGEST_WAIT_MS 5000	/* for the next attempt, in the process itself */
#define LONGEST_STEP_MS 60000	/* without dynamo.request_timeout */

typedef struct Process
{
	BackgroundWorkerHandle *handle;
	DynJobTicket job;
} Process;

static Process processes[MAX_PROCESSES];
static bool missing_slot_logged = false;

/* One step of the process's job, from transaction to transaction. */
typedef struct StepCall
{
	int64		id;
	bool		session;		/* in a process of its own: statements can run outside of transactions */
	bool		taken;
	bool		found;
	DynJobResult result;
	char	   *statement;
	LockRelId	table;			/* the table that the statement is about */
	MemoryContext context;		/* for the statement */
	long		pause;
} StepCall;

static void leave(int code, Datum unused);
static void take(void *arg);
static void run_guarded_step(void *arg);
static void run_step(void *arg);
static void note_failure(void *arg);
static bool run_statement(StepCall *call);
static void lock_table(void *arg);
static DynJobStep find_step(const char *kind);
static bool is_same_place(const DynJobTicket *a, const DynJobTicket *b);
static bool start(const DynJobTicket *job);

bool
dyn_job_process_step(void)
{
	DynJobTicket due[LOOK_AHEAD];
	long		pause = 0;
	int			count = dyn_job_due(due, LOOK_AHEAD, &pause);

	for (int i = 0; i < count; i++)
	{
		StepCall	call = {.id = due[i].id};

		if (!dyn_job_lock(due[i].id, false))
			continue;
		run_step(&call);
		return count > 1 || (call.found && call.result == DYN_JOB_MORE) || dyn_job_due(due, 1, &pause) > 0;
	}
	return false;
}

static void
run_step(void *arg)
{
	StepCall   *call = arg;
	DynJob *job = NULL;
	char	   *statement = NULL;
	instr_time	begin;
	instr_time	end;

	/* a trigger fired by a step may have called pg_advisory_unlock_all(), and somebody else may work on the job now */
	if (!call->session || dyn_job_lock(call->id, true))
		job = dyn_job_load(call->id);
	call->found = job != NULL;
	if (job == NULL)
		return;
	INSTR_TIME_SET_CURRENT(begin);
	call->result = find_step(job->kind) (job, call->session ? &statement : NULL);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, begin);
	dyn_job_save(job, INSTR_TIME_GET_DOUBLE(end), statement != NULL);
	if (call->result != DYN_JOB_MORE)
		dyn_job_end(job, call->result == DYN_JOB_DONE ? "DONE" : "CANCELLED");
	if (statement != NULL)
	{
		call->statement = MemoryContextStrdup(call->context, statement);
		call->table = (LockRelId) {dyn_table_cache_get(job->table_name, AccessShareLock)->relid, MyDatabaseId};
	}
}

static DynJobStep
find_step(const char *kind)
{
	const DynWork *work = dyn_work_list_find(kind, DYN_WORK_JOB);

	if (work != NULL)
		return work->job;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no job of kind \"%s\"", kind)));
}

long
dyn_job_process_dispatch(void)
{
	DynJobTicket due[LOOK_AHEAD];
	long		pause = DYN_WORKER_RECHECK_MS;
	int			count = dyn_job_due(due, LOOK_AHEAD, &pause);

	for (int i = 0; i < count; i++)
	{
		bool		busy = false;

		for (int k = 0; k < MAX_PROCESSES; k++)
			busy = (dyn_worker_loop_runs(&processes[k].handle) && is_same_place(&processes[k].job, &due[i])) || busy;
		/* look again soon: a process may end without telling us */
		pause = Min(pause, LOOK_AGAIN_MS);
		/* a process of an earlier scheduler may have it */
		if (!busy && dyn_job_is_free(due[i].id) && !start(&due[i]))
			break;
	}
	return pause;
}

static bool
is_same_place(const DynJobTicket *a, const DynJobTicket *b)
{
	return a->id == b->id || (a->table_id != 0 && a->table_id == b->table_id);
}

static bool
start(const DynJobTicket *job)
{
	BackgroundWorker worker = {
		.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION,
		.bgw_start_time = BgWorkerStart_RecoveryFinished,
		.bgw_restart_time = BGW_NEVER_RESTART,
		.bgw_library_name = "dynamo",
		.bgw_function_name = "dynamo_job_main",
		.bgw_type = DYN_JOB_PROCESS,
		.bgw_notify_pid = MyProcPid
	};
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	bool		started = false;

	snprintf(worker.bgw_name, BGW_MAXLEN, "dynamo job " INT64_FORMAT, job->id);
	memcpy(worker.bgw_extra, &job->id, sizeof(job->id));
	for (int k = 0; k < MAX_PROCESSES && !started; k++)
	{
		if (processes[k].handle != NULL)
			continue;
		if (!RegisterDynamicBackgroundWorker(&worker, &processes[k].handle))
		{
			processes[k].handle = NULL;
			if (!missing_slot_logged)
				ereport(WARNING,
						(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
						 errmsg("could not start background process \"%s\"", worker.bgw_name),
						 errhint("Increase max_worker_processes.")));
			missing_slot_logged = true;
			break;
		}
		missing_slot_logged = false;
		processes[k].job = *job;
		started = true;
	}
	MemoryContextSwitchTo(old);
	return started;
}

void
dynamo_job_main(Datum unused)
{
	StepCall	call = {.session = true};

	memcpy(&call.id, MyBgworkerEntry->bgw_extra, sizeof(call.id));
	dyn_worker_loop_start(dyn_guc_database, "dynamo job");
	/* SIGTERM may end the process anywhere: nothing is lost, and a wait inside a statement may be long */
	pqsignal(SIGTERM, die);
	dyn_worker_guard_start(NULL, true);
	before_shmem_exit(leave, 0);
	call.context = AllocSetContextCreate(TopMemoryContext, "dynamo job", ALLOCSET_SMALL_SIZES);

	if (!dyn_worker_loop_extension_exists() || !dyn_worker_loop_transaction(take, &call, "taking a job") || !call.taken)
		proc_exit(0);
	for (;;)
	{
		bool		done;

		CHECK_FOR_INTERRUPTS();
		dyn_worker_loop_reload();
		MemoryContextReset(call.context);
		call.statement = NULL;
		done = dyn_worker_loop_transaction(run_guarded_step, &call, "dynamo job");
		dyn_worker_guard_break();
		if (done && (!call.found || call.result != DYN_JOB_MORE))
			break;
		if (done && (call.statement == NULL || run_statement(&call)))
			continue;
		if (!dyn_worker_loop_transaction(note_failure, &call, "dynamo job") || call.pause > LONGEST_WAIT_MS)
			break;
		dyn_worker_loop_sleep(call.pause);
	}
	pg_atomic_fetch_add_u32(&dyn_shmem->job_generation, 1);
	dyn_shmem_wake(&dyn_shmem->scheduler_procno);
	proc_exit(0);
}

static void
leave(int code, Datum unused)
{
	(void) dyn_worker_guard_report();
}

static void
run_guarded_step(void *arg)
{
	dyn_worker_guard_begin(dyn_guc_request_timeout > 0 ? dyn_guc_request_timeout : LONGEST_STEP_MS);
	run_step(arg);
	dyn_worker_guard_end();
}

static void
take(void *arg)
{
	StepCall   *call = arg;

	call->taken = dyn_job_lock(call->id, true);
	if (call->taken)
		dyn_job_begin(call->id);
}

/*
 * CREATE INDEX CONCURRENTLY gives back its lock on the table just before its last commit.  A DROP TABLE that waits for
 * the lock would then meet the rows that this commit changes, and fail.  So we hold a lock of our own until after the
 * commit.
 */
static bool
run_statement(StepCall *call)
{
	char		timeout[16];
	bool		locked;
	bool		done;

	snprintf(timeout, sizeof(timeout), "%d", dyn_guc_lock_timeout);
	/* no time limit: nobody is held up while such a statement waits */
	SetConfigOption("lock_timeout", "0", PGC_SUSET, PGC_S_OVERRIDE);
	done = dyn_worker_loop_transaction(lock_table, call, "dynamo job: waiting for the table");
	locked = done && call->found;
	if (locked)
		done = dyn_worker_loop_statement(call->statement);
	SetConfigOption("lock_timeout", timeout, PGC_SUSET, PGC_S_OVERRIDE);
	/* an error has given it back */
	if (locked && done)
		UnlockRelationIdForSession(&call->table, ShareUpdateExclusiveLock);
	return done;
}

static void
lock_table(void *arg)
{
	StepCall   *call = arg;
	const DynJob *job = dyn_job_load(call->id);

	/* a cancel that came between the step and now is lost, because there was no statement that it could break off */
	call->found = job != NULL && !job->cancel_requested;
	if (call->found)
		LockRelationIdForSession(&call->table, ShareUpdateExclusiveLock);
}

static void
note_failure(void *arg)
{
	StepCall   *call = arg;

	call->pause = dyn_job_failed(call->id, dyn_worker_loop_last_error());
}

/* dynamo.cancel_job(id) */
Datum
dynamo_cancel_job(PG_FUNCTION_ARGS)
{
	int64		id = PG_GETARG_INT64(0);
	char	   *name = dyn_job_table_name(id);
	const DynTable *table = name ? dyn_table_cache_find_damaged(name, AccessShareLock) : NULL;
	bool		found;

	if (table != NULL ? !DYN_CLASS_OWNERCHECK(table->relid, GetUserId()) : !superuser())
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, name ? name : "");
	found = dyn_job_cancel(id);
	if (table != NULL)
		dyn_job_interrupt(table->id, SIGINT);
	PG_RETURN_BOOL(found);
}
