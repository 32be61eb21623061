/*
 * Prepared statements on item tables, kept per table.
 *
 * Every statement has one generic plan, and that plan walks an index.  The planner does not know this of an empty or
 * never analysed table, so it plans with sequential scans, sorts and bitmaps switched off.  The settings are in force
 * while a plan is made, never while it runs: triggers of SQL users run inside our statements and must find their own
 * session's settings.
 *
 * Every statement says ONLY.  Tables that inherit from an item table hold no items, no matter who made them, or when
 * (docs/decisions/0012-child-tables.md).
 *
 * PostgreSQL demands the SELECT privilege for every UPDATE, DELETE and ON CONFLICT that looks for a key.  DynamoDB's
 * writers need not be readers, and auth/access.c has checked the caller already.  So that privilege is removed from
 * the plans of writes, for the item table alone, since its owner's rules and policies can bring other tables into the
 * plan.  The privileges to insert, update and delete stay, and so do row security policies.
 *
 * PostgreSQL makes a plan whenever it needs one: at the first use, and after a change of the table or of an object
 * that its owner's rules name, even after our call has begun.  So the planner's hook does both, and recognizes our
 * statements by the address of their text.  PostgreSQL hands the planner the copy that it keeps with the statement,
 * and no other statement has that address while ours lives.  A statement leaves the list before it is freed, so that
 * no other statement can be mistaken for it.
 */
#include "postgres.h"

#include "executor/spi_priv.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "optimizer/planner.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/plancache.h"

#include "base/compat.h"
#include "store/row_plan.h"

typedef struct RangePlan
{
	uint32		kind;
	SPIPlanPtr	plan;
	struct RangePlan *next;
} RangePlan;

typedef struct DynTablePlans
{
	MemoryContextCallback callback; /* frees the statements when the descriptor goes */
	SPIPlanPtr	fixed[DYN_PLAN_RANGE];
	RangePlan  *ranges;
} DynTablePlans;

/* What the planner's hook knows of a statement. */
typedef struct Statement
{
	const char *text;			/* the key: PostgreSQL's copy */
	Oid			relid;
	uint32		kind;
} Statement;

static HTAB *statements = NULL;
static planner_hook_type next_planner = NULL;

static DynTablePlans *table_plans(const DynTable *table);
static void add_statement(SPIPlanPtr plan, Oid relid, uint32 kind);
static void drop_statement(SPIPlanPtr plan);
static const char *text_of(SPIPlanPtr plan);
static uint64 execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest,
					  bool active_snapshot);
static void free_plans(void *arg);
static PlannedStmt *plan_statement(Query *query, const char *text, int cursor_options, ParamListInfo params);
static PlannedStmt *call_planner(Query *query, const char *text, int cursor_options, ParamListInfo params);
static void strike_privileges(PlannedStmt *planned, Oid relid, uint32 kind);

SPIPlanPtr
dyn_row_plan_find(const DynTable *table, uint32 kind)
{
	const DynTablePlans *plans = *table->plans;

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
	DynTablePlans *plans = table_plans(table);
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
	add_statement(plan, table->relid, kind);
	return plan;
}

uint64
dyn_row_plan_execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest)
{
	return execute(table, plan, params, dest, false);
}

uint64
dyn_row_plan_execute_together(const DynTable *table, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest)
{
	return execute(table, plan, params, dest, true);
}

static uint64
execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest, bool active_snapshot)
{
	/* SPI runs what it calls read-only with the active snapshot */
	SPIExecuteOptions options = {.params = params, .read_only = active_snapshot, .dest = dest};
	int			level = 0;
	int			result;

	dyn_table_note_use(table);
	if (plan_cache_mode == PLAN_CACHE_MODE_FORCE_CUSTOM_PLAN)
	{
		/* the only setting of a session that overrides the statement's own demand for a generic plan */
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

static DynTablePlans *
table_plans(const DynTable *table)
{
	if (*table->plans == NULL)
	{
		MemoryContext context = GetMemoryChunkContext(table->plans);
		DynTablePlans *plans = MemoryContextAllocZero(context, sizeof(DynTablePlans));

		plans->callback.func = free_plans;
		plans->callback.arg = plans;
		MemoryContextRegisterResetCallback(context, &plans->callback);
		*table->plans = plans;
	}
	return *table->plans;
}

static void
add_statement(SPIPlanPtr plan, Oid relid, uint32 kind)
{
	const char *text = text_of(plan);
	Statement  *statement;

	if (statements == NULL)
	{
		HASHCTL		options = {.keysize = sizeof(char *), .entrysize = sizeof(Statement)};

		statements = hash_create("dynamo statements", 256, &options, HASH_ELEM | HASH_BLOBS);
		next_planner = planner_hook;
		planner_hook = plan_statement;
	}
	statement = hash_search(statements, &text, HASH_ENTER, NULL);
	statement->relid = relid;
	statement->kind = kind;
}

static void
drop_statement(SPIPlanPtr plan)
{
	const char *text = text_of(plan);

	if (statements != NULL)
		(void) hash_search(statements, &text, HASH_REMOVE, NULL);
}

static const char *
text_of(SPIPlanPtr plan)
{
	return linitial_node(CachedPlanSource, plan->plancache_list)->query_string;
}

static void
free_plans(void *arg)
{
	DynTablePlans *plans = arg;

	for (int i = 0; i < lengthof(plans->fixed); i++)
	{
		if (plans->fixed[i] == NULL)
			continue;
		drop_statement(plans->fixed[i]);
		SPI_freeplan(plans->fixed[i]);
	}
	for (RangePlan *range = plans->ranges; range != NULL; range = range->next)
	{
		drop_statement(range->plan);
		SPI_freeplan(range->plan);
	}
}

/* The planner's hook. */
static PlannedStmt *
plan_statement(Query *query, const char *text, int cursor_options, ParamListInfo params)
{
	static const char *const settings[][2] = {{"enable_indexscan", "on"},         {"enable_seqscan", "off"},
											  {"enable_bitmapscan", "off"},       {"enable_sort", "off"},
											  {"enable_incremental_sort", "off"}, {"jit", "off"}};
	const Statement *statement = hash_search(statements, &text, HASH_FIND, NULL);
	PlannedStmt *planned;
	int			level;

	if (statement == NULL)
		return call_planner(query, text, cursor_options, params);
	level = NewGUCNestLevel();
	for (int i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	planned = call_planner(query, text, cursor_options, params);
	AtEOXact_GUC(false, level);
	strike_privileges(planned, statement->relid, statement->kind);
	return planned;
}

static PlannedStmt *
call_planner(Query *query, const char *text, int cursor_options, ParamListInfo params)
{
	return (next_planner != NULL ? next_planner : standard_planner) (query, text, cursor_options, params);
}

static void
strike_privileges(PlannedStmt *planned, Oid relid, uint32 kind)
{
	ListCell   *cell;

	if (kind == DYN_PLAN_READ || kind >= DYN_PLAN_RANGE)
		return;
	foreach(cell, DYN_PLAN_PERMISSIONS(planned))
	{
		DynPlanPermission *permission = lfirst(cell);

		if (permission->relid != relid)
			continue;
		permission->requiredPerms = kind == DYN_PLAN_READ_LOCK ? 0 : permission->requiredPerms & ~ACL_SELECT;
	}
}
