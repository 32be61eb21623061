/*
 * Deletes expired items, batch by batch.
 *
 * A tick does one batch of one table, so that no transaction holds locks for long; the next tick goes on with the next
 * table.  A table that fails, because a trigger of its owner's does, stops neither the others nor itself for good.  Nor
 * does one that is locked, or so slow that the scheduler breaks the tick off: the next batches are smaller.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "base/clock.h"
#include "base/limits.h"
#include "catalog/table_cache.h"
#include "db/nested_call.h"
#include "feature/ttl/ttl.h"
#include "store/row_expire.h"

#define LARGEST_BATCH 1000
#define LOCK_TIMEOUT "100ms"

typedef struct Batch
{
	const char *name;
	int			limit;
	int			deleted;
} Batch;

/* The last table that had its turn, and whether any since the first had more to do. */
static char last_name[DYN_MAX_TABLE_NAME + 1] = "";
static bool more = false;

/* Of the next batch; a batch that is broken off leaves in_batch behind. */
static int	batch_limit = LARGEST_BATCH;
static bool in_batch = false;

static void expire(void *arg);

bool
dyn_ttl_expire_step(void)
{
	Batch		batch = {.name = dyn_ttl_next(last_name)};
	ErrorData  *error;
	bool		again;

	if (batch.name == NULL)
	{
		again = more;
		last_name[0] = '\0';
		more = false;
		return again;
	}
	strlcpy(last_name, batch.name, sizeof(last_name));
	batch_limit = in_batch ? Max(batch_limit / 8, 1) : Min(batch_limit * 2, LARGEST_BATCH);
	batch.limit = batch_limit;
	in_batch = true;
	error = dyn_nested_call_run(expire, &batch);
	in_batch = false;
	if (error != NULL)
		ereport(error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ? DEBUG1 : WARNING,
				(errcode(error->sqlerrcode),
				 errmsg("could not delete the expired items of table \"%s\": %s", batch.name, error->message)));
	else if (batch.deleted == batch.limit)
		more = true;
	return true;
}

static void
expire(void *arg)
{
	Batch	   *batch = arg;
	const DynTable *table;

	/* all streams' ticks wait meanwhile */
	(void) set_config_option("lock_timeout", LOCK_TIMEOUT, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
	table = dyn_table_cache_find(batch->name, RowExclusiveLock);
	if (table != NULL && table->ttl_ready && table->ttl_attribute.data != NULL)
		batch->deleted = dyn_row_expire_batch(table, dyn_clock_epoch_seconds(), batch->limit);
}
