/*
 * Prepared statements on item tables, kept per table.
 *
 * Every statement has one generic plan, and that plan walks an index.  The planner does not know this of an empty or
 * never analysed table, so it plans with sequential scans, sorts and bitmaps switched off.  The settings are in force
 * while a plan is made, never while it runs: triggers of SQL users run inside our statements and must find their own
 * session's settings.  Plans are made again after every change of the table's definition or statistics; that is noticed
 * here, before a statement runs.
 *
 * PostgreSQL wants the SELECT privilege for every UPDATE, DELETE and ON CONFLICT that looks for a key.  DynamoDB's writers
 * need not be readers, and auth/access.c has decided already, so that privilege is struck from the plans of writes: on the
 * item table alone, since its owner's rules and policies can bring other tables into the plan.  The privileges to insert,
 * update and delete stay, and so do row security policies.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/namespace.h"
#include "executor/spi_priv.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#include "base/compat.h"
#include "store/row_plan.h"

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
static uint64 execute(const DynTable *table, uint32 kind, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest, bool active_snapshot);
static void free_plans(void *arg);
static bool is_planned(SPIPlanPtr plan);
static void make_plan(const DynTable *table, SPIPlanPtr plan, uint32 kind);
static void strike_privileges(const DynTable *table, CachedPlan *plan, uint32 kind);

SPIPlanPtr
dyn_row_plan_find(const DynTable *table, uint32 kind)
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
dyn_row_plan_prepare(const DynTable *table, uint32 kind, const char *sql, int count, Oid *types, int cursor_options)
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
dyn_row_plan_execute(const DynTable *table, uint32 kind, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest)
{
	return execute(table, kind, plan, params, dest, false);
}

uint64
dyn_row_plan_execute_together(const DynTable *table, uint32 kind, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest)
{
	return execute(table, kind, plan, params, dest, true);
}

static uint64
execute(const DynTable *table, uint32 kind, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest, bool active_snapshot)
{
	/* what SPI calls read-only takes the active snapshot */
	SPIExecuteOptions options = {.params = params, .read_only = active_snapshot, .dest = dest};
	int			level = 0;
	int			result;

	/* the lock that the statement takes anyway; now no invalidation can come between our look at the plan and its use */
	LockRelationOid(table->relid, kind == DYN_PLAN_READ || kind >= DYN_PLAN_RANGE ? AccessShareLock :
					kind == DYN_PLAN_READ_LOCK ? RowShareLock : RowExclusiveLock);
	if (!is_planned(plan))
		make_plan(table, plan, kind);
	if (plan_cache_mode == PLAN_CACHE_MODE_FORCE_CUSTOM_PLAN)
	{
		/* the one setting of a session that goes before the statement's own wish for a generic plan */
		level = NewGUCNestLevel();
		(void) set_config_option("plan_cache_mode", "auto", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	}
	result = SPI_execute_plan_extended(plan, &options);
	if (level > 0)
		AtEOXact_GUC(false, level);
	if (result < 0)
		elog(ERROR, "could not run a prepared statement: %s", SPI_result_code_string(result));
	return SPI_processed;
}

ParamListInfo
dyn_row_plan_params(int count)
{
	return makeParamList(count);
}

void
dyn_row_plan_set(ParamListInfo params, int position, Oid type, Datum value, bool is_null)
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

/* Would the statement run with the plan that we made? */
static bool
is_planned(SPIPlanPtr plan)
{
	CachedPlanSource *source = linitial(plan->plancache_list);
	CachedPlan *made = source->gplan;

	return source->is_valid && made != NULL && made->is_valid && !source->dependsOnRLS && !made->dependsOnRole &&
		!TransactionIdIsValid(made->saved_xmin) && DYN_SEARCH_PATH_MATCHES(source->search_path);
}

static void
make_plan(const DynTable *table, SPIPlanPtr plan, uint32 kind)
{
	static const char *const settings[][2] = {{"enable_indexscan", "on"}, {"enable_seqscan", "off"}, {"enable_bitmapscan", "off"},
	{"enable_sort", "off"}, {"enable_incremental_sort", "off"}, {"jit", "off"}};
	int			level = NewGUCNestLevel();
	bool		push_snapshot = !ActiveSnapshotSet();
	CachedPlan *made;

	for (int i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (push_snapshot)
		PushActiveSnapshot(GetTransactionSnapshot());
	made = SPI_plan_get_cached_plan(plan);
	strike_privileges(table, made, kind);
	ReleaseCachedPlan(made, CurrentResourceOwner);
	if (push_snapshot)
		PopActiveSnapshot();
	AtEOXact_GUC(false, level);
}

static void
strike_privileges(const DynTable *table, CachedPlan *plan, uint32 kind)
{
	ListCell   *statement_cell;
	ListCell   *cell;

	if (kind == DYN_PLAN_READ || kind >= DYN_PLAN_RANGE)
		return;
	foreach(statement_cell, plan->stmt_list)
		foreach(cell, DYN_PLAN_PERMISSIONS(lfirst_node(PlannedStmt, statement_cell)))
		{
			DynPlanPermission *permission = lfirst(cell);

			if (permission->relid != table->relid)
				continue;
			permission->requiredPerms = kind == DYN_PLAN_READ_LOCK ? 0 : permission->requiredPerms & ~ACL_SELECT;
		}
}
