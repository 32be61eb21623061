/*
 * The derived key columns of an item, for its table and indexes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "base/compat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "item/item_size.h"
#include "store/key_columns.h"
#include "store/row_plan.h"

/*
 * What the columns of a btree entry may take together: BTMaxItemSize of 8 KB pages, less the entry's header and the row
 * pointer that a page split can append.
 */
#define MAX_ENTRY_WIDTH (2704 - 16)

static const DynValue *find_value(const DynTable *table, const DynKey *key, const DynItem *item, int column);
static bool can_be_key(const DynColumn *column, const DynValue *value);
static bool expiry_seconds(const DynValue *value, int64 *seconds);
static const DynIndex *find_too_wide(const DynTable *table, const Datum *values, const bool *nulls, int *total);
static const DynIndex *next_by_name(const DynTable *table, const DynIndex *previous);
static void check_table_key(const DynTable *table, const DynItem *item, DynKey *key);
static void check_index_key(const DynIndex *index, const DynItem *item, const DynStr *attribute, DynKeySource source);
static void check_index_value(const DynIndex *index, const DynKeyPart *part, const DynValue *value,
							  DynKeySource source);
static void check_not_empty(const DynKeyPart *part, const DynValue *value, const char *index_name);
static bool is_empty(const DynValue *value);
static int	key_size(const DynValue *value);
static void check_sizes(int64 hash_size, int64 range_size);
static int	column_width(Datum value);

void
dyn_key_columns_fill(const DynTable *table, const DynKey *key, const DynItem *item, Datum *values, bool *nulls)
{
	for (int i = 0; i < table->column_count; i++)
	{
		const DynColumn *column = &table->columns[i];
		const DynValue *value = find_value(table, key, item, i);
		int64		seconds;

		if (column->is_ttl)
		{
			nulls[i] = value == NULL || !expiry_seconds(value, &seconds);
			values[i] = nulls[i] ? (Datum) 0 : Int64GetDatum(seconds);
			continue;
		}
		nulls[i] = value == NULL || !can_be_key(column, value);
		values[i] = nulls[i] ? (Datum) 0 : dyn_key_columns_datum(column, value);
	}
}

Datum
dyn_key_columns_datum(const DynColumn *column, const DynValue *value)
{
	DynStr		text;

	if (column->type == DYN_TYPE_N)
		return dyn_number_to_numeric(value->number);
	text = column->is_hash ? dyn_key_hash_column(value) : value->text;
	if (column->type == DYN_TYPE_S)
		text = dyn_text_to_stored(text);
	/* text and bytea look the same */
	return PointerGetDatum(cstring_to_text_with_len(text.data, text.len));
}

ParamListInfo
dyn_key_columns_params(const DynTable *table, const DynKey *key)
{
	ParamListInfo params = dyn_row_plan_params(key->count);

	for (int i = 0; i < key->count; i++)
	{
		const DynColumn *column = &table->columns[table->keys.parts[i].column];

		dyn_row_plan_set(params, i, dyn_key_columns_type(column), dyn_key_columns_datum(column, &key->values[i]), false);
	}
	return params;
}

Oid
dyn_key_columns_type(const DynColumn *column)
{
	if (column->is_ttl)
		return INT8OID;
	return column->type == DYN_TYPE_S ? TEXTOID : column->type == DYN_TYPE_N ? NUMERICOID : BYTEAOID;
}

void
dyn_key_columns_check_width(const DynTable *table, const Datum *values, const bool *nulls)
{
	int			total;
	const DynIndex *index = find_too_wide(table, values, nulls, &total);

	if (index != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_ENTRY_TOO_LARGE, index->name, total, MAX_ENTRY_WIDTH);
}

bool
dyn_key_columns_fits(const DynTable *table, const DynItem *item, int64 size)
{
	int64		total = size;
	DynKey		key;

	/* a table has five local indexes at most, so a small item need not be measured */
	if (size * (DYN_MAX_LOCAL_INDEXES + 1) <= DYN_MAX_ITEM_SIZE)
		return true;
	for (int i = 0; i < table->index_count; i++)
	{
		const DynIndex *index = &table->indexes[i];

		if (index->global || !dyn_key_from_item(&index->keys, item, &key))
			continue;
		for (int j = 0; j < item->count; j++)
			if (dyn_table_projects(table, index, item->attributes[j].name))
				total += item->attributes[j].name.len + dyn_item_size_value(&item->attributes[j].value);
	}
	return total <= DYN_MAX_ITEM_SIZE;
}

void
dyn_key_columns_check_fits(const DynTable *table, const DynItem *item, int64 size)
{
	if (dyn_key_columns_fits(table, item, size))
		return;
	dyn_error_bare();
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITEM_TOO_LARGE);
}

void
dyn_key_columns_drop_width(const DynTable *table, const Datum *values, bool *nulls)
{
	const DynIndex *index;
	int			total;

	while ((index = find_too_wide(table, values, nulls, &total)) != NULL)
	{
		for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
		{
			int			column = index->keys.parts[i].column;

			if (!dyn_table_is_primary(table, column))
				nulls[column] = true;
		}
	}
}

/* The first index whose entry would not fit, and the entry's size. */
static const DynIndex *
find_too_wide(const DynTable *table, const Datum *values, const bool *nulls, int *size)
{
	int			widths[DYN_MAX_WALK_COLUMNS];
	int			total = 0;

	/* most tables have nothing to check */
	for (int i = 0; i < table->column_count; i++)
		total += nulls[i] || table->columns[i].is_ttl ? 0 : column_width(values[i]);
	if (total <= MAX_ENTRY_WIDTH)
		return NULL;

	for (int i = 0; i < table->index_count; i++)
	{
		const DynIndex *index = &table->indexes[i];
		int			columns[DYN_MAX_WALK_COLUMNS];
		int			count = dyn_table_walk_columns(table, index, columns);
		bool		complete = true;

		total = 0;
		for (int k = 0; k < count; k++)
		{
			complete = complete && !nulls[columns[k]];
			widths[k] = complete ? column_width(values[columns[k]]) : 0;
			total += widths[k];
		}
		*size = total;
		if (complete && total > MAX_ENTRY_WIDTH)
			return index;
	}
	return NULL;
}

void
dyn_key_columns_check_item(const DynTable *table, const DynItem *item, DynKey *key)
{
	check_table_key(table, item, key);
	for (const DynIndex *index = next_by_name(table, NULL); index != NULL; index = next_by_name(table, index))
		check_index_key(index, item, NULL, DYN_KEY_GIVEN);
}

/*
 * The indexes that are not being deleted, in the order of their names, which is the order in which AWS finds fault with
 * them.  previous NULL: the first one.
 */
static const DynIndex *
next_by_name(const DynTable *table, const DynIndex *previous)
{
	const DynIndex *next = NULL;

	for (int i = 0; i < table->index_count; i++)
	{
		const DynIndex *index = &table->indexes[i];

		if (index->status != DYN_TABLE_DELETING && (previous == NULL || strcmp(index->name, previous->name) > 0) &&
			(next == NULL || strcmp(index->name, next->name) < 0))
			next = index;
	}
	return next;
}

static void
check_parts_not_empty(const DynKeySchema *keys, const DynItem *item, const char *index_name)
{
	for (int i = 0; i < dyn_key_part_count(keys); i++)
	{
		const DynValue *value = dyn_item_get(item, keys->parts[i].name);

		if (value != NULL && value->type == keys->parts[i].type)
			check_not_empty(&keys->parts[i], value, index_name);
	}
}

void
dyn_key_columns_check_empty(const DynTable *table, const DynItem *item)
{
	check_parts_not_empty(&table->keys, item, NULL);
	for (const DynIndex *index = next_by_name(table, NULL); index != NULL; index = next_by_name(table, index))
		check_parts_not_empty(&index->keys, item, index->name);
}

void
dyn_key_columns_check_updated(const DynTable *table, const DynItem *item, DynStr attribute, DynKeySource source)
{
	for (const DynIndex *index = next_by_name(table, NULL); index != NULL; index = next_by_name(table, index))
		if (dyn_key_part_find(&index->keys, attribute) != NULL)
			check_index_key(index, item, &attribute, source);
}

void
dyn_key_columns_check_key(const DynTable *table, const DynItem *item, DynKey *key)
{
	const DynKeySchema *keys = &table->keys;
	int			count = dyn_key_part_count(keys);

	if (item->count != count)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_DOES_NOT_MATCH);
	for (int i = 0; i < count; i++)
	{
		const DynValue *value = dyn_item_get(item, keys->parts[i].name);

		if (value == NULL || value->type != keys->parts[i].type)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_DOES_NOT_MATCH);
		check_not_empty(&keys->parts[i], value, NULL);
		key->values[i] = *value;
	}
	key->count = count;
	check_sizes(key_size(&key->values[0]), count > 1 ? key_size(&key->values[1]) : 0);
}

/* The value of a column's attribute, NULL when absent. */
static const DynValue *
find_value(const DynTable *table, const DynKey *key, const DynItem *item, int column)
{
	for (int i = 0; key != NULL && i < key->count; i++)
		if (table->keys.parts[i].column == column)
			return &key->values[i];
	return dyn_item_get(item, table->columns[column].attribute);
}

static bool
can_be_key(const DynColumn *column, const DynValue *value)
{
	if (value->type != column->type)
		return false;
	return value->type == DYN_TYPE_N ||
		(value->text.len > 0 && value->text.len <= (column->is_hash ? DYN_MAX_HASH_KEY_SIZE : DYN_MAX_RANGE_KEY_SIZE));
}

/* Whole seconds since 1970; only numbers expire an item, and only such as bigint holds. */
static bool
expiry_seconds(const DynValue *value, int64 *seconds)
{
	Datum		floor;

	if (value->type != DYN_TYPE_N)
		return false;
	floor = DirectFunctionCall1(numeric_floor, dyn_number_to_numeric(value->number));
	if (DatumGetBool(DirectFunctionCall2(numeric_lt, floor, DirectFunctionCall1(int8_numeric, Int64GetDatum(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, floor, DirectFunctionCall1(int8_numeric, Int64GetDatum(PG_INT64_MAX)))))
		return false;
	*seconds = DatumGetInt64(DirectFunctionCall1(numeric_int8, floor));
	return true;
}

static void
check_table_key(const DynTable *table, const DynItem *item, DynKey *key)
{
	const DynKeySchema *keys = &table->keys;
	int64		sizes[2] = {0, 0};

	for (int i = 0; i < dyn_key_part_count(keys); i++)
	{
		const DynKeyPart *part = &keys->parts[i];
		const DynValue *value = dyn_item_get(item, part->name);

		if (value == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_MISSING_IN_ITEM, dyn_text_printable(part->name));
		if (value->type != part->type)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_TYPE_MISMATCH,
					  dyn_text_printable(part->name), dyn_value_type_name(part->type), dyn_value_type_name(value->type));
		check_not_empty(part, value, NULL);
		sizes[part->is_hash ? 0 : 1] += key_size(value);
		key->values[i] = *value;
	}
	key->count = dyn_key_part_count(keys);
	check_sizes(sizes[0], sizes[1]);
}

/*
 * Checks the attribute's value, or those of all attributes (NULL), and the size of the whole entry.  Other values may
 * be older than the index.
 */
static void
check_index_key(const DynIndex *index, const DynItem *item, const DynStr *attribute, DynKeySource source)
{
	int64		sizes[2] = {0, 0};

	for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
	{
		const DynKeyPart *part = &index->keys.parts[i];
		const DynValue *value = dyn_item_get(item, part->name);

		if (value == NULL)
			continue;
		if (attribute == NULL || dyn_text_equal(part->name, *attribute))
			check_index_value(index, part, value, source);
		if (value->type == part->type)
			sizes[part->is_hash ? 0 : 1] += key_size(value);
	}
	if (source == DYN_KEY_COMPUTED && (sizes[0] > DYN_MAX_HASH_KEY_SIZE || sizes[1] > DYN_MAX_RANGE_KEY_SIZE))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_INDEX_KEY_TOO_LONG);
	check_sizes(sizes[0], sizes[1]);
}

static void
check_index_value(const DynIndex *index, const DynKeyPart *part, const DynValue *value, DynKeySource source)
{
	if (value->type != part->type && source == DYN_KEY_COMPUTED)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_INDEX_KEY_TYPE);
	if (value->type != part->type)
		dyn_error(DYN_ERR_VALIDATION,
				  DYN_MSG_INDEX_KEY_TYPE_MISMATCH,
				  dyn_text_printable(part->name), dyn_value_type_name(part->type), dyn_value_type_name(value->type), index->name);
	if (source != DYN_KEY_GIVEN && is_empty(value))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_INDEX_KEY_EMPTY, value->type == DYN_TYPE_S ? "string" : "binary");
	check_not_empty(part, value, index->name);
}

static bool
is_empty(const DynValue *value)
{
	return (value->type == DYN_TYPE_S || value->type == DYN_TYPE_B) && value->text.len == 0;
}

static void
check_not_empty(const DynKeyPart *part, const DynValue *value, const char *index_name)
{
	const char *kind = value->type == DYN_TYPE_S ? "string" : "binary";

	if (!is_empty(value))
		return;
	if (index_name == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_VALUE_EMPTY, kind, dyn_text_printable(part->name));
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_KEY_VALUE_EMPTY, kind, index_name, dyn_text_printable(part->name));
}

static int
key_size(const DynValue *value)
{
	return value->type == DYN_TYPE_N ? 0 : value->text.len;
}

static void
check_sizes(int64 hash_size, int64 range_size)
{
	/* "of2048" is how AWS writes it */
	if (hash_size > DYN_MAX_HASH_KEY_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_HASH_KEY_TOO_LONG, DYN_MAX_HASH_KEY_SIZE);
	if (range_size > DYN_MAX_RANGE_KEY_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RANGE_KEY_TOO_LONG, DYN_MAX_RANGE_KEY_SIZE);
}

/* Bytes of a column in an index entry: short values have a header of one byte, others four and start aligned. */
static int
column_width(Datum value)
{
	int			length = VARSIZE_ANY_EXHDR(DatumGetPointer(value));

	return length + 1 <= VARATT_SHORT_MAX ? length + 1 : INTALIGN(length + VARHDRSZ) + 3;
}
