/*
 * Tags of tables: rows of dynamo.tags.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "catalog/table_entry.h"
#include "catalog/tag.h"
#include "db/sql.h"
#include "db/scope.h"

static Datum stored_datum(DynStr text);
static DynStr read_text(int row, int column, MemoryContext context);

void
dyn_tag_put(const DynTable *table, const DynTag *tags, int count)
{
	Oid			types[3] = {INT8OID, TEXTOID, TEXTOID};
	DynScope scope;

	dyn_scope_begin(&scope);
	for (int i = 0; i < count; i++)
	{
		Datum		values[3] = {Int64GetDatum(table->id), stored_datum(tags[i].key), stored_datum(tags[i].value)};

		dyn_sql_run("INSERT INTO dynamo.tags (table_id, key, value) VALUES ($1, $2, $3) "
					  "ON CONFLICT (table_id, key) DO UPDATE SET value = EXCLUDED.value", 3, types, values, NULL, SPI_OK_INSERT);
	}
	dyn_scope_end(&scope);
}

void
dyn_tag_remove(const DynTable *table, const DynStr *keys, int count)
{
	Oid			types[2] = {INT8OID, TEXTOID};
	DynScope scope;

	dyn_scope_begin(&scope);
	for (int i = 0; i < count; i++)
	{
		Datum		values[2] = {Int64GetDatum(table->id), stored_datum(keys[i])};

		dyn_sql_run("DELETE FROM dynamo.tags WHERE table_id = $1 AND key = $2", 2, types, values, NULL, SPI_OK_DELETE);
	}
	dyn_scope_end(&scope);
}

int
dyn_tag_list(const DynTable *table, DynTag **tags)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(table->id);
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_sql_latest("SELECT key, value FROM dynamo.tags WHERE table_id = $1 ORDER BY key", 1, &type, &value, 0);
	*tags = MemoryContextAlloc(caller, Max(count, 1) * sizeof(DynTag));
	for (int i = 0; i < count; i++)
	{
		(*tags)[i].key = read_text(i, 1, caller);
		(*tags)[i].value = read_text(i, 2, caller);
	}
	dyn_scope_end(&scope);
	return count;
}

static Datum
stored_datum(DynStr text)
{
	DynStr		stored = dyn_text_to_stored(text);

	return PointerGetDatum(cstring_to_text_with_len(stored.data, stored.len));
}

static DynStr
read_text(int row, int column, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	char	   *value = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
	DynStr		text = dyn_text_copy(dyn_text_from_stored(dyn_text_from_cstring(value)));

	MemoryContextSwitchTo(old);
	return text;
}
