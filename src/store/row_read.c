/*
 * One row by key, with or without a lock.
 */
#include "postgres.h"

#include "executor/tuptable.h"

#include "store/key_columns.h"
#include "store/row_plan.h"
#include "store/row_read.h"

/* Takes the one row out of the executor, without a copy in between. */
typedef struct RowReceiver
{
	DestReceiver receiver;
	MemoryContext context;
	Jsonb	   *item;
	int			size;
} RowReceiver;

typedef struct SizeReceiver
{
	DestReceiver receiver;
	int64		bytes;
} SizeReceiver;

static SPIPlanPtr prepare(const DynTable *table, uint32 kind);
static bool receive(TupleTableSlot *slot, DestReceiver *self);
static bool receive_size(TupleTableSlot *slot, DestReceiver *self);
static void start(DestReceiver *self, int operation, TupleDesc descriptor);
static void finish(DestReceiver *self);

Jsonb *
dyn_row_read_jsonb(const DynTable *table, const DynKey *key, DynRowLock lock, int *size)
{
	RowReceiver row = {{receive, start, finish, finish, DestNone}, CurrentMemoryContext, NULL, 0};
	uint32		kind = lock == DYN_LOCK_UPDATE ? DYN_PLAN_READ_LOCK : DYN_PLAN_READ;
	ParamListInfo params;
	SPIPlanPtr	plan;

	SPI_connect();
	plan = dyn_row_plan_find(table, kind);
	if (plan == NULL)
		plan = prepare(table, kind);
	params = dyn_key_columns_params(table, key);
	if (lock == DYN_NO_LOCK_TOGETHER)
		(void) dyn_row_plan_execute_together(table, plan, params, &row.receiver);
	else
		(void) dyn_row_plan_execute(table, plan, params, &row.receiver);
	SPI_finish();
	if (size != NULL)
		*size = row.size;
	return row.item;
}

DynItem *
dyn_row_read(const DynTable *table, const DynKey *key, DynRowLock lock, int *size)
{
	Jsonb	   *jsonb = dyn_row_read_jsonb(table, key, lock, size);

	return jsonb ? dyn_item_jsonb_read(jsonb) : NULL;
}

int64
dyn_row_read_collection_size(const DynTable *table, const DynKey *key)
{
	const DynColumn *column = &table->columns[table->keys.parts[0].column];
	Oid			type = dyn_key_columns_type(column);
	SizeReceiver sum = {{receive_size, start, finish, finish, DestNone}, 0};
	ParamListInfo params;
	SPIPlanPtr	plan;

	SPI_connect();
	plan = dyn_row_plan_find(table, DYN_PLAN_COLLECTION);
	if (plan == NULL)
	{
		char	   *sql = psprintf("SELECT pg_catalog.sum(size) FROM ONLY %s WHERE %s OPERATOR(pg_catalog.=) $1",
							 table->qualified, column->quoted);

		plan = dyn_row_plan_prepare(table, DYN_PLAN_COLLECTION, sql, 1, &type, 0);
	}
	params = dyn_row_plan_params(1);
	dyn_row_plan_set(params, 0, type, dyn_key_columns_datum(column, &key->values[0]), false);
	(void) dyn_row_plan_execute(table, plan, params, &sum.receiver);
	SPI_finish();
	return sum.bytes;
}

static SPIPlanPtr
prepare(const DynTable *table, uint32 kind)
{
	StringInfoData sql;
	Oid			types[2];
	int			count = dyn_key_part_count(&table->keys);

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT item, size FROM ONLY %s WHERE ", table->qualified);
	for (int i = 0; i < count; i++)
	{
		const DynColumn *column = &table->columns[table->keys.parts[i].column];

		types[i] = dyn_key_columns_type(column);
		appendStringInfo(&sql, "%s%s OPERATOR(pg_catalog.=) $%d", i > 0 ? " AND " : "", column->quoted, i + 1);
	}
	if (kind == DYN_PLAN_READ_LOCK)
		appendStringInfoString(&sql, " FOR UPDATE");
	return dyn_row_plan_prepare(table, kind, sql.data, count, types, 0);
}

static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *row = (RowReceiver *) self;
	MemoryContext old;

	slot_getsomeattrs(slot, 2);
	if (slot->tts_isnull[0] || slot->tts_isnull[1])
		dyn_table_cache_null_found();
	old = MemoryContextSwitchTo(row->context);
	row->item = DatumGetJsonbPCopy(slot->tts_values[0]);
	MemoryContextSwitchTo(old);
	row->size = DatumGetInt32(slot->tts_values[1]);
	return false;				/* the key is unique */
}

static bool
receive_size(TupleTableSlot *slot, DestReceiver *self)
{
	slot_getsomeattrs(slot, 1);
	if (!slot->tts_isnull[0])
		((SizeReceiver *) self)->bytes = DatumGetInt64(slot->tts_values[0]);
	return true;
}

static void
start(DestReceiver *self, int operation, TupleDesc descriptor)
{
}

static void
finish(DestReceiver *self)
{
}
