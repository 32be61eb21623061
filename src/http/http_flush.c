/*
 * Durable before acknowledged, with one flush for many.
 *
 * A PostgreSQL backend flushes its commit record and then answers, so one process acknowledges at most one write per
 * flush of the disk.  An HTTP worker has many clients and runs their requests one after the other, so it can do better:
 * each request commits in its own transaction without waiting (as with synchronous_commit = off), and no answer leaves.
 * When the round is done, one XLogFlush up to the last commit makes all of them durable, and then the answers leave.
 * A client that has its answer still has a durable write.
 *
 * Readers.  Without the wait, a commit is visible to others before it is durable.  A read that returned it could be
 * proved wrong by a crash.  So the answer to a request that may have seen an unflushed commit of any HTTP worker waits
 * as well.  "May have seen" is decided conservatively, from one word per worker in shared memory, commit_lsn:
 *
 *   - before a transaction with a transaction id commits, its worker sets the word to DYN_COMMIT_IN_PROGRESS,
 *   - after the commit, to the end of the commit record; values only grow, so it covers the worker's earlier commits.
 *
 * A request looks at all words after it has finished reading.  Take any commit it has seen: its worker set the word
 * before the commit became visible, so the reader finds the commit's LSN or a greater one, or IN_PROGRESS.  In the
 * last case the record may be anywhere up to the current insert position, so the reader waits for that position: the
 * record of a visible commit has been inserted.  (PostgreSQL's locks around the snapshot and around becoming visible
 * are the memory barriers this needs; the explicit ones below are for the reader that takes no snapshot again.)
 * Failed requests wait in the same way, since "the condition failed" tells what was seen.  When nothing is unflushed,
 * all of this is a few loads.  Commits of ordinary sessions need no word: they are flushed before they become visible,
 * unless their owner chose synchronous_commit = off and with it the usual consequences.
 *
 * Insert position.  GetXLogInsertRecPtr() is where the next record will begin.  At a page boundary that is behind the
 * page's header, which nobody has written yet, and XLogFlush refuses what has not been inserted.  So a position just
 * behind a header counts as the page's start.
 *
 * Which level.  The server's synchronous_commit decides, as for any session: off means no flush; local, remote_write,
 * on and remote_apply mean a flush, and all but local a wait for synchronous standbys if there are any.  The setting
 * keeps its value (SyncRepWaitForLSN reads it), only around the commit itself is the variable off.  One detail is lost
 * that way: with remote_apply each commit record asks the standby to report at once that it was applied.  So the flush
 * ends with one empty transaction whose commit record asks for that.
 *
 * On a standby there is nothing to flush, and reads see only what was replayed.
 */
#include "postgres.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "miscadmin.h"
#include "replication/syncrep.h"
#include "replication/walsender.h"
#include "replication/walsender_private.h"
#include "storage/lwlock.h"

#include "http/http_flush.h"
#include "metric/metric.h"
#include "worker/worker_loop.h"

#define DYN_COMMIT_IN_PROGRESS PG_UINT64_MAX

static DynHttpSlot *my_slot = NULL;
static XLogRecPtr my_last_commit = InvalidXLogRecPtr;
static bool my_transaction_wrote = false;
static bool commit_pending = false;
static int	saved_synchronous_commit;

/* The log is known to be flushed up to here, which avoids the shared lock for asking again. */
static XLogRecPtr known_durable = InvalidXLogRecPtr;

static XLogRecPtr insert_position(void);
static bool wants_standby(void);
static bool is_replicated(XLogRecPtr lsn);
static void ask_for_apply_feedback(void);
static void assign_transaction_id(void *arg);

void
dyn_http_flush_start(DynHttpSlot *slot)
{
	uint64		lsn = pg_atomic_read_u64(&slot->commit_lsn);

	my_slot = slot;
	/* A predecessor may have ended with commits that nobody flushed; readers must go on waiting for them. */
	my_last_commit = lsn == DYN_COMMIT_IN_PROGRESS ? insert_position() : lsn;
	pg_atomic_write_u64(&slot->commit_lsn, my_last_commit);
}

void
dyn_http_flush_commit_begin(void)
{
	my_transaction_wrote = TransactionIdIsValid(GetTopTransactionIdIfAny());
	XactLastCommitEnd = InvalidXLogRecPtr;
	saved_synchronous_commit = synchronous_commit;
	commit_pending = true;
	synchronous_commit = SYNCHRONOUS_COMMIT_OFF;
	if (my_transaction_wrote)
	{
		pg_atomic_write_u64(&my_slot->commit_lsn, DYN_COMMIT_IN_PROGRESS);
		pg_memory_barrier();
	}
}

void
dyn_http_flush_commit_end(void)
{
	if (!commit_pending)
	{
		my_transaction_wrote = false;
		return;
	}
	commit_pending = false;
	synchronous_commit = saved_synchronous_commit;
	if (!my_transaction_wrote)
		return;
	if (!XLogRecPtrIsInvalid(XactLastCommitEnd))
	{
		my_last_commit = XactLastCommitEnd;
		dyn_metric_count(my_slot, DYN_METRIC_WRITE_COMMITS);
	}
	else
		my_transaction_wrote = false;	/* it failed */
	pg_write_barrier();
	pg_atomic_write_u64(&my_slot->commit_lsn, my_last_commit);
}

XLogRecPtr
dyn_http_flush_horizon(void)
{
	XLogRecPtr	horizon = InvalidXLogRecPtr;
	int			slots;

	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF || RecoveryInProgress())
		return InvalidXLogRecPtr;
	if (my_transaction_wrote)
		return my_last_commit;

	pg_read_barrier();
	slots = pg_atomic_read_u32(&dyn_shmem->http_slots);
	for (int i = 0; i < slots; i++)
	{
		XLogRecPtr	lsn = pg_atomic_read_u64(&dyn_shmem->http[i].commit_lsn);

		if (lsn == DYN_COMMIT_IN_PROGRESS)
			lsn = insert_position();
		horizon = Max(horizon, lsn);
	}
	if (horizon <= known_durable)
		return InvalidXLogRecPtr;
	if (XLogNeedsFlush(horizon) || (wants_standby() && !is_replicated(horizon)))
		return horizon;
	known_durable = horizon;
	return InvalidXLogRecPtr;
}

bool
dyn_http_flush_wait(XLogRecPtr lsn)
{
	bool		replicated = true;

	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF)
		return true;
	if (XLogNeedsFlush(lsn))
	{
		XLogFlush(lsn);
		dyn_metric_count(my_slot, DYN_METRIC_FLUSHES);
	}
	if (wants_standby() && !is_replicated(lsn))
	{
		if (synchronous_commit == SYNCHRONOUS_COMMIT_REMOTE_APPLY)
			ask_for_apply_feedback();
		HOLD_INTERRUPTS();
		dyn_worker_loop_wait_begin();
		SyncRepWaitForLSN(lsn, true);
		/*
		 * The wait also ends when synchronous_standby_names has been emptied.  That is no failure; only a cancel is.
		 */
		replicated = dyn_worker_loop_wait_end() || is_replicated(lsn);
		RESUME_INTERRUPTS();
	}
	if (replicated)
		known_durable = Max(known_durable, lsn);
	return replicated;
}

static XLogRecPtr
insert_position(void)
{
	XLogRecPtr	position = GetXLogInsertRecPtr();
	uint32		in_segment = XLogSegmentOffset(position, wal_segment_size);

	if (in_segment == SizeOfXLogLongPHD)
		return position - SizeOfXLogLongPHD;
	if (in_segment % XLOG_BLCKSZ == SizeOfXLogShortPHD)
		return position - SizeOfXLogShortPHD;
	return position;
}

static bool
wants_standby(void)
{
	return SyncRepRequested() && SyncRepStandbyNames != NULL && SyncRepStandbyNames[0] != '\0';
}

static bool
is_replicated(XLogRecPtr lsn)
{
	int			mode = SYNC_REP_WAIT_FLUSH;
	XLogRecPtr	reached;

	if (synchronous_commit == SYNCHRONOUS_COMMIT_REMOTE_WRITE)
		mode = SYNC_REP_WAIT_WRITE;
	else if (synchronous_commit == SYNCHRONOUS_COMMIT_REMOTE_APPLY)
		mode = SYNC_REP_WAIT_APPLY;
	LWLockAcquire(SyncRepLock, LW_SHARED);
	reached = WalSndCtl->lsn[mode];
	LWLockRelease(SyncRepLock);
	return lsn <= reached;
}

/* Nobody waits for the record, since a transaction that has changed nothing commits asynchronously. */
static void
ask_for_apply_feedback(void)
{
	XactLastCommitEnd = InvalidXLogRecPtr;
	dyn_worker_loop_transaction(assign_transaction_id, NULL, "asking the standby to report");
	if (!XLogRecPtrIsInvalid(XactLastCommitEnd))
		XLogFlush(XactLastCommitEnd);
}

static void
assign_transaction_id(void *arg)
{
	(void) GetCurrentTransactionId();
}
