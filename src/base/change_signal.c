/*
 * Tells the scheduler that changes have been committed which no tick has seen yet.
 *
 * The signal is set after the commit, when the next snapshot will see the commit.  While it is set, further commits
 * cost one look at shared memory; only the first one wakes the scheduler.
 */
#include "postgres.h"

#include "access/xact.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "base/shmem.h"

#define OVERDUE_MS 250

static bool changed = false;
static bool taken = false;

static void watch_transaction(void);
static void transaction_ended(XactEvent event, void *arg);

void
dyn_change_signal_at_commit(void)
{
	watch_transaction();
	changed = true;
}

bool
dyn_change_signal_pending(void)
{
	return dyn_shmem == NULL || pg_atomic_read_u32(&dyn_shmem->changes_pending) != 0;
}

bool
dyn_change_signal_overdue(void)
{
	return dyn_shmem != NULL && pg_atomic_read_u32(&dyn_shmem->changes_pending) != 0 &&
		dyn_clock_steady_ms() - (int64) pg_atomic_read_u64(&dyn_shmem->changes_since) > OVERDUE_MS;
}

void
dyn_change_signal_take(void)
{
	if (dyn_shmem == NULL)
		return;
	watch_transaction();
	taken = pg_atomic_exchange_u32(&dyn_shmem->changes_pending, 0) != 0;
}

void
dyn_change_signal_drop(void)
{
	pg_atomic_write_u32(&dyn_shmem->changes_pending, 0);
}

void
dyn_change_signal_now(void)
{
	if (dyn_shmem == NULL || pg_atomic_read_u32(&dyn_shmem->changes_pending) != 0)
		return;
	pg_atomic_write_u64(&dyn_shmem->changes_since, dyn_clock_steady_ms());
	if (pg_atomic_exchange_u32(&dyn_shmem->changes_pending, 1) == 0)
		dyn_shmem_wake(&dyn_shmem->scheduler_procno);
}

static void
watch_transaction(void)
{
	static bool registered = false;

	if (!registered)
		RegisterXactCallback(transaction_ended, NULL);
	registered = true;
}

/*
 * A prepared transaction may be committed by another session, unnoticed here; the scheduler therefore also looks from
 * time to time.
 */
static void
transaction_ended(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;
	if ((changed && event == XACT_EVENT_COMMIT) || (taken && event != XACT_EVENT_COMMIT))
		dyn_change_signal_now();
	changed = taken = false;
}
