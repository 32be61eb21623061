/*
 * Rows of the catalogue to descriptors and back.
 *
 * The plain columns of dynamo.tables and dynamo.indexes are listed once, below, with their places in DynTable and
 * DynIndex; reading, inserting and updating all go by those lists.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "catalog/table_entry.h"
#include "db/sql.h"

typedef enum FieldKind
{
	FIELD_INT64,
	FIELD_INT32,
	FIELD_BOOL,
	FIELD_TIME,					/* 0 is null */
	FIELD_STRING,				/* NULL is null */
	FIELD_UUID,
	FIELD_STATUS,
	FIELD_PROJECTION
} FieldKind;

typedef struct RowField
{
	const char *column;
	FieldKind	kind;
	size_t		offset;
	bool		fixed;			/* never updated */
} RowField;

#define THROUGHPUT_FIELDS(type) \
	{"read_units", FIELD_INT64, offsetof(type, throughput.read_units)}, \
	{"write_units", FIELD_INT64, offsetof(type, throughput.write_units)}, \
	{"last_increase", FIELD_TIME, offsetof(type, throughput.last_increase)}, \
	{"last_decrease", FIELD_TIME, offsetof(type, throughput.last_decrease)}, \
	{"decreases_today", FIELD_INT32, offsetof(type, throughput.decreases_today)}, \
	{"max_read_units", FIELD_INT64, offsetof(type, throughput.max_read_units)}, \
	{"max_write_units", FIELD_INT64, offsetof(type, throughput.max_write_units)}, \
	{"has_on_demand", FIELD_BOOL, offsetof(type, throughput.has_on_demand)}, \
	{"warm_read_units", FIELD_INT64, offsetof(type, throughput.warm_read_units)}, \
	{"warm_write_units", FIELD_INT64, offsetof(type, throughput.warm_write_units)}

static const RowField table_fields[] = {
	{"id", FIELD_INT64, offsetof(DynTable, id), true},
	{"name", FIELD_STRING, offsetof(DynTable, name), true},
	{"rel_name", FIELD_STRING, offsetof(DynTable, rel_name), true},
	{"uuid", FIELD_UUID, offsetof(DynTable, uuid), true},
	{"created", FIELD_TIME, offsetof(DynTable, created), true},
	{"status", FIELD_STATUS, offsetof(DynTable, status)},
	{"on_demand", FIELD_BOOL, offsetof(DynTable, on_demand)},
	{"on_demand_since", FIELD_TIME, offsetof(DynTable, on_demand_since)},
	{"has_billing_mode", FIELD_BOOL, offsetof(DynTable, has_billing_mode)},
	{"deletion_protection", FIELD_BOOL, offsetof(DynTable, deletion_protection)},
	{"table_class", FIELD_STRING, offsetof(DynTable, table_class)},
	{"table_class_changed", FIELD_TIME, offsetof(DynTable, table_class_changed)},
	{"sse_type", FIELD_STRING, offsetof(DynTable, sse_type)},
	{"sse_key", FIELD_STRING, offsetof(DynTable, sse_key)},
	{"stream_view", FIELD_STRING, offsetof(DynTable, stream_view)},
	{"stream_label", FIELD_STRING, offsetof(DynTable, stream_label)},
	{"ttl_changed", FIELD_TIME, offsetof(DynTable, ttl_changed)},
	{"ttl_ready", FIELD_BOOL, offsetof(DynTable, ttl_ready)},
	THROUGHPUT_FIELDS(DynTable)
};

static const RowField index_fields[] = {
	{"name", FIELD_STRING, offsetof(DynIndex, name), true},
	{"global", FIELD_BOOL, offsetof(DynIndex, global), true},
	{"rel_name", FIELD_STRING, offsetof(DynIndex, rel_name), true},
	{"projection", FIELD_PROJECTION, offsetof(DynIndex, projection), true},
	{"status", FIELD_STATUS, offsetof(DynIndex, status)},
	{"backfilling", FIELD_BOOL, offsetof(DynIndex, backfilling)},
	THROUGHPUT_FIELDS(DynIndex)
};

static const char *const status_names[] = {"CREATING", "UPDATING", "DELETING", "ACTIVE"};
static const char *const projection_names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};

/* A statement under construction: its text and the parameters that it names so far. */
#define MAX_PARAMETERS 64

typedef struct Statement
{
	StringInfoData sql;
	int			count;
	Oid			types[MAX_PARAMETERS];
	Datum		values[MAX_PARAMETERS];
	char		nulls[MAX_PARAMETERS];
} Statement;

static bool load_table(DynTable *table, const char *name, MemoryContext context, DynStr *keys);
static void load_attributes(DynTable *table, MemoryContext context);
static void load_ttl_column(DynTable *table);
static void load_indexes(DynTable *table, MemoryContext context);
static void set_part(const DynTable *table, DynKeySchema *keys, DynStr attribute, bool is_hash);
static void append_columns(StringInfo sql, const RowField *fields, int count);
static void read_fields(void *target, const RowField *fields, int count, HeapTuple row, MemoryContext context);
static void add_fields(Statement *statement, const RowField *fields, int count, const void *source);
static void add_parameter(Statement *statement, Oid type, Datum value, bool is_null);
static void add_text(Statement *statement, DynStr text);
static void add_column(Statement *statement, const DynTable *table, DynStr attribute, bool is_hash);
static void add_parts(Statement *statement, const DynKeySchema *keys, bool is_hash);
static void add_texts(Statement *statement, const DynStr *texts, int count);
static void update_row(const RowField *fields, int count, const void *source, const char *table_name, int64 id,
					   const char *index_name);
static void run(Statement *statement);
static Datum row_value(HeapTuple row, int column, bool *is_null);
static DynStr row_text(HeapTuple row, int column, MemoryContext context);
static int	row_texts(HeapTuple row, int column, DynStr **texts, MemoryContext context);
static DynStr stored_text(Datum datum, MemoryContext context);
static Datum text_datum(DynStr text);
static int	find_name(const char *const *names, int count, const char *name);

bool
dyn_table_entry_load(DynTable *table, const char *name, MemoryContext context)
{
	DynStr		keys[2];

	if (!load_table(table, name, context, keys))
		return false;
	if (dyn_table_entry_relation(table->rel_name) != table->relid)
		return false;
	load_attributes(table, context);
	set_part(table, &table->keys, keys[0], true);
	if (keys[1].data != NULL)
		set_part(table, &table->keys, keys[1], false);
	load_indexes(table, context);
	return true;
}

/*
 * A view or a foreign table that SQL users put in the place of an item table is none: what it would run is not the row
 * access that privileges were checked for.
 */
Oid
dyn_table_entry_relation(const char *rel_name)
{
	Oid			relid = get_relname_relid(rel_name, get_namespace_oid(DYN_ITEM_SCHEMA, false));
	char		kind = OidIsValid(relid) ? get_rel_relkind(relid) : '\0';

	return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE ? relid : InvalidOid;
}

/* keys: the table's hash key and its range key (data NULL when it has none). */
static bool
load_table(DynTable *table, const char *name, MemoryContext context, DynStr *keys)
{
	StringInfoData sql;
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(name);
	HeapTuple	row;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	append_columns(&sql, table_fields, lengthof(table_fields));
	appendStringInfoString(&sql, ", hash_key, range_key, ttl_attribute FROM dynamo.tables WHERE name = $1");
	if (dyn_sql_latest(sql.data, 1, &type, &value, 0) != 1)
		return false;
	row = SPI_tuptable->vals[0];
	read_fields(table, table_fields, lengthof(table_fields), row, context);
	keys[0] = row_text(row, lengthof(table_fields) + 1, context);
	keys[1] = row_text(row, lengthof(table_fields) + 2, context);
	table->ttl_attribute = row_text(row, lengthof(table_fields) + 3, context);
	return true;
}

static int
compare_columns(const void *a, const void *b)
{
	return ((const DynColumn *) a)->attnum - ((const DynColumn *) b)->attnum;
}

static void
load_column(DynTable *table, const DynAttributeDefinition *definition, DynStr name, bool is_hash, MemoryContext context)
{
	DynColumn  *column;
	MemoryContext old;

	if (name.data == NULL)
		return;
	column = &table->columns[table->column_count++];
	old = MemoryContextSwitchTo(context);
	column->attribute = definition->name;
	column->type = definition->type;
	column->is_hash = is_hash;
	column->name = name.data;
	column->quoted = pstrdup(quote_identifier(name.data));
	MemoryContextSwitchTo(old);
	column->attnum = get_attnum(table->relid, column->name);
}

static void
load_ttl_column(DynTable *table)
{
	DynColumn  *column = &table->columns[table->column_count++];

	column->attribute = table->ttl_attribute;
	column->type = DYN_TYPE_N;
	column->is_ttl = true;
	column->name = DYN_TTL_COLUMN;
	column->quoted = "\"" DYN_TTL_COLUMN "\"";
	column->attnum = get_attnum(table->relid, column->name);
}

static void
load_attributes(DynTable *table, MemoryContext context)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(table->id);
	int			count;

	count = dyn_sql_latest("SELECT name, type, hash_column, range_column FROM dynamo.attributes "
								"WHERE table_id = $1 ORDER BY position", 1, &type, &value, 0);
	table->definition_count = count;
	table->definitions = MemoryContextAllocZero(context, Max(count, 1) * sizeof(DynAttributeDefinition));
	table->columns = MemoryContextAllocZero(context, (count * 2 + 1) * sizeof(DynColumn));
	for (int i = 0; i < count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		DynAttributeDefinition *definition = &table->definitions[i];

		definition->name = row_text(row, 1, context);
		if (!dyn_value_type_from_name(row_text(row, 2, context), &definition->type))
			elog(ERROR, "unknown attribute type in dynamo.attributes");
		load_column(table, definition, row_text(row, 3, context), true, context);
		load_column(table, definition, row_text(row, 4, context), false, context);
	}
	if (table->ttl_attribute.data != NULL)
		load_ttl_column(table);
	qsort(table->columns, table->column_count, sizeof(DynColumn), compare_columns);
	table->item_attnum = get_attnum(table->relid, "item");
	table->size_attnum = get_attnum(table->relid, "size");
}

static void
load_indexes(DynTable *table, MemoryContext context)
{
	StringInfoData sql;
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(table->id);
	int			first_array = lengthof(index_fields) + 1;
	int			count;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	append_columns(&sql, index_fields, lengthof(index_fields));
	appendStringInfoString(&sql, ", hash_keys, range_keys, non_key FROM dynamo.indexes WHERE table_id = $1 "
						   "ORDER BY global, position");
	count = dyn_sql_latest(sql.data, 1, &type, &value, 0);
	table->index_count = count;
	table->indexes = MemoryContextAllocZero(context, Max(count, 1) * sizeof(DynIndex));
	for (int i = 0; i < count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		DynIndex   *index = &table->indexes[i];
		DynStr	   *names;
		int			name_count;

		read_fields(index, index_fields, lengthof(index_fields), row, context);
		for (int range = 0; range < 2; range++)
		{
			name_count = row_texts(row, first_array + range, &names, context);
			for (int k = 0; k < name_count; k++)
				set_part(table, &index->keys, names[k], range == 0);
		}
		index->non_key_count = row_texts(row, first_array + 2, &index->non_key, context);
	}
}

static void
set_part(const DynTable *table, DynKeySchema *keys, DynStr attribute, bool is_hash)
{
	int			column = dyn_table_find_column(table, attribute, is_hash);
	DynKeyPart *part;

	if (column < 0 || keys->hash_count + keys->range_count >= lengthof(keys->parts))
		elog(ERROR, "key attribute \"%s\" of table \"%s\" has no column in the catalogue",
			 dyn_text_printable(attribute), table->name);
	part = &keys->parts[keys->hash_count + keys->range_count];
	part->name = table->columns[column].attribute;
	part->type = table->columns[column].type;
	part->is_hash = is_hash;
	part->column = column;
	if (is_hash)
		keys->hash_count++;
	else
		keys->range_count++;
}

void
dyn_table_entry_insert(const DynTable *table)
{
	Statement	statement = {0};

	initStringInfo(&statement.sql);
	appendStringInfoString(&statement.sql, "INSERT INTO dynamo.tables (");
	append_columns(&statement.sql, table_fields, lengthof(table_fields));
	appendStringInfoString(&statement.sql, ", hash_key, range_key) VALUES (");
	add_fields(&statement, table_fields, lengthof(table_fields), table);
	add_text(&statement, table->keys.parts[0].name);
	add_text(&statement, table->keys.range_count > 0 ? table->keys.parts[1].name : (DynStr) {NULL, 0});
	run(&statement);

	for (int i = 0; i < table->definition_count; i++)
		dyn_table_entry_insert_attribute(table, i);
	for (int i = 0; i < table->index_count; i++)
		dyn_table_entry_insert_index(table, &table->indexes[i]);
}

void
dyn_table_entry_insert_attribute(const DynTable *table, int position)
{
	const DynAttributeDefinition *definition = &table->definitions[position];
	Statement	statement = {0};

	initStringInfo(&statement.sql);
	appendStringInfoString(&statement.sql, "INSERT INTO dynamo.attributes "
						   "(table_id, position, name, type, hash_column, range_column) VALUES (");
	add_parameter(&statement, INT8OID, Int64GetDatum(table->id), false);
	add_parameter(&statement, INT4OID, Int32GetDatum(position), false);
	add_text(&statement, definition->name);
	add_text(&statement, dyn_text_from_cstring(dyn_value_type_name(definition->type)));
	add_column(&statement, table, definition->name, true);
	add_column(&statement, table, definition->name, false);
	run(&statement);
}

void
dyn_table_entry_insert_index(const DynTable *table, const DynIndex *index)
{
	Statement	statement = {0};

	initStringInfo(&statement.sql);
	appendStringInfoString(&statement.sql, "INSERT INTO dynamo.indexes (");
	append_columns(&statement.sql, index_fields, lengthof(index_fields));
	appendStringInfoString(&statement.sql, ", table_id, position, hash_keys, range_keys, non_key) VALUES (");
	add_fields(&statement, index_fields, lengthof(index_fields), index);
	add_parameter(&statement, INT8OID, Int64GetDatum(table->id), false);
	add_parameter(&statement, INT4OID, Int32GetDatum(index - table->indexes), false);
	add_parts(&statement, &index->keys, true);
	add_parts(&statement, &index->keys, false);
	add_texts(&statement, index->non_key, index->non_key_count);
	run(&statement);
}

void
dyn_table_entry_set_ttl(const DynTable *table, DynStr attribute)
{
	Oid			types[2] = {INT8OID, TEXTOID};
	Datum		values[2] = {Int64GetDatum(table->id), attribute.data ? text_datum(attribute) : (Datum) 0};

	dyn_sql_run("UPDATE dynamo.tables SET ttl_attribute = $2 WHERE id = $1", 2, types, values,
				  attribute.data ? "  " : " n", SPI_OK_UPDATE);
}

void
dyn_table_entry_delete_index(const DynTable *table, const DynIndex *index)
{
	Oid			types[2] = {INT8OID, TEXTOID};
	Datum		values[2] = {Int64GetDatum(table->id), CStringGetTextDatum(index->name)};

	dyn_sql_run("DELETE FROM dynamo.indexes WHERE table_id = $1 AND name = $2", 2, types, values, NULL, SPI_OK_DELETE);
}

void
dyn_table_entry_set_columns(const DynTable *table, DynStr attribute, const char *hash_column, const char *range_column)
{
	Oid			types[4] = {INT8OID, TEXTOID, TEXTOID, TEXTOID};
	Datum		values[4] = {Int64GetDatum(table->id), text_datum(attribute),
					   hash_column ? CStringGetTextDatum(hash_column) : (Datum) 0,
					   range_column ? CStringGetTextDatum(range_column) : (Datum) 0};
	char		nulls[4] = {' ', ' ', hash_column ? ' ' : 'n', range_column ? ' ' : 'n'};
	bool		used = hash_column != NULL || range_column != NULL;

	if (used)
		dyn_sql_run("UPDATE dynamo.attributes SET hash_column = $3, range_column = $4 WHERE table_id = $1 AND name = $2",
					  4, types, values, nulls, SPI_OK_UPDATE);
	else
		dyn_sql_run("DELETE FROM dynamo.attributes WHERE table_id = $1 AND name = $2", 2, types, values, nulls,
					SPI_OK_DELETE);
}

void
dyn_table_entry_update(const DynTable *table, const DynTable *changed)
{
	update_row(table_fields, lengthof(table_fields), changed, "tables", table->id, NULL);
	for (int i = 0; i < changed->index_count; i++)
		update_row(index_fields, lengthof(index_fields), &changed->indexes[i], "indexes", table->id,
				   changed->indexes[i].name);
}

static void
update_row(const RowField *fields, int count, const void *source, const char *table_name, int64 id,
		   const char *index_name)
{
	Statement	statement = {0};

	initStringInfo(&statement.sql);
	appendStringInfo(&statement.sql, "UPDATE dynamo.%s SET ", table_name);
	for (int i = 0; i < count; i++)
	{
		if (fields[i].fixed)
			continue;
		appendStringInfo(&statement.sql, "%s%s = ", statement.count > 0 ? ", " : "", fields[i].column);
		add_fields(&statement, &fields[i], 1, source);
	}
	appendStringInfo(&statement.sql, " WHERE %s = ", index_name ? "table_id" : "id");
	add_parameter(&statement, INT8OID, Int64GetDatum(id), false);
	if (index_name != NULL)
	{
		appendStringInfoString(&statement.sql, " AND name = ");
		add_text(&statement, dyn_text_from_cstring(index_name));
	}
	dyn_sql_run(statement.sql.data, statement.count, statement.types, statement.values, statement.nulls, SPI_OK_UPDATE);
}

static void
append_columns(StringInfo sql, const RowField *fields, int count)
{
	for (int i = 0; i < count; i++)
		appendStringInfo(sql, "%s%s", i > 0 ? ", " : "", fields[i].column);
}

static void
read_fields(void *target, const RowField *fields, int count, HeapTuple row, MemoryContext context)
{
	for (int i = 0; i < count; i++)
	{
		char	   *place = (char *) target + fields[i].offset;
		bool		is_null;
		Datum		value = row_value(row, i + 1, &is_null);

		switch (fields[i].kind)
		{
			case FIELD_INT64:
				*(int64 *) place = DatumGetInt64(value);
				break;
			case FIELD_INT32:
				*(int *) place = DatumGetInt32(value);
				break;
			case FIELD_BOOL:
				*(bool *) place = DatumGetBool(value);
				break;
			case FIELD_TIME:
				*(TimestampTz *) place = is_null ? 0 : DatumGetTimestampTz(value);
				break;
			case FIELD_STRING:
				*(const char **) place = is_null ? NULL : MemoryContextStrdup(context, TextDatumGetCString(value));
				break;
			case FIELD_UUID:
				strlcpy(place, DatumGetCString(DirectFunctionCall1(uuid_out, value)), sizeof(((DynTable *) 0)->uuid));
				break;
			case FIELD_STATUS:
				*(DynTableStatus *) place = find_name(status_names, lengthof(status_names), TextDatumGetCString(value));
				break;
			case FIELD_PROJECTION:
				*(DynProjectionType *) place = find_name(projection_names, lengthof(projection_names), TextDatumGetCString(value));
				break;
		}
	}
}

static void
add_fields(Statement *statement, const RowField *fields, int count, const void *source)
{
	for (int i = 0; i < count; i++)
	{
		const char *place = (const char *) source + fields[i].offset;
		const char *text;

		switch (fields[i].kind)
		{
			case FIELD_INT64:
				add_parameter(statement, INT8OID, Int64GetDatum(*(const int64 *) place), false);
				break;
			case FIELD_INT32:
				add_parameter(statement, INT4OID, Int32GetDatum(*(const int *) place), false);
				break;
			case FIELD_BOOL:
				add_parameter(statement, BOOLOID, BoolGetDatum(*(const bool *) place), false);
				break;
			case FIELD_TIME:
				add_parameter(statement, TIMESTAMPTZOID, TimestampTzGetDatum(*(const TimestampTz *) place),
							  *(const TimestampTz *) place == 0);
				break;
			case FIELD_STRING:
				text = *(const char *const *) place;
				add_parameter(statement, TEXTOID, text ? CStringGetTextDatum(text) : (Datum) 0, text == NULL);
				break;
			case FIELD_UUID:
				add_parameter(statement, UUIDOID, DirectFunctionCall1(uuid_in, CStringGetDatum(place)), false);
				break;
			case FIELD_STATUS:
				text = status_names[*(const DynTableStatus *) place];
				add_parameter(statement, TEXTOID, CStringGetTextDatum(text), false);
				break;
			case FIELD_PROJECTION:
				text = projection_names[*(const DynProjectionType *) place];
				add_parameter(statement, TEXTOID, CStringGetTextDatum(text), false);
				break;
		}
	}
}

/* Appends "$n", after a comma where one is needed. */
static void
add_parameter(Statement *statement, Oid type, Datum value, bool is_null)
{
	StringInfo	sql = &statement->sql;
	int			n = statement->count++;

	if (n >= MAX_PARAMETERS)
		elog(ERROR, "too many parameters in a statement");
	if (n > 0 && sql->data[sql->len - 1] != ' ')
		appendStringInfoString(sql, ", ");
	appendStringInfo(sql, "$%d", n + 1);
	statement->types[n] = type;
	statement->values[n] = value;
	statement->nulls[n] = is_null ? 'n' : ' ';
}

static void
add_text(Statement *statement, DynStr text)
{
	add_parameter(statement, TEXTOID, text.data ? text_datum(text) : (Datum) 0, text.data == NULL);
}

static void
add_column(Statement *statement, const DynTable *table, DynStr attribute, bool is_hash)
{
	int			column = dyn_table_find_column(table, attribute, is_hash);

	add_text(statement, column < 0 ? (DynStr) {NULL, 0} : dyn_text_from_cstring(table->columns[column].name));
}

static void
add_parts(Statement *statement, const DynKeySchema *keys, bool is_hash)
{
	DynStr		names[lengthof(keys->parts)];
	int			count = 0;

	for (int i = 0; i < dyn_key_part_count(keys); i++)
		if (keys->parts[i].is_hash == is_hash)
			names[count++] = keys->parts[i].name;
	add_texts(statement, names, count);
}

static void
add_texts(Statement *statement, const DynStr *texts, int count)
{
	Datum	   *values = palloc(Max(count, 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
		values[i] = text_datum(texts[i]);
	add_parameter(statement, TEXTARRAYOID,
				  PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT)), false);
}

/* Closes an INSERT's list of values, and runs it. */
static void
run(Statement *statement)
{
	appendStringInfoChar(&statement->sql, ')');
	dyn_sql_run(statement->sql.data, statement->count, statement->types, statement->values, statement->nulls,
				SPI_OK_INSERT);
}

static Datum
row_value(HeapTuple row, int column, bool *is_null)
{
	return SPI_getbinval(row, SPI_tuptable->tupdesc, column, is_null);
}

static DynStr
row_text(HeapTuple row, int column, MemoryContext context)
{
	bool		is_null;
	Datum		value = row_value(row, column, &is_null);

	return is_null ? (DynStr) {NULL, 0} : stored_text(value, context);
}

static int
row_texts(HeapTuple row, int column, DynStr **texts, MemoryContext context)
{
	bool		is_null;
	Datum		array = row_value(row, column, &is_null);
	Datum	   *values;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &values, NULL, &count);
	*texts = MemoryContextAlloc(context, Max(count, 1) * sizeof(DynStr));
	for (int i = 0; i < count; i++)
		(*texts)[i] = stored_text(values[i], context);
	return count;
}

/* A copy with a NUL behind it. */
static DynStr
stored_text(Datum datum, MemoryContext context)
{
	text	   *value = DatumGetTextPP(datum);
	DynStr		text = dyn_text_from_stored((DynStr) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)});
	char	   *copy = MemoryContextAlloc(context, text.len + 1);

	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return (DynStr) {copy, text.len};
}

static Datum
text_datum(DynStr text)
{
	DynStr		stored = dyn_text_to_stored(text);

	return PointerGetDatum(cstring_to_text_with_len(stored.data, stored.len));
}

static int
find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	elog(ERROR, "unknown word \"%s\" in the catalogue", name);
}
