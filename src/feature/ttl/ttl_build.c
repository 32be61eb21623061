/*
 * Makes TimeToLive ready: fills its column, and builds the index by which expired items are found.
 */
#include "postgres.h"

#include "catalog/table_cache.h"
#include "feature/ttl/ttl.h"
#include "work/index_fill.h"

DynJobResult
dyn_ttl_build_step(DynJob *job, char **statement)
{
	const DynTable *table;

	if (!dyn_index_fill_may_change(job))
		return DYN_JOB_MORE;
	table = dyn_index_fill_open(job, RowExclusiveLock);
	if (table == NULL || table->ttl_attribute.data == NULL || table->ttl_ready)
		return DYN_JOB_CANCELLED;
	if (job->cancel_requested)
	{
		dyn_index_fill_be_brief();
		table = dyn_index_fill_open(job, AccessExclusiveLock);
		if (table != NULL && table->ttl_attribute.data != NULL)
			dyn_ttl_disable(table, table->ttl_changed);
		return DYN_JOB_CANCELLED;
	}
	if (dyn_index_fill_step(job, table, NULL, statement))
		return DYN_JOB_MORE;
	dyn_ttl_set_ready(table);
	ereport(LOG, (errhidestmt(true),
				  errmsg("table \"%s\" expires items, " INT64_FORMAT " items looked at", table->name, job->rows_done)));
	return DYN_JOB_DONE;
}
