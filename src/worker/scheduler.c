/*
 * The process that does the periodic work.
 *
 * It runs the chores of dyn_work_list, a step in a transaction of its own.  When a step fails, the error is logged and
 * the chore pauses, twice as long each time up to half an hour; the other chores do not notice.  A chore with work left
 * is called again after every other chore has had its turn.  A step that takes too long, perhaps in a trigger of a
 * table's owner, is cancelled and counts as failed.  If it ignores the cancel, the scheduler ends and is started again
 * at once; it remembers in shared memory which table it was.
 *
 * The scheduler is also the first to look into the database after its start; see launcher.c.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "worker/extension_watch.h"
#include "worker/scheduler.h"
#include "worker/work_list.h"
#include "worker/worker_guard.h"
#include "worker/worker_loop.h"

#define FIRST_PAUSE_MS 1000L
#define LONGEST_PAUSE_MS (30 * 60 * 1000)
#define LONGEST_STEP_MS 5000

typedef struct ChoreState
{
	int64		next;			/* by dyn_clock_steady_ms() */
	int64		last;			/* when it began */
	int			failures;
} ChoreState;

typedef struct StepCall
{
	const DynWork *chore;
	bool		work_left;
	long		pause;			/* of a dispatch */
} StepCall;

/* In the order of dyn_work_list. */
static ChoreState states[DYN_WORK_LIST_MOST];

static void leave(int code, Datum unused);
static DynDatabaseState look(void);
static long run_due_chores(void);
static bool is_standby(void);
static int64 due_time(const DynWork *chore, const ChoreState *state);
static void run_chore(const DynWork *chore, ChoreState *state);
static void call_step(void *arg);
static int	interval_of(const DynWork *chore);

void
dynamo_scheduler_main(Datum unused)
{
	dyn_worker_loop_start(dyn_guc_database, "dynamo scheduler");
	dyn_worker_guard_start(NULL, false);
	before_shmem_exit(leave, 0);
	pg_atomic_write_u32(&dyn_shmem->scheduler_pid, MyProcPid);
	pg_atomic_write_u32(&dyn_shmem->scheduler_procno, dyn_shmem_my_procno());

	(void) dyn_extension_watch_changed();
	while (!ShutdownRequestPending)
	{
		int64		next_look = dyn_clock_steady_ms() + DYN_WORKER_RECHECK_MS;

		if (look() != DYN_DATABASE_READY)
			break;
		while (!ShutdownRequestPending && !dyn_extension_watch_changed() && dyn_clock_steady_ms() < next_look)
		{
			dyn_worker_loop_sleep(run_due_chores());
			dyn_worker_loop_reload();
		}
	}
	proc_exit(0);
}

static void
leave(int code, Datum unused)
{
	if (dyn_worker_guard_report())
		pg_atomic_write_u32(&dyn_shmem->scheduler_held, 1);
	pg_atomic_write_u32(&dyn_shmem->scheduler_procno, DYN_NO_PROCESS);
	pg_atomic_write_u32(&dyn_shmem->scheduler_pid, 0);
}

/* What is there to serve?  Tells the launcher when that has changed. */
static DynDatabaseState
look(void)
{
	DynDatabaseState before = pg_atomic_read_u32(&dyn_shmem->database_state);
	DynDatabaseState state;

	if (GetDatabaseEncoding() != PG_UTF8)
		state = DYN_DATABASE_UNUSABLE;
	else
		state = dyn_worker_loop_extension_exists() ? DYN_DATABASE_READY : DYN_DATABASE_EMPTY;
	if (state == before)
		return state;

	if (state == DYN_DATABASE_UNUSABLE)
		ereport(LOG,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the endpoint cannot serve database \"%s\", whose encoding is %s", dyn_guc_database,
						GetDatabaseEncodingName()),
				 errhint("Create a database with ENCODING 'UTF8' and name it in \"dynamo.database\".")));
	if (state == DYN_DATABASE_EMPTY)
		ereport(LOG,
				(errmsg("the endpoint waits for extension \"dynamo\" in database \"%s\"", dyn_guc_database),
				 errhint("Run CREATE EXTENSION dynamo there, or set \"dynamo.database\" to the database that has it "
						 "and restart the server.")));
	pg_atomic_write_u32(&dyn_shmem->database_state, state);
	dyn_shmem_wake(&dyn_shmem->launcher_procno);
	return state;
}

/* Returns for how many milliseconds nothing is due. */
static long
run_due_chores(void)
{
	static uint32 last_generation = 0;
	long		pause = DYN_WORKER_RECHECK_MS;
	uint32		changed;

	if (is_standby())
		return pause;			/* on a standby: it has the primary's results */
	changed = pg_atomic_read_u32(&dyn_shmem->job_generation);
	for (int i = 0; dyn_work_list[i].name != NULL && !ShutdownRequestPending; i++)
	{
		const DynWork *chore = &dyn_work_list[i];

		if (chore->kind != DYN_WORK_CHORE)
			continue;
		if (chore->queued && changed != last_generation)
			states[i].next = 0;
		if (dyn_clock_steady_ms() >= due_time(chore, &states[i]))
			run_chore(chore, &states[i]);
		pause = Min(pause, Max(due_time(chore, &states[i]) - dyn_clock_steady_ms(), 0));
	}
	last_generation = changed;
	return pause;
}

/* The signal is set at the start.  If it stayed set, the first commit after a promotion would wake nobody. */
static bool
is_standby(void)
{
	if (!RecoveryInProgress())
		return false;
	dyn_change_signal_drop();
	if (RecoveryInProgress())
		return true;
	dyn_change_signal_now();
	return false;
}

/* A chore that is wanted comes earlier, unless it has failed. */
static int64
due_time(const DynWork *chore, const ChoreState *state)
{
	if (chore->wanted == NULL || state->failures > 0 || !chore->wanted())
		return state->next;
	return Min(state->next, state->last + DYN_SCHEDULER_WANTED_MS);
}

static void
run_chore(const DynWork *chore, ChoreState *state)
{
	StepCall	call = {chore, false, -1};
	int64		pause = interval_of(chore);
	bool		done;

	state->last = dyn_clock_steady_ms();
	done = dyn_worker_loop_transaction(call_step, &call, chore->name);
	dyn_worker_guard_break();
	if (done)
	{
		state->failures = 0;
		if (call.work_left)
			pause = 0;
		else if (call.pause >= 0)
			pause = Min(pause, call.pause);
	}
	else
	{
		state->failures++;
		pause = Min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Min(state->failures, 11));
	}
	state->next = dyn_clock_steady_ms() + pause;
}

static void
call_step(void *arg)
{
	StepCall   *call = arg;

	dyn_worker_guard_begin(LONGEST_STEP_MS);
	if (call->chore->dispatch != NULL)
		call->pause = call->chore->dispatch();
	else
		call->work_left = call->chore->step();
	/* the wait for a standby, at the commit, may be long */
	dyn_worker_guard_end();
}

static int
interval_of(const DynWork *chore)
{
	return chore->setting != NULL ? *chore->setting : chore->interval;
}
