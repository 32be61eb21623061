/*
 * Prepared statements on item tables, kept per table.
 *
 * Every statement has one generic plan, and that plan walks an index.  The planner does not know this of an empty or
 * never analysed table, so it plans with sequential scans, sorts and bitmaps switched off.  The settings are in force
 * while a plan is made, never while it runs: triggers of SQL users run inside our statements and must find their own
 * session's settings.  Plans are made again after every change of the table's definition or statistics; that is noticed
 * here, before a statement runs.  A plan made behind our back would still be right, only slower.
 */
#include "postgres.h"

#include "executor/spi_priv.h"
#include "optimizer/cost.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "store/spi_plan.h"

typedef struct RangePlan
{
	uint32		kind;
	SPIPlanPtr	plan;
	struct RangePlan *next;
} RangePlan;

typedef struct TablePlans
{
	MemoryContextCallback callback; /* frees the statements when the descriptor goes */
	SPIPlanPtr	fixed[DYN_PLAN_RANGE];
	RangePlan  *ranges;
} TablePlans;

static TablePlans *table_plans(const DynTable *table);
static void free_plans(void *arg);
static bool is_planned(SPIPlanPtr plan);
static void make_plan(SPIPlanPtr plan);

SPIPlanPtr
dyn_spi_plan_find(const DynTable *table, uint32 kind)
{
	TablePlans *plans = table->plans;

	if (plans == NULL)
		return NULL;
	if (kind < DYN_PLAN_RANGE)
		return plans->fixed[kind];
	for (RangePlan *range = plans->ranges; range != NULL; range = range->next)
		if (range->kind == kind)
			return range->plan;
	return NULL;
}

SPIPlanPtr
dyn_spi_plan_prepare(const DynTable *table, uint32 kind, const char *sql, int count, Oid *types, int cursor_options)
{
	TablePlans *plans = table_plans(table);
	RangePlan  *range = NULL;
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, count, types, cursor_options | CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	if (kind >= DYN_PLAN_RANGE)
		range = MemoryContextAlloc(GetMemoryChunkContext(plans), sizeof(RangePlan));
	SPI_keepplan(plan);
	if (range == NULL)
		plans->fixed[kind] = plan;
	else
	{
		range->kind = kind;
		range->plan = plan;
		range->next = plans->ranges;
		plans->ranges = range;
	}
	return plan;
}

uint64
dyn_spi_plan_execute(SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest)
{
	SPIExecuteOptions options = {.params = params, .read_only = false, .dest = dest};
	int			result;

	if (!is_planned(plan))
		make_plan(plan);
	result = SPI_execute_plan_extended(plan, &options);
	if (result < 0)
		elog(ERROR, "could not run a prepared statement: %s", SPI_result_code_string(result));
	return SPI_processed;
}

ParamListInfo
dyn_spi_plan_params(int count)
{
	return makeParamList(count);
}

void
dyn_spi_plan_set(ParamListInfo params, int position, Oid type, Datum value, bool is_null)
{
	ParamExternData *param = &params->params[position];

	param->value = value;
	param->isnull = is_null;
	param->pflags = PARAM_FLAG_CONST;
	param->ptype = type;
}

/* The descriptor is read-only to everybody but us: its statements are ours. */
static TablePlans *
table_plans(const DynTable *table)
{
	if (table->plans == NULL)
	{
		MemoryContext context = GetMemoryChunkContext((void *) table);
		TablePlans *plans = MemoryContextAllocZero(context, sizeof(TablePlans));

		plans->callback.func = free_plans;
		plans->callback.arg = plans;
		MemoryContextRegisterResetCallback(context, &plans->callback);
		((DynTable *) table)->plans = plans;
	}
	return table->plans;
}

static void
free_plans(void *arg)
{
	TablePlans *plans = arg;

	for (int i = 0; i < lengthof(plans->fixed); i++)
		if (plans->fixed[i] != NULL)
			SPI_freeplan(plans->fixed[i]);
	for (RangePlan *range = plans->ranges; range != NULL; range = range->next)
		SPI_freeplan(range->plan);
}

static bool
is_planned(SPIPlanPtr plan)
{
	CachedPlanSource *source = linitial(plan->plancache_list);

	return source->is_valid && source->gplan != NULL && source->gplan->is_valid;
}

static void
make_plan(SPIPlanPtr plan)
{
	static const char *const off[] = {"enable_seqscan", "enable_sort", "enable_incremental_sort", "enable_bitmapscan", "jit"};
	int			level = NewGUCNestLevel();
	bool		push_snapshot = !ActiveSnapshotSet();
	CachedPlan *made;

	for (int i = 0; i < lengthof(off); i++)
		(void) set_config_option(off[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (push_snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	made = SPI_plan_get_cached_plan(plan);
	ReleaseCachedPlan(made, CurrentResourceOwner);
	if (push_snapshot)
		PopActiveSnapshot();
	AtEOXact_GUC(false, level);
}
