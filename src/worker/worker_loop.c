/*
 * What the extension's background workers share: start, signals, settings, transactions.
 *
 * SIGTERM is not PostgreSQL's die(), which ends a process at its next CHECK_FOR_INTERRUPTS: it only raises a flag, so
 * that a worker finishes what it has begun.  What does not finish in time is cancelled, and then ended
 * (worker_guard.c). Only the wait for a synchronous standby has no limit.  That wait looks at ProcDiePending, so the
 * handler sets it during that wait alone.
 */
#include "postgres.h"

#include <limits.h>

#include "access/xact.h"
#include "catalog/namespace.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "base/clock.h"
#include "base/compat.h"
#include "base/guc.h"
#include "db/scope.h"
#include "worker/extension_watch.h"
#include "worker/worker_guard.h"
#include "worker/worker_loop.h"

typedef struct Transaction
{
	DynWorkerStep step;
	void	   *arg;
} Transaction;

static volatile sig_atomic_t in_unbounded_wait = false;
static volatile sig_atomic_t wait_broken_off = false;

static char last_error[1024];

static bool attempt(DynWorkerStep step, void *arg, const char *activity);
static void run_transaction(void *arg);
static void run_statement(void *arg);
static void keep_error(MemoryContext context);
static void handle_terminate(SIGNAL_ARGS);
static void handle_cancel(SIGNAL_ARGS);
static void apply_settings(void);
static void check_extension(void *arg);

void
dyn_worker_loop_start(const char *database, const char *application_name)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, handle_terminate);
	pqsignal(SIGINT, handle_cancel);
	BackgroundWorkerUnblockSignals();

	BackgroundWorkerInitializeConnection(database, NULL, 0);
	SetConfigOption("application_name", application_name, PGC_USERSET, PGC_S_OVERRIDE);
	apply_settings();
	pgstat_report_activity(STATE_IDLE, NULL);
}

void
dyn_worker_loop_interrupts(void)
{
	/*
	 * ProcessInterrupts raises an error for a cancel.  Clearing the flag first removes nearly all of them, but one can
	 * arrive in between.
	 */
	QueryCancelPending = false;
	PG_TRY();
	{
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		HOLD_INTERRUPTS();
		if (geterrcode() != ERRCODE_QUERY_CANCELED)
			EmitErrorReport();
		AbortOutOfAnyTransaction();
		MemoryContextSwitchTo(TopMemoryContext);
		FlushErrorState();
		RESUME_INTERRUPTS();
	}
	PG_END_TRY();
}

bool
dyn_worker_loop_reload(void)
{
	if (!ConfigReloadPending)
		return false;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	apply_settings();
	return true;
}

bool
dyn_worker_loop_transaction(DynWorkerStep step, void *arg, const char *activity)
{
	Transaction transaction = {step, arg};

	return attempt(run_transaction, &transaction, activity);
}

/* Runs step, which begins and ends its transactions. */
static bool
attempt(DynWorkerStep step, void *arg, const char *activity)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool done = false;

	QueryCancelPending = false;
	debug_query_string = activity;
	pgstat_report_activity(STATE_RUNNING, activity);
	PG_TRY();
	{
		SetCurrentStatementStartTimestamp();
		step(arg);
		done = true;
	}
	PG_CATCH();
	{
		keep_error(context);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	debug_query_string = NULL;
	pgstat_report_stat(false);
	pgstat_report_activity(STATE_IDLE, NULL);
	return done;
}

static void
run_transaction(void *arg)
{
	Transaction *transaction = arg;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	transaction->step(transaction->arg);
	PopActiveSnapshot();
	/*
	 * in older minor releases of PostgreSQL, one owner's trigger can leave objects in pg_temp that another's would find
	 */
	ResetTempTableNamespace();
	CommitTransactionCommand();
}

/* In PG_CATCH: logs the error, keeps its text, and ends the transaction. */
static void
keep_error(MemoryContext context)
{
	ErrorData  *error;

	HOLD_INTERRUPTS();
	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	strlcpy(last_error, error->message ? error->message : "unknown error", sizeof(last_error));
	FreeErrorData(error);
	EmitErrorReport();
	AbortOutOfAnyTransaction();
	MemoryContextSwitchTo(context);
	FlushErrorState();
	RESUME_INTERRUPTS();
}

const char *
dyn_worker_loop_last_error(void)
{
	return last_error;
}

bool
dyn_worker_loop_statement(const char *sql)
{
	MemoryContext scratch = AllocSetContextCreate(TopMemoryContext, "dynamo statement", ALLOCSET_DEFAULT_SIZES);
	MemoryContext context = MemoryContextSwitchTo(scratch);
	char	   *copy = pstrdup(sql);
	bool		done = attempt(run_statement, copy, copy);

	MemoryContextSwitchTo(context);
	MemoryContextDelete(scratch);
	return done;
}

/* CurrentMemoryContext outlives the transactions that the statement makes of its own. */
static void
run_statement(void *arg)
{
	const char *sql = arg;
	MemoryContext scratch = CurrentMemoryContext;
	RawStmt    *parsed = linitial_node(RawStmt, pg_parse_query(sql));
	List	   *plans;
	Portal		portal;
	QueryCompletion completion;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	MemoryContextSwitchTo(scratch);
	plans = pg_plan_queries(pg_analyze_and_rewrite_fixedparams(parsed, sql, NULL, 0, NULL), sql, CURSOR_OPT_PARALLEL_OK,
							NULL);
	PopActiveSnapshot();
	portal = CreatePortal("", true, true);
	portal->visible = false;
	PortalDefineQuery(portal, NULL, sql, CreateCommandTag(parsed->stmt), plans, NULL);
	PortalStart(portal, NULL, 0, InvalidSnapshot);
	(void) DYN_PORTAL_RUN(portal, &completion);
	PortalDrop(portal, false);
	CommitTransactionCommand();
}

bool
dyn_worker_loop_runs(BackgroundWorkerHandle **handle)
{
	pid_t		pid;

	if (*handle == NULL)
		return false;
	if (GetBackgroundWorkerPid(*handle, &pid) != BGWH_STOPPED)
		return true;
	pfree(*handle);
	*handle = NULL;
	return false;
}

bool
dyn_worker_loop_extension_exists(void)
{
	bool		exists = false;

	dyn_worker_loop_transaction(check_extension, &exists, "looking for the extension");
	return exists;
}

void
dyn_worker_loop_wait_begin(void)
{
	wait_broken_off = false;
	in_unbounded_wait = true;
	QueryCancelPending = false; /* meant for work that is over */
	if (ShutdownRequestPending)
	{
		wait_broken_off = true;
		ProcDiePending = true;
	}
}

bool
dyn_worker_loop_wait_end(void)
{
	in_unbounded_wait = false;
	ProcDiePending = false;
	return !wait_broken_off;
}

void
dyn_worker_loop_sleep(long milliseconds)
{
	WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, milliseconds, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	dyn_worker_loop_interrupts();
}

long
dyn_worker_loop_backoff(int failures)
{
	return Min(30000L, 1000L << Min(failures - 1, 5));
}

static void
handle_terminate(SIGNAL_ARGS)
{
	int			save_errno = errno;

	ShutdownRequestPending = true;
	if (in_unbounded_wait)
	{
		wait_broken_off = true;
		ProcDiePending = true;
	}
	dyn_worker_guard_look();
	SetLatch(MyLatch);
	errno = save_errno;
}

static void
handle_cancel(SIGNAL_ARGS)
{
	int			save_errno = errno;

	if (in_unbounded_wait)
		wait_broken_off = true;
	dyn_worker_guard_look();
	errno = save_errno;
	StatementCancelHandler(postgres_signal_arg);
}

/*
 * Settings for all SQL that a worker runs.  They override the configuration files, and a reload must not bring those
 * back.  What a client's own trigger changes is undone after each request (http_call.c).
 */
static void
apply_settings(void)
{
	char		lock_timeout[16];
	const struct
	{
		const char *name;
		const char *value;
	}			settings[] = {
		{"default_transaction_deferrable", "off"},
		{"default_transaction_isolation", "read committed"},
		{"default_transaction_read_only", "off"},
		{"idle_in_transaction_session_timeout", "0"},
		{"idle_session_timeout", "0"},
		{"jit", "off"},
		{"lock_timeout", lock_timeout},
		{"plan_cache_mode", "force_generic_plan"},
		{"row_security", "on"},
		{"search_path", DYN_SCOPE_PATH},
		{"statement_timeout", "0"},
	};

	snprintf(lock_timeout, sizeof(lock_timeout), "%d", dyn_guc_lock_timeout);
	for (int i = 0; i < lengthof(settings); i++)
		SetConfigOption(settings[i].name, settings[i].value, PGC_SUSET, PGC_S_OVERRIDE);
}

static void
check_extension(void *arg)
{
	*(bool *) arg = dyn_extension_watch_exists();
}
