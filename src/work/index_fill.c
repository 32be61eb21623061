/*
 * Fills the columns of an index of a table in use, and builds the index, step by step.
 *
 *   fill     the derived columns of all rows, one batch after the other in the order of the table's key
 *   index    CREATE INDEX CONCURRENTLY; what an earlier attempt left behind is dropped first
 *   activate the catalogue says that the index may be read
 *
 * Each step looks at what is there instead of remembering it, so a job may be broken off anywhere.
 */
#include "postgres.h"

#include "storage/lmgr.h"
#include "utils/guc.h"

#include "base/clock.h"
#include "catalog/index_ddl.h"
#include "catalog/table_ddl.h"
#include "catalog/table_size.h"
#include "store/row_refill.h"
#include "work/index_fill.h"

#define LARGEST_BATCH 1000
#define DDL_LOCK_TIMEOUT "100ms"
#define LOG_INTERVAL_MS 10000
#define TURN_PAUSE_US 10000

static bool fill(DynJob *job, const DynTable *table);
static bool make_index(DynJob *job, const DynTable *table, const DynIndex *index, char **statement);
static char *index_of(const DynJob *job);
static void log_progress(const DynJob *job);
static void set_option(const char *name, const char *value);

bool
dyn_index_fill_step(DynJob *job, const DynTable *table, const DynIndex *index, char **statement)
{
	return fill(job, table) || make_index(job, table, index, statement);
}

void
dyn_index_fill_be_brief(void)
{
	set_option("lock_timeout", DDL_LOCK_TIMEOUT);
}

bool
dyn_index_fill_may_change(const DynJob *job)
{
	bool		fills = strcmp(job->phase, "waiting") == 0 || strcmp(job->phase, "fill") == 0;

	if ((fills && !job->cancel_requested) || dyn_table_ddl_try_lock_name(job->table_name))
		return true;
	pg_usleep(TURN_PAUSE_US);
	return false;
}

const DynTable *
dyn_index_fill_open(const DynJob *job, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_cache_find(job->table_name, lockmode);

	return table != NULL && table->id == job->table_id ? table : NULL;
}

/* One batch; false when all rows are done. */
static bool
fill(DynJob *job, const DynTable *table)
{
	char	   *place[DYN_JOB_MAX_PLACE];
	/* a place that is no key of this table was not left by this job; then all rows are done from the start */
	int			place_count = job->place_count == dyn_key_part_count(&table->keys) ? job->place_count : 0;
	int			rows;
	int			skipped;

	if (strcmp(job->phase, "waiting") == 0)
	{
		int64		bytes;

		dyn_table_size_count(table, NULL, &job->rows_total, &bytes);
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
		ereport(LOG, (errhidestmt(true),
					  errmsg("%s: the columns of " INT64_FORMAT " items are filled", index_of(job), job->rows_done)));
		return true;
	}
	if (skipped > 0 && job->batch > 1)
	{
		/* repeat with a smaller batch, down to the one row that somebody holds */
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

/* The index's name in the log. */
static char *
index_of(const DynJob *job)
{
	if (strcmp(job->kind, "ttl_build") == 0)
		return psprintf("TimeToLive of table \"%s\"", job->table_name);
	return psprintf("index \"%s\" of table \"%s\"", job->object, job->table_name);
}

static void
log_progress(const DynJob *job)
{
	static int64 next_log = 0;
	int64		now = dyn_clock_steady_ms();

	if (next_log != 0 && now >= next_log)
		ereport(LOG, (errhidestmt(true), errmsg("%s: " INT64_FORMAT " of " INT64_FORMAT " items", index_of(job),
												job->rows_done, job->rows_total)));
	if (now >= next_log)
		next_log = now + LOG_INTERVAL_MS;
}

/* True when there is a statement to run, false when the index is there. */
static bool
make_index(DynJob *job, const DynTable *table, const DynIndex *index, char **statement)
{
	bool		concurrently = statement != NULL;
	DynIndexState state = dyn_index_method_state(table, index);
	char	   *sql;

	if (state == DYN_INDEX_VALID)
		return false;
	sql = state == DYN_INDEX_INVALID ? dyn_index_method_drop_text(table, index, concurrently) :
		dyn_index_method_create_text(table, index, concurrently);
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
