/*
 * Making and reading ticks.
 *
 * One tick is made at a time.  Its maker, holding the lock, takes the snapshot first, then draws the tick's number, and
 * then reads how far the changes' numbers have come:
 *
 *   - a lock holder's snapshot is younger than those of all ticks before, so whatever they see, it sees;
 *   - a transaction that looks at the tick sequence and commits later is in no tick up to the number found
 *     (stream_catalog.c);
 *   - all changes that the snapshot sees have numbers up to high.
 *
 * A tick is committed with a flush, even where commits do not wait for one.  Readers hand out sequence numbers made of
 * its number, and after a crash that number must not stand for another snapshot.  That flush also covers all that the
 * snapshot sees.
 *
 * The signal of change_signal.c says when a tick is due.  The signal can be lost, when another session commits a
 * prepared transaction.  Then the last tick says whether one is due: unless it was quiet, transactions were in
 * progress whose changes it may lack.
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
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "base/guc.h"
#include "base/shmem.h"
#include "db/scope.h"
#include "db/sql.h"
#include "store/change_log.h"
#include "store/change_tick.h"

#define CHANNEL "dynamo_stream"
#define TICK_COLUMNS "tick, created, high, quiet, snapshot::pg_catalog.text"
#define MOST_FOLLOWERS 4
#define MOST_WAITING_MS 500		/* of a reader, for a tick */
#define WAITING_PAUSE_MS 5
#define LOCK_POLL_US 1000
#define OLD_ENOUGH_HOURS 24
#define LOCK_POLLS 50
#define LOCK_PAUSE_US 2000

static const DynTickFollower *followers[MOST_FOLLOWERS];
static int	follower_count = 0;

static int64 look_up(const char *sql, int count, Oid *types, Datum *values);
static bool lock_ticks(void);
static void unlock_ticks(void);
static void tick_lock_tag(LOCKTAG *tag);
static bool scheduler_runs(void);
static bool may_tick_beside_scheduler(void);
static void wait_for_scheduler(const DynTick *now);
static void make_for_reader(const DynTick *now);
static bool has_unticked(const DynTick *last, const int64 *lineages, int count);
static bool covers(const DynTick *tick, const DynTick *snapshot);
static Datum int64_array(const int64 *values, int count, Oid type);
static bool make_tick(void);
static void take_snapshot(DynTick *tick);
static void read_snapshot(DynTick *tick);
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
dyn_change_tick_make(void)
{
	DynScope scope;
	bool		made;

	if (!lock_ticks())
		return false;
	dyn_scope_begin(&scope);
	made = make_tick();
	dyn_scope_end(&scope);
	return made;
}

void
dyn_change_tick_for_reader(void)
{
	if (RecoveryInProgress() || XactReadOnly)
		return;
	/* the reader helps only then: a trigger of a table's owner may hold up the scheduler for seconds */
	if (scheduler_runs() && (!dyn_change_signal_overdue() || !may_tick_beside_scheduler()))
		return;
	(void) dyn_change_tick_make();
}

bool
dyn_change_tick_catch_up(const int64 *lineages, int count, DynTick *last)
{
	DynTick		now = {0};
	int64		before = last->tick;
	bool		has_scheduler;

	/* a standby makes no ticks: it has those that it has replayed */
	if (RecoveryInProgress())
		return false;
	/*
	 * before the look for changes, so that a tick which covers this snapshot covers every change that the reader must see
	 */
	read_snapshot(&now);
	if (!has_unticked(last, lineages, count))
		return false;
	has_scheduler = scheduler_runs();
	if (has_scheduler && (XactReadOnly || !may_tick_beside_scheduler()))
		wait_for_scheduler(&now);
	else if (!XactReadOnly)
		make_for_reader(&now);
	return dyn_change_tick_last(PG_INT64_MAX, last) && last->tick > before;
}

/*
 * The partition behind the current one is the oldest: what is in it is at least 24 hours old.  Its rows are checked
 * first, since clocks can be set back.
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
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(most);
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	bool		found;

	dyn_scope_begin(&scope);
	found = dyn_sql_latest("SELECT " TICK_COLUMNS " FROM dynamo.change_ticks WHERE tick <= $1 ORDER BY tick DESC LIMIT 1",
								  1, &type, &value, 1) > 0;
	if (found)
		read_tick(SPI_tuptable->vals[0], tick, caller);
	dyn_scope_end(&scope);
	return found;
}

int
dyn_change_tick_list(int64 first, int64 last, int limit, DynTick **ticks)
{
	Oid			types[] = {INT8OID, INT8OID};
	Datum		values[] = {Int64GetDatum(first), Int64GetDatum(last > 0 ? last : PG_INT64_MAX)};
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	dyn_scope_begin(&scope);
	count =
		dyn_sql_latest("SELECT " TICK_COLUMNS " FROM dynamo.change_ticks WHERE tick >= $1 AND tick <= $2 ORDER BY tick",
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
	Oid			type = TIMESTAMPTZOID;
	Datum		value = TimestampTzGetDatum(time);

	return look_up("SELECT tick FROM dynamo.change_ticks WHERE created < $1 ORDER BY tick DESC LIMIT 1", 1, &type, &value);
}

int64
dyn_change_tick_trimmed(void)
{

	return look_up("SELECT trimmed_tick FROM dynamo.change_state", 0, NULL, NULL);
}

/* The number of a tick, 0 when there is none. */
static int64
look_up(const char *sql, int count, Oid *types, Datum *values)
{
	DynScope scope;
	int64		tick = 0;

	dyn_scope_begin(&scope);
	if (dyn_sql_latest(sql, count, types, values, 1) > 0)
		tick = int64_result(SPI_tuptable->vals[0], 1);
	dyn_scope_end(&scope);
	return tick;
}

DynStr
dyn_change_tick_secret(void)
{
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	DynStr		secret;
	bytea	   *value;
	bool		is_null;

	dyn_scope_begin(&scope);
	if (dyn_sql_latest("SELECT iterator_secret FROM dynamo.change_state", 0, NULL, NULL, 1) != 1)
		elog(ERROR, "dynamo.change_state is empty");
	value = DatumGetByteaPP(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	secret.len = VARSIZE_ANY_EXHDR(value);
	secret.data = memcpy(MemoryContextAlloc(caller, secret.len), VARDATA_ANY(value), secret.len);
	dyn_scope_end(&scope);
	return secret;
}

/*
 * False when somebody else has the lock.  It is held until the transaction ends, because the tick becomes visible only
 * then.
 */
static bool
lock_ticks(void)
{
	LOCKTAG		tag;

	tick_lock_tag(&tag);
	return LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

/* Gives the lock back early, when no tick was made. */
static void
unlock_ticks(void)
{
	LOCKTAG		tag;

	tick_lock_tag(&tag);
	LockRelease(&tag, ExclusiveLock, false);
}

static void
tick_lock_tag(LOCKTAG *tag)
{
	Oid			state = get_relname_relid("change_state", get_namespace_oid("dynamo", false));

	SET_LOCKTAG_OBJECT(*tag, MyDatabaseId, RelationRelationId, state, 1);
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

/*
 * False in an SQL user's session: there, a tick of ours would hold up everybody's ticks until his statement or
 * transaction ends.
 */
static bool
may_tick_beside_scheduler(void)
{
	return MyBackendType == B_BG_WORKER && !IsTransactionBlock();
}

static void
wait_for_scheduler(const DynTick *now)
{
	dyn_change_signal_now();
	for (int waited = 0; waited < MOST_WAITING_MS; waited += WAITING_PAUSE_MS)
	{
		DynTick		last = {0};

		CHECK_FOR_INTERRUPTS();
		pg_usleep(WAITING_PAUSE_MS * 1000);
		if (dyn_change_tick_last(PG_INT64_MAX, &last) && covers(&last, now))
			return;
	}
}

/*
 * Makes a tick, unless somebody else makes one meanwhile that sees what now sees.  Polls for the lock instead of
 * waiting: its holder may be waiting for a standby, and a reader must not fail for that.
 */
static void
make_for_reader(const DynTick *now)
{
	for (int waited = 0; waited < MOST_WAITING_MS * 1000; waited += LOCK_POLL_US)
	{
		CHECK_FOR_INTERRUPTS();
		if (lock_ticks())
		{
			DynTick		last = {0};
			DynScope scope;

			if (dyn_change_tick_last(PG_INT64_MAX, &last) && covers(&last, now))
			{
				unlock_ticks();
				return;
			}
			dyn_scope_begin(&scope);
			(void) make_tick();
			dyn_scope_end(&scope);
			return;
		}
		pg_usleep(LOCK_POLL_US);
	}
}

/*
 * Has anything been committed to these lineages that a tick does not see?  Looks into the log itself, so that no lost
 * signal matters and a prepared transaction that has just been committed is found.  last may be no tick at all.
 */
static bool
has_unticked(const DynTick *last, const int64 *lineages, int count)
{
	Oid			range_types[] = {INT8ARRAYOID, XID8OID, XID8OID};
	Oid			list_types[] = {INT8ARRAYOID, get_array_type(XID8OID)};
	uint64		mine = U64FromFullTransactionId(GetTopFullTransactionIdIfAny());
	DynScope scope;
	bool		found = false;

	dyn_scope_begin(&scope);
	/* when the tick was quiet, every change that it does not see has a higher number */
	if (last->tick == 0 || !last->quiet || sequence_value("change_number") != last->high)
	{
		Datum		lineage_array = int64_array(lineages, count, INT8OID);
		Datum		range_values[] = {lineage_array, UInt64GetDatum(last->xmax), UInt64GetDatum(mine)};
		Datum		list_values[] = {lineage_array, 0};

		found = dyn_sql_latest("SELECT FROM dynamo.change_log WHERE lineage = ANY ($1) AND xid >= $2 AND xid <> $3 "
										 "LIMIT 1", 3, range_types, range_values, 1) > 0;
		if (!found && last->in_progress_count > 0)
		{
			uint64	   *others = palloc(last->in_progress_count * sizeof(uint64));
			int			other_count = 0;

			for (int i = 0; i < last->in_progress_count; i++)
				if (last->in_progress[i] != mine)
					others[other_count++] = last->in_progress[i];
			list_values[1] = int64_array((int64 *) others, other_count, XID8OID);
			found = dyn_sql_latest("SELECT FROM dynamo.change_log WHERE lineage = ANY ($1) AND xid = ANY ($2) "
											 "LIMIT 1", 2, list_types, list_values, 1) > 0;
		}
	}
	dyn_scope_end(&scope);
	return found;
}

/* Does a tick see all that a snapshot sees?  False when that is not certain. */
static bool
covers(const DynTick *tick, const DynTick *snapshot)
{
	if (tick->xmax < snapshot->xmax)
		return false;
	for (int i = 0; i < tick->in_progress_count; i++)
		if (dyn_change_tick_sees(snapshot, tick->in_progress[i]))
			return false;
	return true;
}

/* An array of bigint or of a type that looks the same. */
static Datum
int64_array(const int64 *values, int count, Oid type)
{
	Datum	   *elements = palloc(Max(count, 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
		elements[i] = Int64GetDatum(values[i]);
	return PointerGetDatum(construct_array(elements, count, type, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
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
	read_snapshot(tick);
	tick->high = sequence_value("change_number");
	/* read last: every transaction that has drawn a number by now has an id below this one */
	tick->quiet = tick->xmin == U64FromFullTransactionId(ReadNextFullTransactionId());
}

static void
read_snapshot(DynTick *tick)
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
}

/* All ids of a snapshot are among the last two thousand million before next. */
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

/* Reads the sequence without a statement, because every look for new changes reads it.  0: no number was drawn. */
static int64
sequence_value(const char *name)
{
	LOCAL_FCINFO(call, 1);
	Datum		value;

	InitFunctionCallInfoData(*call, NULL, 1, InvalidOid, NULL, NULL);
	call->args[0].value = ObjectIdGetDatum(get_relname_relid(name, get_namespace_oid("dynamo", false)));
	call->args[0].isnull = false;
	value = pg_sequence_last_value(call);
	return call->isnull ? 0 : DatumGetInt64(value);
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

/* Empties a partition.  True when it held something and is empty now.  A reader in a long transaction delays this. */
static bool
trim_slot(int slot, TimestampTz now)
{
	TimestampTz limit = now - OLD_ENOUGH_HOURS * USECS_PER_HOUR;
	Oid			types[] = {TIMESTAMPTZOID};
	Datum		values[] = {TimestampTzGetDatum(limit)};
	bool		is_null;
	Datum		last;

	/* the first row of a log partition is its oldest, apart from vacuumed ones, which do not matter here */
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

/* Polls for the lock instead of waiting, since all readers would queue behind a waiter. */
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
				ereport(LOG, (errhidestmt(true),
							  errmsg("old records of streams are kept for now: somebody is reading dynamo.%s", name)));
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
