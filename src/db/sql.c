/*
 * Running SQL, with plans that are kept by their text.
 *
 * A kept plan belongs to the process.  PostgreSQL checks at each use that the plan is still valid, and makes it anew
 * when a table or the search path has changed.  So the extension may be dropped and created again meanwhile.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "db/sql.h"

/* More texts than the source has.  The limit matters only if some code wrongly keeps plans of texts that it builds. */
#define MOST_PLANS 512

typedef struct KeptPlan
{
	uint64		hash;			/* key: the hash of the text */
	char	   *sql;
	SPIPlanPtr	plan;
} KeptPlan;

static HTAB *kept_plans = NULL;

static SPIPlanPtr find_plan(const char *sql, int count, Oid *types);
static SPIPlanPtr prepare(const char *sql, int count, Oid *types);
static void check_result(const char *sql, int result, int expected);

uint64
dyn_sql_run(const char *sql, int count, Oid *types, Datum *values, const char *nulls, int expected)
{
	check_result(sql, SPI_execute_plan(find_plan(sql, count, types), values, nulls, false, 0), expected);
	return SPI_processed;
}

uint64
dyn_sql_run_once(const char *sql, int count, Oid *types, Datum *values, const char *nulls, int expected)
{
	check_result(sql, SPI_execute_with_args(sql, count, types, values, nulls, false, 0), expected);
	return SPI_processed;
}

uint64
dyn_sql_latest(const char *sql, int count, Oid *types, Datum *values, long limit)
{
	SPIPlanPtr	plan = find_plan(sql, count, types);
	Snapshot	snapshot;
	int			result;

	CommandCounterIncrement();
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	PushActiveSnapshot(snapshot);
	result = SPI_execute_snapshot(plan, values, NULL, snapshot, InvalidSnapshot, true, false, limit);
	PopActiveSnapshot();
	UnregisterSnapshot(snapshot);
	check_result(sql, result, SPI_OK_SELECT);
	return SPI_processed;
}

void
dyn_sql_walk_latest(const char *sql, int count, Oid *types, Datum *values, DestReceiver *dest)
{
	SPIPlanPtr	plan = find_plan(sql, count, types);
	ParamListInfo params = makeParamList(count);
	/* SPI runs what it calls read-only with the active snapshot */
	SPIExecuteOptions options = {.params = params, .read_only = true, .dest = dest};
	int			result;

	for (int i = 0; i < count; i++)
		params->params[i] = (ParamExternData) {.value = values[i], .pflags = PARAM_FLAG_CONST, .ptype = types[i]};
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	result = SPI_execute_plan_extended(plan, &options);
	PopActiveSnapshot();
	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
	pfree(params);
}

void
dyn_sql_utility(const char *sql)
{
	check_result(sql, SPI_execute(sql, false, 0), SPI_OK_UTILITY);
}

/* Returns a kept plan, or one that is freed with SPI's level. */
static SPIPlanPtr
find_plan(const char *sql, int count, Oid *types)
{
	uint64		hash = hash_bytes_extended((const unsigned char *) sql, strlen(sql), count);
	KeptPlan   *kept;
	SPIPlanPtr	plan;
	char	   *copy;

	if (kept_plans == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(uint64), .entrysize = sizeof(KeptPlan), .hcxt = TopMemoryContext};

		kept_plans = hash_create("dynamo plans", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	kept = hash_search(kept_plans, &hash, HASH_FIND, NULL);
	if (kept != NULL && strcmp(kept->sql, sql) == 0)
		return kept->plan;
	plan = prepare(sql, count, types);
	if (kept != NULL || hash_get_num_entries(kept_plans) >= MOST_PLANS)
		return plan;
	/* the entry comes last, so that an error before it leaves no entry without a plan */
	copy = MemoryContextStrdup(TopMemoryContext, sql);
	SPI_keepplan(plan);
	kept = hash_search(kept_plans, &hash, HASH_ENTER, NULL);
	kept->sql = copy;
	kept->plan = plan;
	return plan;
}

static SPIPlanPtr
prepare(const char *sql, int count, Oid *types)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, count, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	return plan;
}

static void
check_result(const char *sql, int result, int expected)
{
	if (result != expected)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
}
