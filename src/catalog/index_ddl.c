/*
 * Indexes that come to or go from a table that is in use.
 *
 * A key attribute's column is called like the attribute, unless the attribute's other use, as hash key or as range key,
 * has that name already.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "base/bucket.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/index_ddl.h"
#include "catalog/table_cache.h"
#include "catalog/table_ddl.h"
#include "catalog/table_entry.h"
#include "catalog/table_name.h"
#include "db/sql.h"
#include "db/scope.h"

static void add_column(DynTable *changed, DynStr attribute, DynType type, bool is_hash);
static void refuse_partition(const DynTable *table);
static void insert_rows(const DynTable *table, DynTable *changed, int old_columns);
static void drop_unused(const DynTable *table, const DynIndex *index);
static bool is_used(const DynTable *table, const DynIndex *but, int column);
static const char *column_name(const DynTable *table, DynStr attribute, bool is_hash);
static bool is_taken(const DynTable *table, const char *name);

void
dyn_index_ddl_add(const DynTable *table, const DynIndex *index, const DynAttributeDefinition *definitions, int count)
{
	DynTable	changed = *table;
	DynIndex   *added;

	changed.columns = palloc0((table->column_count + 2 * DYN_MAX_WALK_COLUMNS) * sizeof(DynColumn));
	memcpy(changed.columns, table->columns, table->column_count * sizeof(DynColumn));
	changed.definitions = palloc0((table->definition_count + count) * sizeof(DynAttributeDefinition));
	memcpy(changed.definitions, table->definitions, table->definition_count * sizeof(DynAttributeDefinition));
	changed.indexes = palloc0((table->index_count + 1) * sizeof(DynIndex));
	memcpy(changed.indexes, table->indexes, table->index_count * sizeof(DynIndex));
	added = &changed.indexes[changed.index_count++];
	*added = *index;
	added->status = DYN_TABLE_CREATING;
	added->backfilling = true;
	dyn_bucket_forget_index(table->relid, added->name);
	added->rel_name = dyn_table_name_relation(table->name, index->name);

	for (int i = 0; i < dyn_key_part_count(&added->keys); i++)
	{
		DynKeyPart *part = &added->keys.parts[i];
		bool		defined = false;

		for (int k = 0; k < changed.definition_count; k++)
			defined = defined || dyn_text_equal(changed.definitions[k].name, part->name);
		if (!defined)
			changed.definitions[changed.definition_count++] = (DynAttributeDefinition) {part->name, part->type};
		if (dyn_table_find_column(&changed, part->name, part->is_hash) < 0)
			add_column(&changed, part->name, part->type, part->is_hash);
		part->column = dyn_table_find_column(&changed, part->name, part->is_hash);
	}
	insert_rows(table, &changed, table->column_count);
}

/* The column is empty in all rows; nothing but the definition changes. */
static void
add_column(DynTable *changed, DynStr attribute, DynType type, bool is_hash)
{
	DynColumn  *column = &changed->columns[changed->column_count];
	StringInfoData sql;

	column->attribute = attribute;
	column->type = type;
	column->is_hash = is_hash;
	column->name = column_name(changed, attribute, is_hash);
	column->quoted = quote_identifier(column->name);
	changed->column_count++;
	refuse_partition(changed);

	initStringInfo(&sql);
	appendStringInfo(&sql, "ALTER TABLE %s ADD COLUMN %s %s", changed->qualified, column->quoted,
					 dyn_table_name_column_type(column));
	dyn_index_ddl_run(sql.data);
	if (type == DYN_TYPE_N)
		return;
	resetStringInfo(&sql);
	appendStringInfo(&sql, "ALTER TABLE %s ALTER COLUMN %s SET STORAGE MAIN", changed->qualified, column->quoted);
	dyn_index_ddl_run(sql.data);
}

/* PostgreSQL adds no column to one, and its error would be none that a client of the API understands. */
static void
refuse_partition(const DynTable *table)
{
	const DynErrorInfo *info = dyn_error_info(DYN_ERR_RESOURCE_IN_USE);

	if (get_rel_relispartition(table->relid))
		ereport(ERROR,
				(errcode(info->sqlstate),
				 errmsg("%s: " DYN_MSG_TABLE_IS_PARTITION, info->name, table->name),
				 errhint("Use ALTER TABLE ... DETACH PARTITION; see dynamo.check_table().")));
}

static void
insert_rows(const DynTable *table, DynTable *changed, int old_columns)
{
	DynScope scope;

	dyn_scope_begin(&scope);
	for (int i = old_columns; i < changed->column_count; i++)
	{
		DynStr		attribute = changed->columns[i].attribute;
		int			hash = dyn_table_find_column(changed, attribute, true);
		int			range = dyn_table_find_column(changed, attribute, false);

		for (int k = 0; k < table->definition_count; k++)
			if (dyn_text_equal(table->definitions[k].name, attribute))
				dyn_table_entry_set_columns(table, attribute, hash < 0 ? NULL : changed->columns[hash].name,
										  range < 0 ? NULL : changed->columns[range].name);
	}
	for (int i = table->definition_count; i < changed->definition_count; i++)
		dyn_table_entry_insert_attribute(changed, i);
	dyn_table_entry_insert_index(changed, &changed->indexes[changed->index_count - 1]);
	dyn_scope_end(&scope);
	dyn_table_cache_invalidate(table->relid);
	CommandCounterIncrement();
}

void
dyn_index_ddl_remove(const DynTable *table, const DynIndex *index)
{
	DynScope scope;

	SPI_connect();
	if (dyn_index_method_state(table, index) != DYN_INDEX_MISSING)
		dyn_sql_utility(dyn_index_method_drop_text(table, index, false));
	drop_unused(table, index);
	SPI_finish();
	dyn_scope_begin(&scope);
	dyn_table_entry_delete_index(table, index);
	for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
	{
		DynStr		attribute = index->keys.parts[i].name;
		int			hash = dyn_table_find_column(table, attribute, true);
		int			range = dyn_table_find_column(table, attribute, false);

		dyn_table_entry_set_columns(table, attribute,
									hash >= 0 && is_used(table, index, hash) ? table->columns[hash].name : NULL,
									range >= 0 && is_used(table, index, range) ? table->columns[range].name : NULL);
	}
	dyn_scope_end(&scope);
	dyn_table_cache_invalidate(table->relid);
	CommandCounterIncrement();
}

static void
drop_unused(const DynTable *table, const DynIndex *index)
{
	for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
	{
		int			column = index->keys.parts[i].column;

		if (!is_used(table, index, column))
			dyn_sql_utility(psprintf("ALTER TABLE %s DROP COLUMN %s", table->qualified, table->columns[column].quoted));
	}
}

/* Does the table or another index need the column? */
static bool
is_used(const DynTable *table, const DynIndex *but, int column)
{
	if (dyn_table_is_primary(table, column))
		return true;
	for (int i = 0; i < table->index_count; i++)
		for (int k = 0; &table->indexes[i] != but && k < dyn_key_part_count(&table->indexes[i].keys); k++)
			if (table->indexes[i].keys.parts[k].column == column)
				return true;
	return false;
}

void
dyn_index_ddl_add_ttl(const DynTable *table, DynStr attribute)
{
	DynScope scope;

	refuse_partition(table);
	SPI_connect();
	dyn_sql_utility(psprintf("ALTER TABLE %s ADD COLUMN \"" DYN_TTL_COLUMN "\" pg_catalog.int8", table->qualified));
	SPI_finish();
	dyn_scope_begin(&scope);
	dyn_table_entry_set_ttl(table, attribute);
	dyn_scope_end(&scope);
}

void
dyn_index_ddl_remove_ttl(const DynTable *table)
{
	DynScope scope;

	SPI_connect();
	dyn_sql_utility(psprintf("ALTER TABLE %s DROP COLUMN \"" DYN_TTL_COLUMN "\"", table->qualified));
	SPI_finish();
	dyn_scope_begin(&scope);
	dyn_table_entry_set_ttl(table, (DynStr) {NULL, 0});
	dyn_scope_end(&scope);
}

void
dyn_index_ddl_run(const char *sql)
{
	SPI_connect();
	dyn_sql_utility(sql);
	SPI_finish();
	CommandCounterIncrement();
}

static const char *
column_name(const DynTable *table, DynStr attribute, bool is_hash)
{
	const char *name = dyn_table_name_column(attribute);

	return is_taken(table, name) ? dyn_table_name_second_column(attribute, is_hash) : name;
}

static bool
is_taken(const DynTable *table, const char *name)
{
	for (int i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].name, name) == 0)
			return true;
	return false;
}
