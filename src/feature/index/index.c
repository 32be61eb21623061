/*
 * Secondary indexes that come to or go from a table in use.
 *
 * Each step looks at what is there instead of remembering it, so a job may be broken off anywhere.
 */
#include "postgres.h"

#include <signal.h>

#include "catalog/index_ddl.h"
#include "catalog/table_cache.h"
#include "feature/index/index.h"
#include "work/index_fill.h"

static void end_build(const DynTable *table, const DynIndex *index, DynTableStatus status);

DynJobResult
dyn_index_build_step(DynJob *job, char **statement)
{
	const DynTable *table;
	const DynIndex *index;

	if (!dyn_index_fill_may_change(job))
		return DYN_JOB_MORE;
	table = dyn_index_fill_open(job, RowExclusiveLock);
	index = table ? dyn_table_index(table, job->object) : NULL;
	if (index == NULL || index->status != DYN_TABLE_CREATING)
		return DYN_JOB_CANCELLED;
	if (job->cancel_requested)
	{
		end_build(table, index, DYN_TABLE_DELETING);
		(void) dyn_job_add("index_drop", table, index->name);
		return DYN_JOB_CANCELLED;
	}
	if (dyn_index_fill_step(job, table, index, statement))
		return DYN_JOB_MORE;
	end_build(table, index, DYN_TABLE_ACTIVE);
	ereport(LOG, (errhidestmt(true), errmsg("index \"%s\" of table \"%s\" is active, " INT64_FORMAT " items looked at",
											index->name, table->name, job->rows_done)));
	return DYN_JOB_DONE;
}

DynJobResult
dyn_index_drop_step(DynJob *job, char **statement)
{
	const DynTable *table;
	const DynIndex *index;

	dyn_index_fill_be_brief();
	job->phase = "dropping";
	/* a build that was told to end before its statement had begun did not notice, so it is told again */
	if (job->attempts > 1)
		(void) dyn_job_interrupt(job->table_id, SIGINT);
	table = dyn_index_fill_open(job, AccessExclusiveLock);
	index = table ? dyn_table_index(table, job->object) : NULL;
	if (index == NULL || index->status != DYN_TABLE_DELETING)
		return DYN_JOB_CANCELLED;
	dyn_index_ddl_remove(table, index);
	ereport(LOG, (errhidestmt(true), errmsg("index \"%s\" of table \"%s\" is dropped", job->object, job->table_name)));
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
	dyn_table_cache_update(table, &changed);
}
