/*
 * Deletes expired items, batch by batch.
 *
 * A step does one batch of one table, so that no transaction holds locks for long; the next step goes on with the next
 * table.  When a table fails, say because its owner's trigger raises an error, the other tables go on, and the table
 * is tried again.  When a table is so slow that the scheduler breaks the step off, the next batches are smaller, and
 * the table waits, longer each time, while the others have their turns.  A table whose owner's code ended the
 * scheduler waits in the same way.  A table that is locked is passed over until its next turn.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/guc.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/shmem.h"
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

/* The last table that had its turn, and whether any table of this round had more to do. */
static char last_name[DYN_MAX_TABLE_NAME + 1] = "";
static bool more = false;

/* The size of the next batch.  A batch that is broken off leaves the table in hand. */
static int	batch_limit = LARGEST_BATCH;

/* A session that calls the step makes no table wait; it only makes smaller batches. */
static DynSetbacks session_setbacks;

static DynSetbacks *setbacks_of_process(void);
static const char *next_table(const DynSetbacks *setbacks);
static void expire(void *arg);

bool
dyn_ttl_expire_step(void)
{
	DynSetbacks *setbacks = setbacks_of_process();
	bool		broken_off = dyn_setback_settle(setbacks, dyn_clock_steady_ms());
	Batch		batch = {.name = next_table(setbacks)};
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
	batch_limit = broken_off ? Max(batch_limit / 8, 1) : Min(batch_limit * 2, LARGEST_BATCH);
	batch.limit = batch_limit;
	dyn_setback_take(setbacks, batch.name);
	error = dyn_nested_call_run(expire, &batch);
	dyn_setback_put_down(setbacks);
	if (error != NULL)
		ereport(error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ? DEBUG1 : WARNING,
				(errcode(error->sqlerrcode),
				 errmsg("could not delete the expired items of table \"%s\": %s", batch.name, error->message)));
	else if (batch.deleted == batch.limit)
		more = true;
	return true;
}

static DynSetbacks *
setbacks_of_process(void)
{
	if (dyn_shmem != NULL && pg_atomic_read_u32(&dyn_shmem->scheduler_pid) == (uint32) MyProcPid)
		return &dyn_shmem->setbacks;
	return &session_setbacks;
}

/* The table whose turn comes next; NULL behind the last one. */
static const char *
next_table(const DynSetbacks *setbacks)
{
	int64		now = dyn_clock_steady_ms();
	const char *name = dyn_ttl_next(last_name);

	while (name != NULL && setbacks != &session_setbacks && dyn_setback_waits(setbacks, name, now))
		name = dyn_ttl_next(name);
	return name;
}

static void
expire(void *arg)
{
	Batch	   *batch = arg;
	const DynTable *table;

	/* short, because the ticks of all streams wait meanwhile */
	(void) set_config_option("lock_timeout", LOCK_TIMEOUT, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
	table = dyn_table_cache_find(batch->name, RowExclusiveLock);
	if (table != NULL && table->ttl_ready && table->ttl_attribute.data != NULL)
		batch->deleted = dyn_row_expire_batch(table, dyn_clock_epoch_seconds(), batch->limit);
}
