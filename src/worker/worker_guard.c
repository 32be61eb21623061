/*
 * Ends what does not end by itself: a time limit for stretches in which code of SQL users runs.
 *
 * Triggers, constraints, row security policies, domains and indexed expressions of a table's owner run in our
 * processes.  A cancel is an ERROR, and PL/pgSQL lets him catch it: EXCEPTION WHEN query_canceled, in a loop.  So a
 * cancel may be ignored.  Only FATAL is certain, because no handler can catch it: the process rolls back, releases
 * everything and ends, without harm to others; the launcher starts it again.
 *
 * A timer looks a few times a second while a stretch runs.  statement_timeout's timer cancels first, and then each
 * look cancels again, since code that catches one cancel to tidy up may end with the next.  After dynamo.cancel_grace
 * it sets ProcDiePending, as SIGTERM does in an ordinary session, and the next CHECK_FOR_INTERRUPTS ends the process.
 * The handler of SIGTERM only sets a flag (worker_loop.c); the timer here acts on it.  PostgreSQL's timers wait for a
 * time of day, so they are late when that is set back.  So times are measured here by a clock that is never set, and
 * each SIGTERM and SIGINT looks at that clock as well.
 *
 * Code in C that never checks for interrupts cannot be ended, nor can PL/Perl, which does not check; the same holds in
 * any PostgreSQL session.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "tcop/tcopprot.h"
#include "utils/timeout.h"

#include "base/clock.h"
#include "base/guc.h"
#include "catalog/table.h"
#include "worker/worker_guard.h"
#include "worker/worker_loop.h"

#define LOOK_MS 200
#define STALLED_MS 2000
/* DROP DATABASE ... WITH (FORCE) waits 5 s for those whom it has terminated */
#define TERMINATED_CANCEL_MS 2000
#define TERMINATED_GRACE_MS 1500

typedef enum Reason
{
	NO_REASON,
	TIME_IS_OVER,
	TERMINATED
} Reason;

static TimeoutId timer;
static void (*tell_stalled) (void) = NULL;
static bool sigterm_is_die = false;

/* by dyn_clock_steady_ms(); written while the timer is off, or by its handler */
static int64 began;
static int64 terminated;		/* when SIGTERM was first seen; 0: not yet */
static int64 limit;				/* 0: none */
static int64 grace;
static const char *what;		/* for the log: the exit sets back debug_query_string first */
static volatile sig_atomic_t running = false;
static volatile sig_atomic_t reason = NO_REASON;

static void look(void);
static void end_after(int64 cancel_at, int64 die_at, int64 now, Reason why);

void
dyn_worker_guard_start(void (*stalled) (void), bool sigterm_dies)
{
	timer = RegisterTimeout(USER_TIMEOUT, look);
	tell_stalled = stalled;
	sigterm_is_die = sigterm_dies;
}

void
dyn_worker_guard_begin(int timeout)
{
	EnableTimeoutParams timers[2] = {
		{.id = timer, .type = TMPARAM_EVERY, .delay_ms = LOOK_MS},
		{.id = STATEMENT_TIMEOUT, .type = TMPARAM_AFTER, .delay_ms = timeout}
	};

	dyn_table_note_use(NULL);
	began = dyn_clock_steady_ms();
	what = debug_query_string != NULL ? debug_query_string : MyBgworkerEntry->bgw_type;
	terminated = 0;
	limit = timeout;
	grace = dyn_guc_cancel_grace;
	reason = NO_REASON;
	running = true;
	enable_timeouts(timers, timeout > 0 ? 2 : 1);
}

void
dyn_worker_guard_end(void)
{
	CHECK_FOR_INTERRUPTS();
	dyn_worker_guard_break();
	/* undo what the timer did between the two */
	QueryCancelPending = false;
}

void
dyn_worker_guard_break(void)
{
	DisableTimeoutParams timers[2] = {{.id = timer}, {.id = STATEMENT_TIMEOUT}};

	running = false;
	if (get_timeout_active(timer) || get_timeout_active(STATEMENT_TIMEOUT))
		disable_timeouts(timers, 2);
	/* it ended by itself in the last moment */
	if (reason != NO_REASON && !sigterm_is_die)
		ProcDiePending = false;
	reason = NO_REASON;
}

bool
dyn_worker_guard_report(void)
{
	const char *table;
	const char *owner;
	bool		broken_off = reason != NO_REASON || (running && !sigterm_is_die);

	running = false;
	if (!broken_off || !PostmasterIsAlive())
		return false;
	if (!dyn_table_used(&table, &owner))
		ereport(WARNING, (errmsg("%s has ended its process", what)));
	else if (reason == NO_REASON)
		ereport(WARNING, (errmsg("%s on table \"%s\" of role \"%s\" has ended its process", what, table, owner)));
	else
		ereport(WARNING,
				(errmsg("%s on table \"%s\" of role \"%s\" does not end when it is cancelled, so its process ends", what,
						table, owner),
				 reason == TERMINATED ? errdetail("The process was told to end.") :
				 errdetail("It was cancelled after %lld ms, and given %lld ms to end.", (long long) limit, (long long) grace),
				 errhint("Code of the table's owner that traps query_canceled does this: a trigger, or a function in a "
						 "constraint, a policy, an index or a domain.")));
	reason = NO_REASON;
	return true;
}

void
dyn_worker_guard_look(void)
{
	int64		now;

	if (!running)
		return;
	now = dyn_clock_steady_ms();
	if (ShutdownRequestPending && terminated == 0)
		terminated = now;
	if (limit > 0)
		end_after(began + limit + LOOK_MS, began + limit + grace, now, TIME_IS_OVER);
	if (terminated > 0)
		end_after(terminated + TERMINATED_CANCEL_MS,
				  terminated + TERMINATED_CANCEL_MS + Min(grace, TERMINATED_GRACE_MS), now, TERMINATED);
}

/* In the handler of SIGALRM. */
static void
look(void)
{
	dyn_worker_guard_look();
	if (running && tell_stalled != NULL && dyn_clock_steady_ms() - began >= STALLED_MS)
		tell_stalled();
}

static void
end_after(int64 cancel_at, int64 die_at, int64 now, Reason why)
{
	if (now < Min(cancel_at, die_at))
		return;
	if (now >= die_at)
	{
		if (reason == NO_REASON)
			reason = why;
		ProcDiePending = true;
	}
	QueryCancelPending = true;
	InterruptPending = true;
	SetLatch(MyLatch);
}
