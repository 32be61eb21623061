/*
 * Fills the derived columns of rows that are older than those columns.
 *
 * A column is added under a lock that excludes all writers, so every later write fills it.  What is left are the rows
 * that nobody has written since.  An update that changes nothing makes the trigger derive their columns again, and the
 * trigger suppresses the update where the columns are right.  So a batch may be repeated, and rows that others have
 * written meanwhile cost little.
 *
 * A batch locks only the rows that it gets without waiting, because waiting with a thousand locked rows would cause
 * deadlocks.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "store/key_columns.h"
#include "store/row_refill.h"

#define MAX_PARAMETERS 5

static Oid	relid_in_progress = InvalidOid;

static int	find_end(const DynTable *table, Datum *values, int from, int limit);
static int	fill(const DynTable *table, Datum *values, int from, int count, bool wait);
static void run(const DynTable *table, const char *sql, Datum *values, int count);
static void append_bound(StringInfo sql, const DynTable *table, const char *operator, int first_parameter,
						 bool is_first);
static void append_keys(StringInfo sql, const DynTable *table, const char *suffix);
static void transaction_ended(XactEvent event, void *arg);
static void subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg);

int
dyn_row_refill_batch(const DynTable *table, char **place, int *place_count, int limit, bool wait, int *skipped)
{
	static bool registered = false;
	int			from = *place_count;
	Datum		values[MAX_PARAMETERS];
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	if (!registered)
	{
		RegisterXactCallback(transaction_ended, NULL);
		RegisterSubXactCallback(subtransaction_ended, NULL);
		registered = true;
	}
	dyn_row_refill_begin(&scope, table);
	for (int i = 0; i < from; i++)
		values[i] = CStringGetTextDatum(place[i]);
	count = find_end(table, values, from, limit);
	*skipped = 0;
	if (count > 0)
	{
		HeapTuple	last = SPI_tuptable->vals[count - 1];

		*place_count = dyn_key_part_count(&table->keys);
		for (int i = 0; i < *place_count; i++)
		{
			place[i] = MemoryContextStrdup(caller, SPI_getvalue(last, SPI_tuptable->tupdesc, i + 1));
			values[from + i] = CStringGetTextDatum(place[i]);
		}
		*skipped = fill(table, values, from, from + *place_count, wait);
	}
	dyn_scope_end(&scope);
	return count;
}

/*
 * Reads the keys of a batch as text; the batch ends at the last one.  values holds from parameters: the key where it
 * begins.
 */
static int
find_end(const DynTable *table, Datum *values, int from, int limit)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	append_keys(&sql, table, "::pg_catalog.text");
	appendStringInfo(&sql, " FROM ONLY %s", table->qualified);
	if (from > 0)
		append_bound(&sql, table, ">", 1, true);
	appendStringInfoString(&sql, " ORDER BY ");
	append_keys(&sql, table, "");
	appendStringInfo(&sql, " LIMIT %d", limit);
	run(table, sql.data, values, from);
	return SPI_processed;
}

/*
 * Fills the rows of a batch: those up to the key that begins at parameter from.  Skipped rows are counted within one
 * snapshot, because rows come and go between two snapshots.  A row that was removed in the meantime counts as skipped,
 * which costs another try.
 */
static int
fill(const DynTable *table, Datum *values, int from, int count, bool wait)
{
	StringInfoData range;
	StringInfoData sql;
	bool		is_null;

	initStringInfo(&range);
	append_bound(&range, table, "<=", from + 1, true);
	if (from > 0)
		append_bound(&range, table, ">", 1, false);
	initStringInfo(&sql);
	appendStringInfo(
		&sql,
		"WITH held AS MATERIALIZED (SELECT ctid AS row_place FROM ONLY %s%s FOR NO KEY UPDATE%s), "
		"filled AS (UPDATE ONLY %s SET size = size WHERE ctid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT row_place FROM held)) "
		"RETURNING 1) "
		"SELECT (SELECT pg_catalog.count(*) FROM ONLY %s%s) OPERATOR(pg_catalog.-) (SELECT pg_catalog.count(*) FROM held)",
		table->qualified, range.data, wait ? "" : " SKIP LOCKED", table->qualified, table->qualified, range.data);
	relid_in_progress = table->relid;
	run(table, sql.data, values, count);
	relid_in_progress = InvalidOid;
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

/* Runs a statement whose parameters are all texts. */
static void
run(const DynTable *table, const char *sql, Datum *values, int count)
{
	Oid			types[MAX_PARAMETERS] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};

	if (SPI_execute_with_args(sql, count, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not go through the rows of \"%s\"", table->rel_name);
}

bool
dyn_row_refill_is_running(Oid relid)
{
	return relid == relid_in_progress;
}

void
dyn_row_refill_begin(DynScope *scope, const DynTable *table)
{
	static const char *const others[] = {"enable_seqscan", "enable_bitmapscan", "enable_sort", "jit"};

	/* outside the scope, since the triggers that wait already must not run as the table's owner */
	SPI_connect();
	if (SPI_execute("SET CONSTRAINTS ALL IMMEDIATE", false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "could not make the constraints immediate");
	SPI_finish();
	dyn_table_note_use(table);
	dyn_scope_begin_table(scope, table->relid);
	for (int i = 0; i < lengthof(others); i++)
		dyn_scope_set(others[i], "off");
}

/* " WHERE (a, b) > ($1::type, $2::type)", or AND where there is a bound already */
static void
append_bound(StringInfo sql, const DynTable *table, const char *operator, int first_parameter, bool is_first)
{
	int			keys = dyn_key_part_count(&table->keys);

	appendStringInfo(sql, "%s(", is_first ? " WHERE " : " AND ");
	append_keys(sql, table, "");
	appendStringInfo(sql, ") OPERATOR(pg_catalog.%s) (", operator);
	for (int i = 0; i < keys; i++)
		appendStringInfo(sql, "%s$%d::%s", i > 0 ? ", " : "", first_parameter + i,
						 format_type_be_qualified(dyn_key_columns_type(&table->columns[table->keys.parts[i].column])));
	appendStringInfoChar(sql, ')');
}

static void
append_keys(StringInfo sql, const DynTable *table, const char *suffix)
{
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
		appendStringInfo(sql, "%s%s%s", i > 0 ? ", " : "", table->columns[table->keys.parts[i].column].quoted, suffix);
}

static void
transaction_ended(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		relid_in_progress = InvalidOid;
}

static void
subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		relid_in_progress = InvalidOid;
}
