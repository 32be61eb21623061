/*
 * The queue of long work.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/compat.h"
#include "base/lock_space.h"
#include "base/shmem.h"
#include "db/sql.h"
#include "db/scope.h"
#include "work/job.h"

#define STOP_POLLS 400
#define STOP_PAUSE_US 5000
#define FIRST_PAUSE_MS 200
#define LONGEST_PAUSE_MS (30 * 60 * 1000)

static bool wake_at_commit = false;

static void make_tag(LOCKTAG *tag, int64 id);
static int64 count_attempt(int64 id, const char *error);
static char *text_value(HeapTuple row, int column, MemoryContext context);
static int64 integer_value(int column);
static void wake_later(void);
static void transaction_ended(XactEvent event, void *arg);

int64
dyn_job_add(const char *kind, const DynTable *table, const char *object)
{
	Oid			types[4] = {TEXTOID, INT8OID, TEXTOID, TEXTOID};
	Datum		values[4] = {CStringGetTextDatum(kind), Int64GetDatum(table->id), CStringGetTextDatum(table->name),
		object ? CStringGetTextDatum(object) : (Datum) 0};
	DynScope scope;
	int64		id;

	dyn_scope_begin(&scope);
	dyn_sql_run("INSERT INTO dynamo.job_queue (kind, table_id, table_name, object) VALUES ($1, $2, $3, $4) RETURNING id",
		4, types, values, object ? "    " : "   n", SPI_OK_INSERT_RETURNING);
	id = integer_value(1);
	/* deletes the rows of jobs that ended long ago */
	dyn_sql_run("DELETE FROM dynamo.job_queue WHERE ended < pg_catalog.now() - pg_catalog.make_interval(days => 7)", 0,
				NULL, NULL, NULL, SPI_OK_DELETE);
	dyn_scope_end(&scope);
	wake_later();
	return id;
}

bool
dyn_job_lock(int64 id, bool session)
{
	LOCKTAG		tag;

	make_tag(&tag, id);
	/* a session's lock stays until it is given back, so it is taken only once */
	if (session && DYN_LOCK_HELD_BY_ME(&tag, ExclusiveLock))
		return true;
	return LockAcquire(&tag, ExclusiveLock, session, true) != LOCKACQUIRE_NOT_AVAIL;
}

bool
dyn_job_is_free(int64 id)
{
	LOCKTAG		tag;

	if (!dyn_job_lock(id, true))
		return false;
	make_tag(&tag, id);
	(void) LockRelease(&tag, ExclusiveLock, true);
	return true;
}

static void
make_tag(LOCKTAG *tag, int64 id)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, get_relname_relid("job_queue", get_namespace_oid("dynamo", false)),
						 (uint32) id, DYN_LOCK_SPACE_JOB);
}

DynJob *
dyn_job_load(int64 id)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(id);
	MemoryContext caller = CurrentMemoryContext;
	DynJob	   *job = NULL;
	DynScope scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_run(
			"SELECT id, kind, table_id, table_name, object, cancel_requested, attempts, phase, rows_done, rows_total, "
			"batch, place FROM dynamo.job_queue WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') FOR NO KEY UPDATE",
			1, &type, &value, NULL, SPI_OK_SELECT) > 0)
	{
		HeapTuple	row = SPI_tuptable->vals[0];
		bool		is_null;
		Datum		place;

		job = MemoryContextAllocZero(caller, sizeof(DynJob));
		job->id = id;
		job->kind = text_value(row, 2, caller);
		job->table_id = integer_value(3);
		job->table_name = text_value(row, 4, caller);
		job->object = text_value(row, 5, caller);
		job->cancel_requested = DatumGetBool(SPI_getbinval(row, SPI_tuptable->tupdesc, 6, &is_null));
		job->attempts = DatumGetInt32(SPI_getbinval(row, SPI_tuptable->tupdesc, 7, &is_null));
		job->phase = text_value(row, 8, caller);
		job->rows_done = integer_value(9);
		job->rows_total = integer_value(10);
		job->batch = DatumGetInt32(SPI_getbinval(row, SPI_tuptable->tupdesc, 11, &is_null));
		place = SPI_getbinval(row, SPI_tuptable->tupdesc, 12, &is_null);
		if (!is_null)
		{
			Datum	   *parts;

			deconstruct_array(DatumGetArrayTypeP(place), TEXTOID, -1, false, TYPALIGN_INT, &parts, NULL, &job->place_count);
			if (job->place_count > DYN_JOB_MAX_PLACE)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_CORRUPTED),
						 errmsg("the place of job " INT64_FORMAT " has %d keys", id, job->place_count)));
			for (int i = 0; i < job->place_count; i++)
				job->place[i] = MemoryContextStrdup(caller, TextDatumGetCString(parts[i]));
		}
	}
	dyn_scope_end(&scope);
	return job;
}

void
dyn_job_begin(int64 id)
{
	DynScope scope;

	dyn_scope_begin(&scope);
	(void) count_attempt(id, NULL);
	dyn_scope_end(&scope);
}

void
dyn_job_save(const DynJob *job, double seconds, bool pending)
{
	Oid			types[8] = {INT8OID, TEXTOID, INT8OID, INT8OID, INT4OID, TEXTARRAYOID, FLOAT8OID, BOOLOID};
	Datum		place[DYN_JOB_MAX_PLACE];
	Datum		values[8];
	DynScope scope;

	dyn_scope_begin(&scope);
	for (int i = 0; i < job->place_count; i++)
		place[i] = CStringGetTextDatum(job->place[i]);
	values[0] = Int64GetDatum(job->id);
	values[1] = CStringGetTextDatum(job->phase);
	values[2] = Int64GetDatum(job->rows_done);
	values[3] = Int64GetDatum(job->rows_total);
	values[4] = Int32GetDatum(job->batch);
	values[5] = job->place_count > 0 ?
		PointerGetDatum(construct_array(place, job->place_count, TEXTOID, -1, false, TYPALIGN_INT)) : (Datum) 0;
	values[6] = Float8GetDatum(seconds);
	values[7] = BoolGetDatum(pending);
	dyn_sql_run(
		"UPDATE dynamo.job_queue SET phase = $2, rows_done = $3, rows_total = $4, batch = $5, place = $6, "
		"seconds = seconds + $7, state = 'RUNNING', attempts = CASE WHEN $8 THEN attempts ELSE 0 END, "
		"error = CASE WHEN $8 THEN error END, started = COALESCE(started, pg_catalog.clock_timestamp()), "
		"next_attempt = pg_catalog.clock_timestamp() WHERE id = $1",
		8, types, values, job->place_count > 0 ? "        " : "     n  ", SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

void
dyn_job_end(const DynJob *job, const char *state)
{
	Oid			types[2] = {INT8OID, TEXTOID};
	Datum		values[2] = {Int64GetDatum(job->id), CStringGetTextDatum(state)};
	DynScope scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.job_queue SET state = $2, phase = 'ended', ended = pg_catalog.clock_timestamp(), "
		"started = COALESCE(started, pg_catalog.clock_timestamp()) WHERE id = $1", 2, types, values, NULL, SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

long
dyn_job_failed(int64 id, const char *error)
{
	long		pause;
	DynScope scope;

	dyn_scope_begin(&scope);
	pause = count_attempt(id, error);
	dyn_scope_end(&scope);
	return pause;
}

/* Counts an attempt; error NULL: it has not failed yet.  Returns the milliseconds until the next attempt. */
static int64
count_attempt(int64 id, const char *error)
{
	Oid			types[3] = {INT8OID, INT8OID, TEXTOID};
	Datum		values[3] = {Int64GetDatum(id), (Datum) 0, error ? CStringGetTextDatum(error) : (Datum) 0};
	int64		pause = FIRST_PAUSE_MS;

	if (dyn_sql_run("SELECT attempts FROM dynamo.job_queue WHERE id = $1 FOR NO KEY UPDATE", 1, types, values, NULL,
					SPI_OK_SELECT) > 0)
	{
		bool		is_null;
		int			attempts = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));

		pause = Min(LONGEST_PAUSE_MS, (int64) FIRST_PAUSE_MS << Min(Max(attempts, 0), 14));
	}
	values[1] = Int64GetDatum(pause);
	/*
	 * a process that ended in the middle of a step wrote nothing; a smaller batch may succeed, whatever the reason was
	 */
	dyn_sql_run("UPDATE dynamo.job_queue SET attempts = attempts + 1, "
		"error = COALESCE($3, error, CASE WHEN attempts > 0 THEN 'the process ended in the middle of a step' END), "
		"batch = CASE WHEN attempts > 0 THEN GREATEST(batch / 8, 1) ELSE batch END, "
		"next_attempt = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => $2 / 1000.0) "
		"WHERE id = $1 AND state IN ('QUEUED', 'RUNNING')", 3, types, values, error ? "   " : "  n", SPI_OK_UPDATE);
	return pause;
}

int
dyn_job_due(DynJobTicket *due, int limit, long *pause)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(limit);
	int			count = 0;
	DynScope scope;

	dyn_scope_begin(&scope);
	dyn_sql_run(
		"SELECT id, GREATEST(0, EXTRACT(epoch FROM next_attempt - pg_catalog.clock_timestamp()) * 1000)::pg_catalog.int8, "
		"COALESCE(table_id, 0) FROM dynamo.job_queue WHERE state IN ('QUEUED', 'RUNNING') ORDER BY next_attempt LIMIT $1",
		1, &type, &value, NULL, SPI_OK_SELECT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		is_null;
		int64		left = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &is_null));

		/* a time further away than any pause means that the clock has been set back */
		if (left > 0 && left <= LONGEST_PAUSE_MS)
			*pause = Min(*pause, (long) left);
		else
		{
			due[count].id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &is_null));
			due[count++].table_id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3, &is_null));
		}
	}
	dyn_scope_end(&scope);
	return count;
}

bool
dyn_job_cancel(int64 id)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(id);
	bool		found;
	DynScope scope;

	dyn_scope_begin(&scope);
	found = dyn_sql_run("UPDATE dynamo.job_queue SET cancel_requested = true, next_attempt = pg_catalog.clock_timestamp() "
				"WHERE id = $1 AND state IN ('QUEUED', 'RUNNING')", 1, &type, &value, NULL, SPI_OK_UPDATE) > 0;
	dyn_scope_end(&scope);
	wake_later();
	return found;
}

char *
dyn_job_table_name(int64 id)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(id);

	return dyn_scope_look_up("SELECT table_name FROM dynamo.job_queue WHERE id = $1", 1, &type, &value);
}

void
dyn_job_abandon(const DynTable *table, const char *kind, const char *object)
{
	Oid			types[3] = {INT8OID, TEXTOID, TEXTOID};
	Datum		values[3] = {Int64GetDatum(table->id), CStringGetTextDatum(kind),
					   object ? CStringGetTextDatum(object) : (Datum) 0};
	DynScope scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.job_queue SET cancel_requested = true, state = 'CANCELLED', phase = 'ended', "
		"ended = pg_catalog.clock_timestamp() WHERE table_id = $1 AND kind = $2 "
		"AND ($3 IS NULL OR object = $3) AND state IN ('QUEUED', 'RUNNING')",
		3, types, values, object ? "   " : "  n", SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

void
dyn_job_rename(int64 table_id, const char *new_name)
{
	Oid			types[2] = {INT8OID, TEXTOID};
	Datum		values[2] = {Int64GetDatum(table_id), CStringGetTextDatum(new_name)};
	DynScope scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.job_queue SET table_name = $2 WHERE table_id = $1", 2, types, values, NULL, SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

void
dyn_job_stop(int64 table_id)
{
	for (int i = 0; i < STOP_POLLS && dyn_job_interrupt(table_id, SIGTERM) > 0; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pg_usleep(STOP_PAUSE_US);
	}
}

/*
 * The lock shows which process works on a job, even on one that has just been ended.  Sessions that run a step in
 * their own transaction are left alone.
 */
int
dyn_job_interrupt(int64 table_id, int signal)
{
	int			count = 0;
	Oid			types[2] = {INT8OID, INT4OID};
	Datum		values[2] = {Int64GetDatum(table_id), Int32GetDatum(DYN_LOCK_SPACE_JOB)};
	DynScope scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("SELECT a.pid FROM dynamo.job_queue j JOIN pg_catalog.pg_locks l ON l.locktype = 'advisory' AND l.granted "
		"AND l.classid = 'dynamo.job_queue'::pg_catalog.regclass AND l.objid::pg_catalog.int8 = j.id AND l.objsubid = $2 "
		"AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) "
		"JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid AND a.backend_type = '" DYN_JOB_PROCESS "' "
		"WHERE j.table_id = $1", 2, types, values, NULL, SPI_OK_SELECT);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		is_null;
		int			pid = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &is_null));

		if (pid != MyProcPid && pid > 0 && kill(pid, signal) == 0)
			count++;
	}
	dyn_scope_end(&scope);
	return count;
}

static char *
text_value(HeapTuple row, int column, MemoryContext context)
{
	char	   *value = SPI_getvalue(row, SPI_tuptable->tupdesc, column);

	return value ? MemoryContextStrdup(context, value) : NULL;
}

static int64
integer_value(int column)
{
	bool		is_null;

	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &is_null));
}

/* Wakes the scheduler once this transaction has committed. */
static void
wake_later(void)
{
	static bool registered = false;

	if (!registered)
		RegisterXactCallback(transaction_ended, NULL);
	registered = true;
	wake_at_commit = true;
}

static void
transaction_ended(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT && wake_at_commit && dyn_shmem != NULL)
	{
		pg_atomic_fetch_add_u32(&dyn_shmem->job_generation, 1);
		dyn_shmem_wake(&dyn_shmem->scheduler_procno);
	}
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		wake_at_commit = false;
}
