/*
 * The triggers: on item tables, on the catalogue, and on ALTER and DROP TABLE.
 *
 * The item trigger makes direct SQL writes first-class: whatever SQL puts into the column item must be an item, is
 * brought into its normal form, and fills the columns that are derived from it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"

#include "base/error.h"
#include "catalog/table_cache.h"
#include "catalog/table_ddl.h"
#include "catalog/table_guard.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "item/item_size.h"
#include "store/key_columns.h"
#include "store/key_lock.h"
#include "store/row_refill.h"
#include "store/row_write.h"

PG_FUNCTION_INFO_V1(dynamo_item_trigger);
PG_FUNCTION_INFO_V1(dynamo_catalogue_trigger);
PG_FUNCTION_INFO_V1(dynamo_drop_trigger);
PG_FUNCTION_INFO_V1(dynamo_alter_trigger);

static HeapTuple refill_row(const DynTable *table, TupleDesc descriptor, HeapTuple row);
static bool is_building(const DynTable *table);
static HeapTuple derive_row(const DynTable *table, TriggerData *trigger, HeapTuple new, HeapTuple old);
static void lock_new_key(const DynTable *table, const DynKey *key, HeapTuple old, TupleDesc descriptor);
static bool same_value(HeapTuple a, HeapTuple b, TupleDesc descriptor, AttrNumber attnum);
static AttrNumber changed_column(const DynTable *table, HeapTuple a, HeapTuple b, TupleDesc descriptor);

Datum
dynamo_item_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const DynTable *table;
	HeapTuple	new;
	HeapTuple	old;
	TupleDesc	descriptor;
	Oid			relid;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.item_trigger() must be called as a trigger")));
	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.item_trigger() must be fired before INSERT or UPDATE for each row")));

	relid = RelationGetRelid(trigger->tg_relation);
	descriptor = RelationGetDescr(trigger->tg_relation);
	old = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_trigtuple : NULL;
	new = old ? trigger->tg_newtuple : trigger->tg_trigtuple;
	if (dyn_row_write_is_own(relid, new, descriptor))
		return PointerGetDatum(new);

	table = dyn_table_cache_by_relid(relid);
	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" is not the item table of a DynamoDB table", RelationGetRelationName(trigger->tg_relation)),
				 errhint("Create tables with CreateTable or dynamo.create_table().")));
	if (old != NULL && dyn_row_refill_is_running(relid))
		return PointerGetDatum(refill_row(table, descriptor, new));
	return PointerGetDatum(derive_row(table, trigger, new, old));
}

/* A row of dynamo.tables, or one that refers to it, has changed. */
Datum
dynamo_catalogue_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Relation	relation;
	int			column;
	Datum		value;
	bool		is_null;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.catalogue_trigger() must be fired after a change for each row")));

	/* elsewhere the columns could be of any type */
	relation = trigger->tg_relation;
	if (RelationGetNamespace(relation) != get_namespace_oid("dynamo", true))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("dynamo.catalogue_trigger() is for the tables of schema dynamo")));
	column = SPI_fnumber(RelationGetDescr(relation), "table_id");
	if (column <= 0)
		column = SPI_fnumber(RelationGetDescr(relation), "rel_name");
	value = heap_getattr(trigger->tg_trigtuple, column, RelationGetDescr(relation), &is_null);
	if (is_null)
		return PointerGetDatum(NULL);
	if (SPI_gettypeid(RelationGetDescr(relation), column) == INT8OID)
		dyn_table_cache_invalidate_id(DatumGetInt64(value));
	else
		dyn_table_cache_invalidate_name(TextDatumGetCString(value));
	return PointerGetDatum(NULL);
}

Datum
dynamo_drop_trigger(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.drop_trigger() must be called as an event trigger")));
	dyn_table_ddl_forget_dropped();
	PG_RETURN_NULL();
}

Datum
dynamo_alter_trigger(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.alter_trigger() must be called as an event trigger")));
	dyn_table_guard_check(((EventTriggerData *) fcinfo->context)->parsetree);
	PG_RETURN_NULL();
}

/*
 * The row with the derived columns that its item makes, NULL when it has them.  The item is older than some index
 * perhaps: what cannot be a key there stays out.
 */
static HeapTuple
refill_row(const DynTable *table, TupleDesc descriptor, HeapTuple row)
{
	int			count = table->column_count;
	Datum	   *values = palloc(count * sizeof(Datum));
	bool	   *nulls = palloc(count * sizeof(bool));
	int		   *attnums = palloc(count * sizeof(int));
	Datum		stored;
	bool		is_null;
	bool		same = true;
	HeapTuple	filled;

	stored = heap_getattr(row, table->item_attnum, descriptor, &is_null);
	if (is_null)
		dyn_table_cache_null_found();
	dyn_key_columns_fill(table, NULL, dyn_item_jsonb_read(DatumGetJsonbP(stored)), values, nulls);
	dyn_key_columns_drop_width(table, values, nulls);
	for (int i = 0; i < count; i++)
		attnums[i] = table->columns[i].attnum;
	filled = heap_modify_tuple_by_cols(row, descriptor, count, attnums, values, nulls);
	for (int i = 0; i < count && same; i++)
		same = same_value(filled, row, descriptor, attnums[i]);
	return same ? NULL : filled;
}

/* A build relies on it that whoever writes a row fills its columns, even if it is with the item that was there. */
static bool
is_building(const DynTable *table)
{
	bool		building = table->ttl_attribute.data != NULL && !table->ttl_ready;

	for (int i = 0; i < table->index_count; i++)
		building = building || table->indexes[i].status == DYN_TABLE_CREATING;
	return building;
}

/* The row that new's item makes. */
static HeapTuple
derive_row(const DynTable *table, TriggerData *trigger, HeapTuple new, HeapTuple old)
{
	TupleDesc	descriptor = RelationGetDescr(trigger->tg_relation);
	int			count = table->column_count;
	Datum	   *values = palloc((count + 2) * sizeof(Datum));
	bool	   *nulls = palloc0((count + 2) * sizeof(bool));
	int		   *attnums = palloc((count + 2) * sizeof(int));
	bool		is_null;
	Datum		stored;
	DynItem    *item;
	DynKey		key;
	int			size;

	stored = heap_getattr(new, table->item_attnum, descriptor, &is_null);
	if (is_null)
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("column \"item\" of table \"%s\" must not be null", table->rel_name),
				 errhint("Write the whole item as a JSON object into the column \"item\".")));
	if (old != NULL && same_value(new, old, descriptor, table->item_attnum))
	{
		AttrNumber	changed = changed_column(table, new, old, descriptor);

		if (changed == InvalidAttrNumber)
		{
			HeapTuple	filled = is_building(table) ? refill_row(table, descriptor, new) : NULL;

			return filled != NULL ? filled : new;
		}
		ereport(ERROR,
				(errcode(ERRCODE_GENERATED_ALWAYS),
				 errmsg("column \"%s\" of table \"%s\" cannot be changed by itself",
						NameStr(TupleDescAttr(descriptor, changed - 1)->attname), table->rel_name),
				 errdetail("It is derived from the column \"item\"."),
				 errhint("Change the item instead.")));
	}

	dyn_error_bare();
	item = dyn_item_jsonb_read(DatumGetJsonbP(stored));
	dyn_key_columns_check_item(table, item, &key);
	size = dyn_item_size_checked(item);
	dyn_key_columns_check_fits(table, item, size);
	dyn_key_columns_fill(table, &key, item, values, nulls);
	dyn_key_columns_check_width(table, values, nulls);
	lock_new_key(table, &key, old, descriptor);
	for (int i = 0; i < count; i++)
		attnums[i] = table->columns[i].attnum;
	values[count] = JsonbPGetDatum(dyn_item_jsonb_build(item));
	attnums[count] = table->item_attnum;
	values[count + 1] = Int32GetDatum(size);
	attnums[count + 1] = table->size_attnum;
	return heap_modify_tuple_by_cols(new, descriptor, count + 2, attnums, values, nulls);
}

/* An insert, or an update that changes the key, may give a row to a key that has none. */
static void
lock_new_key(const DynTable *table, const DynKey *key, HeapTuple old, TupleDesc descriptor)
{
	DynKey		old_key;

	if (old != NULL)
	{
		bool		is_null;
		Datum		stored = heap_getattr(old, table->item_attnum, descriptor, &is_null);

		if (is_null)
			dyn_table_cache_null_found();
		if (dyn_key_from_item(&table->keys, dyn_item_jsonb_read(DatumGetJsonbP(stored)), &old_key) &&
			dyn_key_equal(key, &old_key))
			return;
	}
	dyn_key_lock_take(table, key, DYN_KEY_LOCK_INSERT);
}

static bool
same_value(HeapTuple a, HeapTuple b, TupleDesc descriptor, AttrNumber attnum)
{
	Form_pg_attribute attribute = TupleDescAttr(descriptor, attnum - 1);
	bool		a_is_null;
	bool		b_is_null;
	Datum		a_value = heap_getattr(a, attnum, descriptor, &a_is_null);
	Datum		b_value = heap_getattr(b, attnum, descriptor, &b_is_null);

	if (a_is_null || b_is_null)
		return a_is_null && b_is_null;
	return datumIsEqual(a_value, b_value, attribute->attbyval, attribute->attlen);
}

/* The first derived column in which two rows differ. */
static AttrNumber
changed_column(const DynTable *table, HeapTuple a, HeapTuple b, TupleDesc descriptor)
{
	for (int i = 0; i < table->column_count; i++)
		if (!same_value(a, b, descriptor, table->columns[i].attnum))
			return table->columns[i].attnum;
	return same_value(a, b, descriptor, table->size_attnum) ? InvalidAttrNumber : table->size_attnum;
}
