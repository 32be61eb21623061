/*
 * Writes one item row, and with it the item's key columns.
 *
 * All values are parameters, computed here.  The item table's trigger would compute them once more.  So while one of
 * our statements runs, row_in_progress shows the trigger what we write, and the trigger lets a tuple that equals it
 * pass.  The comparison is by content, so it does not matter who else writes in the meantime: triggers of SQL users
 * run inside our statement and may write this or another item table, or call us again.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"

#include "base/error.h"
#include "item/item_jsonb_build.h"
#include "store/key_columns.h"
#include "store/key_lock.h"
#include "store/row_plan.h"
#include "store/row_write.h"

typedef struct Row
{
	const DynTable *table;
	ParamListInfo params;		/* the key columns in their order, then item and size */
} Row;

/* Points into the stack of the call in progress.  An error ends that call, so every abort clears this. */
static const Row *row_in_progress = NULL;

static uint64 write_row(const DynTable *table, uint32 kind, const DynKey *key, const DynItem *item, int size);
static uint64 execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params);
static SPIPlanPtr prepare(const DynTable *table, uint32 kind);
static void append_insert(StringInfo sql, const DynTable *table);
static void append_assignments(StringInfo sql, const DynTable *table, bool excluded);
static void append_key(StringInfo sql, const DynTable *table, bool names_only);
static void refuse_suppressed(const DynTable *table);
static bool same_value(HeapTuple tuple, TupleDesc descriptor, AttrNumber attnum, const ParamExternData *param);
static void transaction_ended(XactEvent event, void *arg);
static void subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg);

bool
dyn_row_write_insert(const DynTable *table, const DynKey *key, const DynItem *item, int size)
{
	dyn_key_lock_take(table, key, DYN_KEY_LOCK_INSERT);
	return write_row(table, DYN_PLAN_INSERT, key, item, size) > 0;
}

void
dyn_row_write_replace(const DynTable *table, const DynKey *key, const DynItem *item, int size)
{
	if (write_row(table, DYN_PLAN_REPLACE, key, item, size) == 0)
		refuse_suppressed(table);
}

void
dyn_row_write_upsert(const DynTable *table, const DynKey *key, const DynItem *item, int size)
{
	dyn_key_lock_take(table, key, DYN_KEY_LOCK_INSERT);
	if (write_row(table, DYN_PLAN_UPSERT, key, item, size) == 0)
		refuse_suppressed(table);
}

bool
dyn_row_write_delete(const DynTable *table, const DynKey *key)
{
	ParamListInfo params;
	SPIPlanPtr	plan;
	uint64		count;

	SPI_connect();
	plan = dyn_row_plan_find(table, DYN_PLAN_DELETE);
	if (plan == NULL)
		plan = prepare(table, DYN_PLAN_DELETE);
	params = dyn_key_columns_params(table, key);
	count = execute(table, plan, params);
	SPI_finish();
	return count > 0;
}

bool
dyn_row_write_is_own(Oid relid, HeapTuple tuple, TupleDesc descriptor)
{
	const Row  *row = row_in_progress;
	int			count;

	if (row == NULL || row->table->relid != relid)
		return false;
	count = row->table->column_count;
	for (int i = 0; i < count; i++)
		if (!same_value(tuple, descriptor, row->table->columns[i].attnum, &row->params->params[i]))
			return false;
	return same_value(tuple, descriptor, row->table->item_attnum, &row->params->params[count]) &&
		same_value(tuple, descriptor, row->table->size_attnum, &row->params->params[count + 1]);
}

static uint64
write_row(const DynTable *table, uint32 kind, const DynKey *key, const DynItem *item, int size)
{
	static bool registered = false;
	int			count = table->column_count;
	Datum	   *values;
	bool	   *nulls;
	Row			row = {table, NULL};
	const Row  *outer;
	SPIPlanPtr	plan;
	uint64		written;

	if (!registered)
	{
		RegisterXactCallback(transaction_ended, NULL);
		RegisterSubXactCallback(subtransaction_ended, NULL);
		registered = true;
	}

	SPI_connect();
	plan = dyn_row_plan_find(table, kind);
	if (plan == NULL)
		plan = prepare(table, kind);
	values = palloc(count * sizeof(Datum));
	nulls = palloc(count * sizeof(bool));
	dyn_key_columns_check_fits(table, item, size);
	dyn_key_columns_fill(table, key, item, values, nulls);
	dyn_key_columns_check_width(table, values, nulls);
	row.params = dyn_row_plan_params(count + 2);
	for (int i = 0; i < count; i++)
		dyn_row_plan_set(row.params, i, dyn_key_columns_type(&table->columns[i]), values[i], nulls[i]);
	dyn_row_plan_set(row.params, count, JSONBOID, JsonbPGetDatum(dyn_item_jsonb_build(item)), false);
	dyn_row_plan_set(row.params, count + 1, INT4OID, Int32GetDatum(size), false);

	outer = row_in_progress;
	row_in_progress = &row;
	written = execute(table, plan, row.params);
	row_in_progress = outer;
	SPI_finish();
	return written;
}

static uint64
execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params)
{
	ErrorContextCallback rules;
	uint64		count;

	dyn_error_rules_begin(&rules);
	count = dyn_row_plan_execute(table, plan, params, NULL);
	dyn_error_rules_end(&rules);
	return count;
}

static SPIPlanPtr
prepare(const DynTable *table, uint32 kind)
{
	int			count = table->column_count;
	int			key_count = dyn_key_part_count(&table->keys);
	Oid		   *types = palloc((count + 2) * sizeof(Oid));
	StringInfoData sql;

	initStringInfo(&sql);
	if (kind == DYN_PLAN_DELETE)
	{
		appendStringInfo(&sql, "DELETE FROM ONLY %s WHERE ", table->qualified);
		for (int i = 0; i < key_count; i++)
		{
			const DynColumn *column = &table->columns[table->keys.parts[i].column];

			types[i] = dyn_key_columns_type(column);
			appendStringInfo(&sql, "%s%s OPERATOR(pg_catalog.=) $%d", i > 0 ? " AND " : "", column->quoted, i + 1);
		}
		return dyn_row_plan_prepare(table, kind, sql.data, key_count, types, 0);
	}

	for (int i = 0; i < count; i++)
		types[i] = dyn_key_columns_type(&table->columns[i]);
	types[count] = JSONBOID;
	types[count + 1] = INT4OID;
	switch (kind)
	{
		case DYN_PLAN_INSERT:
			append_insert(&sql, table);
			appendStringInfoString(&sql, "NOTHING");
			break;
		case DYN_PLAN_UPSERT:
			append_insert(&sql, table);
			appendStringInfoString(&sql, "UPDATE SET ");
			append_assignments(&sql, table, true);
			break;
		case DYN_PLAN_REPLACE:
			appendStringInfo(&sql, "UPDATE ONLY %s SET ", table->qualified);
			append_assignments(&sql, table, false);
			appendStringInfoString(&sql, " WHERE ");
			append_key(&sql, table, false);
			break;
		default:
			elog(ERROR, "no statement of kind %u", kind);
	}
	return dyn_row_plan_prepare(table, kind, sql.data, count + 2, types, 0);
}

/* As far as "ON CONFLICT (key) DO ". */
static void
append_insert(StringInfo sql, const DynTable *table)
{
	int			count = table->column_count;

	appendStringInfo(sql, "INSERT INTO %s (", table->qualified);
	for (int i = 0; i < count; i++)
		appendStringInfo(sql, "%s, ", table->columns[i].quoted);
	appendStringInfoString(sql, "item, size) VALUES (");
	for (int i = 0; i < count + 2; i++)
		appendStringInfo(sql, "%s$%d", i > 0 ? ", " : "", i + 1);
	appendStringInfoString(sql, ") ON CONFLICT (");
	append_key(sql, table, true);
	appendStringInfoString(sql, ") DO ");
}

/* Sets all columns but the key's, because an update that leaves the key alone takes a weaker row lock. */
static void
append_assignments(StringInfo sql, const DynTable *table, bool excluded)
{
	int			count = table->column_count;

	for (int i = 0; i < count; i++)
	{
		if (dyn_table_is_primary(table, i))
			continue;
		if (excluded)
			appendStringInfo(sql, "%s = EXCLUDED.%s, ", table->columns[i].quoted, table->columns[i].quoted);
		else
			appendStringInfo(sql, "%s = $%d, ", table->columns[i].quoted, i + 1);
	}
	if (excluded)
		appendStringInfoString(sql, "item = EXCLUDED.item, size = EXCLUDED.size");
	else
		appendStringInfo(sql, "item = $%d, size = $%d", count + 1, count + 2);
}

static void
append_key(StringInfo sql, const DynTable *table, bool names_only)
{
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
	{
		int			column = table->keys.parts[i].column;

		if (names_only)
			appendStringInfo(sql, "%s%s", i > 0 ? ", " : "", table->columns[column].quoted);
		else
			appendStringInfo(sql, "%s%s OPERATOR(pg_catalog.=) $%d", i > 0 ? " AND " : "",
							 table->columns[column].quoted, column + 1);
	}
}

/* A write that did not happen must not be acknowledged. */
static void
refuse_suppressed(const DynTable *table)
{
	ereport(ERROR,
			(errcode(ERRCODE_TRIGGERED_ACTION_EXCEPTION),
			 errmsg("an item of table \"%s\" was not written", table->name),
			 errdetail("A trigger or a row security policy on %s suppressed it.", table->qualified)));
}

/* Two values of one column, of which the tuple's can have a short header. */
static bool
same_value(HeapTuple tuple, TupleDesc descriptor, AttrNumber attnum, const ParamExternData *param)
{
	bool		is_null;
	Datum		value = heap_getattr(tuple, attnum, descriptor, &is_null);
	struct varlena *ours;
	struct varlena *theirs;

	if (is_null || param->isnull)
		return is_null && param->isnull;
	if (TupleDescAttr(descriptor, attnum - 1)->attlen != -1)
		return value == param->value;
	ours = (struct varlena *) DatumGetPointer(param->value);
	theirs = (struct varlena *) DatumGetPointer(value);
	if (VARATT_IS_EXTERNAL(theirs) || VARATT_IS_COMPRESSED(theirs))
		return false;
	return VARSIZE_ANY_EXHDR(ours) == VARSIZE_ANY_EXHDR(theirs) &&
		memcmp(VARDATA_ANY(ours), VARDATA_ANY(theirs), VARSIZE_ANY_EXHDR(ours)) == 0;
}

static void
transaction_ended(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		row_in_progress = NULL;
}

static void
subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		row_in_progress = NULL;
}
