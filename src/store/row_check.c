/*
 * Are the rows of an item table what its trigger would have made of their items?
 *
 * Rows that come with a table of somebody else's making, from a dump for example, have been through no trigger here.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "db/scope.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "item/item_size.h"
#include "store/key_columns.h"
#include "store/row_check.h"

#define BATCH 1000

static void check_row(const DynTable *table, HeapTuple row, TupleDesc descriptor);
static Datum value_of(const DynTable *table, HeapTuple row, TupleDesc descriptor, const char *column, bool *is_null);
static void refuse(const DynTable *table, const char *column) pg_attribute_noreturn();

void
dyn_row_check_all(const DynTable *table)
{
	MemoryContext scratch;
	SPIPlanPtr	plan;
	Portal		portal;
	DynScope	scope;

	dyn_table_note_use(table);
	dyn_scope_begin_table(&scope, table->relid);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "dynamo row check", ALLOCSET_DEFAULT_SIZES);
	plan = SPI_prepare(psprintf("SELECT * FROM ONLY %s", table->qualified), 0, NULL);
	if (plan == NULL)
		elog(ERROR, "could not prepare the check of the rows of \"%s\"", table->rel_name);
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	do
	{
		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, BATCH);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(scratch);

			check_row(table, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
			MemoryContextSwitchTo(old);
			MemoryContextReset(scratch);
		}
		SPI_freetuptable(SPI_tuptable);
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
	dyn_scope_end(&scope);
}

static void
check_row(const DynTable *table, HeapTuple row, TupleDesc descriptor)
{
	int			count = table->column_count;
	Datum	   *values = palloc(Max(count, 1) * sizeof(Datum));
	bool	   *nulls = palloc0(Max(count, 1) * sizeof(bool));
	bool		is_null;
	Datum		stored = value_of(table, row, descriptor, "item", &is_null);
	Datum		normal;
	DynItem    *item;
	DynKey		key;
	int			size;

	item = dyn_item_jsonb_read(DatumGetJsonbP(stored));
	dyn_key_columns_check_item(table, item, &key);
	size = dyn_item_size_checked(item);
	dyn_key_columns_check_fits(table, item, size);
	dyn_key_columns_fill(table, &key, item, values, nulls);
	dyn_key_columns_check_width(table, values, nulls);

	normal = JsonbPGetDatum(dyn_item_jsonb_build(item));
	if (!datumIsEqual(normal, PointerGetDatum(DatumGetJsonbP(stored)), false, -1))
		refuse(table, "item");
	if (DatumGetInt32(value_of(table, row, descriptor, "size", &is_null)) != size)
		refuse(table, "size");
	for (int i = 0; i < count; i++)
	{
		const char *name = table->columns[i].name;
		Datum		value = value_of(table, row, descriptor, name, &is_null);

		if (is_null != nulls[i] ||
			(!is_null && !datumIsEqual(values[i], PointerGetDatum(PG_DETOAST_DATUM(value)), false, -1)))
			refuse(table, name);
	}
}

static Datum
value_of(const DynTable *table, HeapTuple row, TupleDesc descriptor, const char *column, bool *is_null)
{
	int			number = SPI_fnumber(descriptor, column);
	Datum		value = (Datum) 0;

	*is_null = true;
	if (number > 0)
		value = SPI_getbinval(row, descriptor, number, is_null);
	if (*is_null && (strcmp(column, "item") == 0 || strcmp(column, "size") == 0))
		refuse(table, column);
	return value;
}

static void
refuse(const DynTable *table, const char *column)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("column \"%s\" of a row of \"%s\" is not what its item makes", column, table->rel_name),
			 errhint("Create a table, and insert the column \"item\" of these rows into it.")));
}
