/*
 * Making and reading ticks.
 *
 * One tick is made at a time.  Its maker, holding the lock, takes the snapshot first, then draws the tick's number, and
 * then reads how far the changes' numbers have come:
 *
 *   - a lock holder's snapshot is younger than those of all ticks before, so whatever they see, it sees;
 *   - who looks at the tick sequence and commits later is in no tick up to the number found (stream_catalog.c);
 *   - all changes that the snapshot sees have numbers up to high.
 *
 * A tick is committed with a flush, even where commits do not wait for one: readers hand out sequence numbers made of it,
 * and after a crash its number must not stand for another snapshot.  That flush also covers all that the snapshot sees.
 *
 * The signal of change_signal.c says when a tick is due.  When it is lost (a prepared transaction that another session
 * commits), the last tick tells: unless it was quiet, transactions were in progress whose changes it may lack.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "commands/dbcommands.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "db/scope.h"
#include "store/change_log.h"
#include "store/change_tick.h"

#define CHANNEL "dynamo_stream"
#define TICK_COLUMNS "tick, created, high, quiet, snapshot::pg_catalog.text"
#define MOST_FOLLOWERS 4
#define MOST_WAITING_MS 500
#define OLD_ENOUGH_HOURS 24
#define LOCK_POLLS 50
#define LOCK_PAUSE_US 2000

static const DynTickFollower *followers[MOST_FOLLOWERS];
static int	follower_count = 0;

static int64 look_up(SPIPlanPtr *plan, const char *sql, int count, Oid *types, Datum *values);
static bool lock_ticks(bool wait);
static bool scheduler_runs(void);
static void wait_for_scheduler(void);
static bool make_tick(void);
static void take_snapshot(DynTick *tick);
static uint64 widen(TransactionId xid, FullTransactionId next);
static int	compare_xids(const void *a, const void *b);
static Datum snapshot_datum(const DynTick *tick);
static bool has_passed(const DynTick *before, const DynTick *now);
static int64 sequence_value(const char *name);
static int64 next_tick_number(void);
static void insert_tick(const DynTick *tick, Datum snapshot);
static void read_tick(HeapTuple row, DynTick *tick, MemoryContext context);
static bool trim_slot(int slot, TimestampTz now);
static bool lock_partitions(int slot);
static int64 int64_result(HeapTuple row, int column);
static void run(const char *sql, int count, Oid *types, Datum *values, int expected);

void
dyn_change_tick_follow(const DynTickFollower *follower)
{
	if (follower_count == MOST_FOLLOWERS)
		elog(ERROR, "too many features follow ticks");
	followers[follower_count++] = follower;
}

bool
dyn_change_tick_make(bool wait)
{
	DynScope scope;
	bool		made;

	if (!lock_ticks(wait))
		return false;
	dyn_scope_begin(&scope);
	made = make_tick();
	dyn_scope_end(&scope);
	return made;
}

void
dyn_change_tick_for_reader(bool newest)
{
	if (RecoveryInProgress() || XactReadOnly)
		return;
	if (scheduler_runs())
	{
		/* the trigger of some table's owner may hold up the scheduler's other work for seconds */
		if (!newest && !dyn_change_signal_overdue())
			return;
		if (IsTransactionBlock() || MyBackendType != B_BG_WORKER)
		{
			/* a tick of ours would hold up everybody's until this transaction, or an SQL user's statement, ends */
			if (newest)
				wait_for_scheduler();
			return;
		}
	}
	(void) dyn_change_tick_make(newest);
}

/*
 * The partition behind the current one is the oldest: what is in it is at least 24 hours old.  It is looked at before
 * that is believed, since clocks can be set back.
 */
void
dyn_change_tick_trim(void)
{
	TimestampTz now = dyn_clock_now();
	int			slot = (dyn_change_log_slot(now) + 1) % DYN_CHANGE_SLOTS;
	DynScope scope;

	dyn_scope_begin(&scope);
	if (trim_slot(slot, now))
		for (int i = 0; i < follower_count; i++)
			followers[i]->trimmed(dyn_change_tick_trimmed(), now);
	dyn_scope_end(&scope);
}

bool
dyn_change_tick_sees(const DynTick *tick, uint64 xid)
{
	if (xid < tick->xmin)
		return true;
	if (xid >= tick->xmax)
		return false;
	return bsearch(&xid, tick->in_progress, tick->in_progress_count, sizeof(uint64), compare_xids) == NULL;
}

bool
dyn_change_tick_last(int64 most, DynTick *tick)
{
	static SPIPlanPtr plan = NULL;
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(most);
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	bool		found;

	dyn_scope_begin(&scope);
	found = dyn_change_tick_query(&plan, "SELECT " TICK_COLUMNS " FROM dynamo.change_ticks WHERE tick <= $1 ORDER BY tick DESC LIMIT 1",
								  1, &type, &value, 1) > 0;
	if (found)
		read_tick(SPI_tuptable->vals[0], tick, caller);
	dyn_scope_end(&scope);
	return found;
}

int
dyn_change_tick_list(int64 first, int64 last, int limit, DynTick **ticks)
{
	static SPIPlanPtr plan = NULL;
	Oid			types[] = {INT8OID, INT8OID};
	Datum		values[] = {Int64GetDatum(first), Int64GetDatum(last > 0 ? last : PG_INT64_MAX)};
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_change_tick_query(&plan, "SELECT " TICK_COLUMNS " FROM dynamo.change_ticks WHERE tick >= $1 AND tick <= $2 ORDER BY tick",
								  2, types, values, limit);
	*ticks = MemoryContextAllocHuge(caller, Max(count, 1) * sizeof(DynTick));
	for (int i = 0; i < count; i++)
		read_tick(SPI_tuptable->vals[i], &(*ticks)[i], caller);
	dyn_scope_end(&scope);
	return count;
}

int64
dyn_change_tick_before(TimestampTz time)
{
	static SPIPlanPtr plan = NULL;
	Oid			type = TIMESTAMPTZOID;
	Datum		value = TimestampTzGetDatum(time);

	return look_up(&plan, "SELECT tick FROM dynamo.change_ticks WHERE created < $1 ORDER BY tick DESC LIMIT 1", 1, &type, &value);
}

int64
dyn_change_tick_trimmed(void)
{
	static SPIPlanPtr plan = NULL;

	return look_up(&plan, "SELECT trimmed_tick FROM dynamo.change_state", 0, NULL, NULL);
}

/* The number of a tick, 0 when there is none. */
static int64
look_up(SPIPlanPtr *plan, const char *sql, int count, Oid *types, Datum *values)
{
	DynScope scope;
	int64		tick = 0;

	dyn_scope_begin(&scope);
	if (dyn_change_tick_query(plan, sql, count, types, values, 1) > 0)
		tick = int64_result(SPI_tuptable->vals[0], 1);
	dyn_scope_end(&scope);
	return tick;
}

DynStr
dyn_change_tick_secret(void)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	DynStr		secret;
	bytea	   *value;
	bool		is_null;

	dyn_scope_begin(&scope);
	if (dyn_change_tick_query(&plan, "SELECT iterator_secret FROM dynamo.change_state", 0, NULL, NULL, 1) != 1)
		elog(ERROR, "dynamo.change_state is empty");
	value = DatumGetByteaPP(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	secret.len = VARSIZE_ANY_EXHDR(value);
	secret.data = memcpy(MemoryContextAlloc(caller, secret.len), VARDATA_ANY(value), secret.len);
	dyn_scope_end(&scope);
	return secret;
}

uint64
dyn_change_tick_query(SPIPlanPtr *plan, const char *sql, int count, Oid *types, Datum *values, long limit)
{
	Snapshot	snapshot;
	int			result;

	if (*plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare_cursor(sql, count, types, CURSOR_OPT_GENERIC_PLAN);

		if (made == NULL)
			elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
		SPI_keepplan(made);
		*plan = made;
	}
	CommandCounterIncrement();
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	PushActiveSnapshot(snapshot);
	result = SPI_execute_snapshot(*plan, values, NULL, snapshot, InvalidSnapshot, true, false, limit);
	PopActiveSnapshot();
	UnregisterSnapshot(snapshot);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
	return SPI_processed;
}

/* Held to the end of the transaction, as what the tick's maker does becomes visible only then. */
static bool
lock_ticks(bool wait)
{
	Oid			state = get_relname_relid("change_state", get_namespace_oid("dynamo", false));
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, RelationRelationId, state, 1);
	return LockAcquire(&tag, ExclusiveLock, false, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

static bool
scheduler_runs(void)
{
	char	   *database;

	if (dyn_shmem == NULL || pg_atomic_read_u32(&dyn_shmem->scheduler_pid) == 0)
		return false;
	database = get_database_name(MyDatabaseId);
	return database != NULL && strcmp(database, dyn_guc_database) == 0;
}

static void
wait_for_scheduler(void)
{
	DynTick		before = {0};

	(void) dyn_change_tick_last(PG_INT64_MAX, &before);
	dyn_change_signal_now();
	for (int waited = 0; waited < MOST_WAITING_MS; waited += 5)
	{
		DynTick		now = {0};

		CHECK_FOR_INTERRUPTS();
		pg_usleep(5000);
		(void) dyn_change_tick_last(PG_INT64_MAX, &now);
		if (now.tick > before.tick || (waited >= 100 && !dyn_change_signal_pending()))
			return;
	}
}

static bool
make_tick(void)
{
	DynTick		last = {0};
	DynTick		tick = {0};
	bool		waiting[MOST_FOLLOWERS];
	bool		any_waiting = false;
	bool		signalled;
	bool		is_first = !dyn_change_tick_last(PG_INT64_MAX, &last);
	Datum		snapshot;

	for (int i = 0; i < follower_count; i++)
		any_waiting |= waiting[i] = followers[i]->waiting();
	signalled = dyn_change_signal_pending();
	dyn_change_signal_take();
	take_snapshot(&tick);
	if (tick.high == 0 && !any_waiting)
		return false;
	if (!is_first && !any_waiting && tick.high == last.high && (last.quiet || !has_passed(&last, &tick)))
		return false;

	tick.tick = next_tick_number();
	tick.created = dyn_clock_now();
	snapshot = snapshot_datum(&tick);
	insert_tick(&tick, snapshot);
	for (int i = 0; i < follower_count; i++)
		followers[i]->made(&tick, snapshot, waiting[i]);
	if (signalled || tick.high != last.high)
		Async_Notify(CHANNEL, NULL);
	ForceSyncCommit();
	return true;
}

/* The snapshot, and what must be read after it. */
static void
take_snapshot(DynTick *tick)
{
	Snapshot	snapshot = GetLatestSnapshot();
	FullTransactionId next = ReadNextFullTransactionId();
	FullTransactionId mine = GetTopFullTransactionIdIfAny();

	tick->xmin = widen(snapshot->xmin, next);
	tick->xmax = widen(snapshot->xmax, next);
	tick->in_progress = palloc((snapshot->xcnt + 1) * sizeof(uint64));
	for (int i = 0; i < snapshot->xcnt; i++)
		tick->in_progress[i] = widen(snapshot->xip[i], next);
	tick->in_progress_count = snapshot->xcnt;

	/* a snapshot sees its own transaction; others do not see it yet */
	if (FullTransactionIdIsValid(mine) && U64FromFullTransactionId(mine) < tick->xmax)
		tick->in_progress[tick->in_progress_count++] = U64FromFullTransactionId(mine);
	qsort(tick->in_progress, tick->in_progress_count, sizeof(uint64), compare_xids);

	tick->high = sequence_value("change_number");
	/* of all who have drawn a number by now, this knows the id */
	tick->quiet = tick->xmin == U64FromFullTransactionId(ReadNextFullTransactionId());
}

/* A snapshot's ids are all from the last two thousand million before next. */
static uint64
widen(TransactionId xid, FullTransactionId next)
{
	uint32		epoch = EpochFromFullTransactionId(next);

	if (xid > XidFromFullTransactionId(next))
		epoch--;
	return U64FromFullTransactionId(FullTransactionIdFromEpochAndXid(epoch, xid));
}

static int
compare_xids(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

static Datum
snapshot_datum(const DynTick *tick)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, UINT64_FORMAT ":" UINT64_FORMAT ":", tick->xmin, tick->xmax);
	for (int i = 0; i < tick->in_progress_count; i++)
		appendStringInfo(&text, "%s" UINT64_FORMAT, i > 0 ? "," : "", tick->in_progress[i]);
	return DirectFunctionCall1(pg_snapshot_in, CStringGetDatum(text.data));
}

/* Does a snapshot see anything that another did not? */
static bool
has_passed(const DynTick *before, const DynTick *now)
{
	return before->xmin != now->xmin || before->xmax != now->xmax || before->in_progress_count != now->in_progress_count ||
		memcmp(before->in_progress, now->in_progress, now->in_progress_count * sizeof(uint64)) != 0;
}

static int64
sequence_value(const char *name)
{
	run(psprintf("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM dynamo.%s", name), 0, NULL, NULL, SPI_OK_SELECT);
	return int64_result(SPI_tuptable->vals[0], 1);
}

static int64
next_tick_number(void)
{
	run("SELECT pg_catalog.nextval('dynamo.change_tick')", 0, NULL, NULL, SPI_OK_SELECT);
	return int64_result(SPI_tuptable->vals[0], 1);
}

static void
insert_tick(const DynTick *tick, Datum snapshot)
{
	Oid			types[] = {INT2OID, INT8OID, PG_SNAPSHOTOID, TIMESTAMPTZOID, INT8OID, BOOLOID};
	Datum		values[] = {Int16GetDatum(dyn_change_log_slot(tick->created)), Int64GetDatum(tick->tick), snapshot,
		TimestampTzGetDatum(tick->created), Int64GetDatum(tick->high), BoolGetDatum(tick->quiet)};

	run("INSERT INTO dynamo.change_ticks (slot, tick, snapshot, created, high, quiet) VALUES ($1, $2, $3, $4, $5, $6)",
		6, types, values, SPI_OK_INSERT);
}

static void
read_tick(HeapTuple row, DynTick *tick, MemoryContext context)
{
	TupleDesc	descriptor = SPI_tuptable->tupdesc;
	bool		is_null;
	char	   *text = SPI_getvalue(row, descriptor, 5);
	char	   *at;
	int			room = 1;

	tick->tick = int64_result(row, 1);
	tick->created = DatumGetTimestampTz(SPI_getbinval(row, descriptor, 2, &is_null));
	tick->high = int64_result(row, 3);
	tick->quiet = DatumGetBool(SPI_getbinval(row, descriptor, 4, &is_null));
	for (at = text; *at; at++)
		room += *at == ',';
	tick->in_progress = MemoryContextAlloc(context, room * sizeof(uint64));
	tick->in_progress_count = 0;
	tick->xmin = strtou64(text, &at, 10);
	tick->xmax = strtou64(at + 1, &at, 10);
	while (*at != '\0' && at[1] != '\0' && tick->in_progress_count < room)
		tick->in_progress[tick->in_progress_count++] = strtou64(at + 1, &at, 10);
	pfree(text);
}

/* Whether there is nothing left of a partition that held something.  A reader in a long transaction puts it off. */
static bool
trim_slot(int slot, TimestampTz now)
{
	TimestampTz limit = now - OLD_ENOUGH_HOURS * USECS_PER_HOUR;
	Oid			types[] = {TIMESTAMPTZOID};
	Datum		values[] = {TimestampTzGetDatum(limit)};
	bool		is_null;
	Datum		last;

	/* the first row of a log partition is its oldest but for vacuumed ones, which do not matter here */
	run(psprintf("SELECT (SELECT pg_catalog.max(tick) FROM dynamo.change_ticks_%d), "
				 "EXISTS (SELECT FROM dynamo.change_ticks_%d) OR EXISTS (SELECT FROM dynamo.change_log_%d), "
				 "COALESCE((SELECT created >= $1 FROM dynamo.change_ticks_%d ORDER BY tick DESC LIMIT 1), false) "
				 "OR COALESCE((SELECT written >= $1 FROM dynamo.change_log_%d LIMIT 1), false)", slot, slot, slot, slot, slot),
		1, types, values, SPI_OK_SELECT);
	if (!DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null)) ||
		DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3, &is_null)) ||
		!lock_partitions(slot))
		return false;
	last = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);
	if (!is_null)
	{
		Oid			type = INT8OID;

		run("UPDATE dynamo.change_state SET trimmed_tick = GREATEST(trimmed_tick, $1)", 1, &type, &last, SPI_OK_UPDATE);
	}
	run(psprintf("TRUNCATE dynamo.change_ticks_%d, dynamo.change_log_%d", slot, slot), 0, NULL, NULL, SPI_OK_UTILITY);
	return true;
}

/* Asks again and again instead of waiting, since all readers would queue behind that. */
static bool
lock_partitions(int slot)
{
	const char *kinds[] = {"change_ticks", "change_log"};

	for (int i = 0; i < lengthof(kinds); i++)
	{
		char	   *name = psprintf("%s_%d", kinds[i], slot);
		Oid			relid = get_relname_relid(name, get_namespace_oid("dynamo", false));
		int			polls = 0;

		while (!ConditionalLockRelationOid(relid, AccessExclusiveLock))
		{
			if (++polls == LOCK_POLLS)
			{
				ereport(LOG, (errhidestmt(true), errmsg("old records of streams are kept for now: somebody is reading dynamo.%s", name)));
				return false;
			}
			CHECK_FOR_INTERRUPTS();
			pg_usleep(LOCK_PAUSE_US);
		}
	}
	return true;
}

static int64
int64_result(HeapTuple row, int column)
{
	bool		is_null;

	return DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, column, &is_null));
}

static void
run(const char *sql, int count, Oid *types, Datum *values, int expected)
{
	int			result = SPI_execute_with_args(sql, count, types, values, NULL, false, 0);

	if (result != expected)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
}
