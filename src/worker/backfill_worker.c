/*
 * Builds and drops indexes of tables in use, step by step.
 *
 *   fill     the derived columns of all rows, one batch after the other in the order of the table's key
 *   index    CREATE INDEX CONCURRENTLY; what an earlier attempt left behind is dropped first
 *   activate the catalogue says that the index may be read
 *
 * Each step looks at what is there instead of remembering it, so a job may be broken off anywhere.
 */
#include "postgres.h"

#include <signal.h>

#include "storage/lmgr.h"
#include "utils/guc.h"

#include "meta/index_ddl.h"
#include "meta/table_ddl.h"
#include "meta/ttl_meta.h"
#include "store/row_refill.h"
#include "worker/backfill_worker.h"
#include "worker/worker_loop.h"

#define LARGEST_BATCH 1000
#define DDL_LOCK_TIMEOUT "100ms"
#define LOG_INTERVAL_MS 10000
#define TURN_PAUSE_US 10000

static const DynTable *open_table(const DynQueuedJob *job, LOCKMODE lockmode);
static bool may_change_table(const DynQueuedJob *job);
static bool fill(DynQueuedJob *job, const DynTable *table);
static void end_build(const DynTable *table, const DynIndex *index, DynTableStatus status);
static bool make_index(DynQueuedJob *job, const DynTable *table, const DynIndex *index, char **statement);
static char *index_of(const DynQueuedJob *job);
static void log_progress(const DynQueuedJob *job);
static void set_option(const char *name, const char *value);

DynJobResult
dyn_backfill_worker_build(DynQueuedJob *job, char **statement)
{
	const DynTable *table;
	const DynIndex *index;

	if (!may_change_table(job))
		return DYN_JOB_MORE;
	table = open_table(job, RowExclusiveLock);
	index = table ? dyn_table_meta_index(table, job->object) : NULL;
	if (index == NULL || index->status != DYN_TABLE_CREATING)
		return DYN_JOB_CANCELLED;
	if (job->cancel_requested)
	{
		end_build(table, index, DYN_TABLE_DELETING);
		(void) dyn_job_add("index_drop", table, index->name);
		return DYN_JOB_CANCELLED;
	}
	if (fill(job, table) || make_index(job, table, index, statement))
		return DYN_JOB_MORE;
	end_build(table, index, DYN_TABLE_ACTIVE);
	ereport(LOG,
			(errhidestmt(true),
			 errmsg("index \"%s\" of table \"%s\" is active, " INT64_FORMAT " items looked at", index->name, table->name, job->rows_done)));
	return DYN_JOB_DONE;
}

static void
end_build(const DynTable *table, const DynIndex *index, DynTableStatus status)
{
	DynTable	changed = *table;

	changed.indexes = palloc(table->index_count * sizeof(DynIndex));
	memcpy(changed.indexes, table->indexes, table->index_count * sizeof(DynIndex));
	changed.indexes[index - table->indexes].status = status;
	changed.indexes[index - table->indexes].backfilling = false;
	dyn_table_meta_update(table, &changed);
}

DynJobResult
dyn_backfill_worker_drop(DynQueuedJob *job, char **statement)
{
	const DynTable *table;
	const DynIndex *index;

	/* who waits for this lock makes others wait; rather try again */
	set_option("lock_timeout", DDL_LOCK_TIMEOUT);
	job->phase = "dropping";
	/* a build that was told to end before it had begun its statement has not noticed */
	if (job->attempts > 1)
		(void) dyn_job_interrupt(job->table_id, SIGINT);
	table = open_table(job, AccessExclusiveLock);
	index = table ? dyn_table_meta_index(table, job->object) : NULL;
	if (index == NULL || index->status != DYN_TABLE_DELETING)
		return DYN_JOB_CANCELLED;
	dyn_index_ddl_remove(table, index);
	ereport(LOG, (errhidestmt(true), errmsg("index \"%s\" of table \"%s\" is dropped", job->object, job->table_name)));
	return DYN_JOB_DONE;
}

DynJobResult
dyn_backfill_worker_ttl(DynQueuedJob *job, char **statement)
{
	const DynTable *table;

	if (!may_change_table(job))
		return DYN_JOB_MORE;
	table = open_table(job, RowExclusiveLock);
	if (table == NULL || table->ttl_attribute.data == NULL || table->ttl_ready)
		return DYN_JOB_CANCELLED;
	if (job->cancel_requested)
	{
		set_option("lock_timeout", DDL_LOCK_TIMEOUT);
		table = open_table(job, AccessExclusiveLock);
		if (table != NULL && table->ttl_attribute.data != NULL)
			dyn_ttl_meta_disable(table, table->ttl_changed);
		return DYN_JOB_CANCELLED;
	}
	if (fill(job, table) || make_index(job, table, NULL, statement))
		return DYN_JOB_MORE;
	dyn_ttl_meta_set_ready(table);
	ereport(LOG, (errhidestmt(true), errmsg("table \"%s\" expires items, " INT64_FORMAT " items looked at", table->name, job->rows_done)));
	return DYN_JOB_DONE;
}

/*
 * A table's definition is read, changed and written as a whole, so a step that may do that must be alone with it, as
 * UpdateTable and UpdateTimeToLive are.  They may be waiting for this job: so it does not wait for them, but comes again.
 */
static bool
may_change_table(const DynQueuedJob *job)
{
	bool		fills = strcmp(job->phase, "waiting") == 0 || strcmp(job->phase, "fill") == 0;

	if ((fills && !job->cancel_requested) || dyn_table_ddl_try_lock_name(job->table_name))
		return true;
	pg_usleep(TURN_PAUSE_US);
	return false;
}

/* NULL when it is gone, even if there is another one of its name. */
static const DynTable *
open_table(const DynQueuedJob *job, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_meta_find(job->table_name, lockmode);

	return table != NULL && table->id == job->table_id ? table : NULL;
}

/* One batch; false when all rows are done. */
static bool
fill(DynQueuedJob *job, const DynTable *table)
{
	char	   *place[DYN_JOB_MAX_PLACE];
	/* a place that is no key of this table cannot be ours; then all rows are done once more */
	int			place_count = job->place_count == dyn_key_part_count(&table->keys) ? job->place_count : 0;
	int			rows;
	int			skipped;

	if (strcmp(job->phase, "waiting") == 0)
	{
		int64		bytes;

		dyn_table_meta_count(table, NULL, &job->rows_total, &bytes);
		job->phase = "fill";
		ereport(LOG, (errhidestmt(true), errmsg("%s: looking at " INT64_FORMAT " items", index_of(job), job->rows_total)));
	}
	else if (strcmp(job->phase, "fill") != 0)
		return false;

	set_option("synchronous_commit", "off");
	for (int i = 0; i < place_count; i++)
		place[i] = job->place[i];
	rows = dyn_row_refill_batch(table, place, &place_count, job->batch, job->batch == 1, &skipped);
	if (rows == 0)
	{
		job->phase = "index";
		job->rows_total = job->rows_done;
		ereport(LOG, (errhidestmt(true), errmsg("%s: the columns of " INT64_FORMAT " items are filled", index_of(job), job->rows_done)));
		return true;
	}
	if (skipped > 0 && job->batch > 1)
	{
		/* once more, in smaller pieces, until the row that somebody holds is alone */
		job->batch = Max(job->batch / 8, 1);
		return true;
	}
	job->batch = Min(job->batch * 2, LARGEST_BATCH);
	job->rows_done += rows;
	job->rows_total = Max(job->rows_total, job->rows_done);
	job->place_count = place_count;
	memcpy(job->place, place, sizeof(place));
	log_progress(job);
	return true;
}

/* What the log calls it. */
static char *
index_of(const DynQueuedJob *job)
{
	if (strcmp(job->kind, "ttl_build") == 0)
		return psprintf("TimeToLive of table \"%s\"", job->table_name);
	return psprintf("index \"%s\" of table \"%s\"", job->object, job->table_name);
}

static void
log_progress(const DynQueuedJob *job)
{
	static int64 next_log = 0;
	int64		now = dyn_worker_loop_clock();

	if (next_log != 0 && now >= next_log)
		ereport(LOG, (errhidestmt(true), errmsg("%s: " INT64_FORMAT " of " INT64_FORMAT " items", index_of(job), job->rows_done, job->rows_total)));
	if (now >= next_log)
		next_log = now + LOG_INTERVAL_MS;
}

/* True when there is a statement to run, false when the index is there. */
static bool
make_index(DynQueuedJob *job, const DynTable *table, const DynIndex *index, char **statement)
{
	bool		concurrently = statement != NULL;
	DynIndexState state = dyn_index_ddl_state(table, index);
	char	   *sql;

	if (state == DYN_INDEX_VALID)
		return false;
	sql = state == DYN_INDEX_INVALID ? dyn_index_ddl_drop_text(table, index, concurrently) :
		dyn_index_ddl_create_text(table, index, concurrently);
	if (concurrently)
		*statement = sql;
	else
		dyn_index_ddl_run(sql);
	return true;
}

static void
set_option(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}
