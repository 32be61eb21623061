/*
 * What can be said of a table from its descriptor alone.
 */
#include "postgres.h"

#include "base/limits.h"
#include "catalog/table.h"

/* Names of the table that was last noted. */
static const char *used_table = NULL;
static const char *used_owner = NULL;

void
dyn_table_note_use(const DynTable *table)
{
	used_table = table != NULL ? table->name : NULL;
	used_owner = table != NULL ? table->owner_name : NULL;
}

bool
dyn_table_used(const char **table, const char **owner)
{
	*table = used_table;
	*owner = used_owner != NULL ? used_owner : "";
	return used_table != NULL;
}

const DynIndex *
dyn_table_index(const DynTable *table, const char *name)
{
	for (int i = 0; i < table->index_count; i++)
		if (strcmp(table->indexes[i].name, name) == 0)
			return &table->indexes[i];
	return NULL;
}

bool
dyn_table_projects(const DynTable *table, const DynIndex *index, DynStr attribute)
{
	if (index->projection == DYN_PROJECT_ALL || dyn_key_part_find(&table->keys, attribute) != NULL ||
		dyn_key_part_find(&index->keys, attribute) != NULL)
		return true;
	for (int i = 0; i < index->non_key_count; i++)
		if (dyn_text_equal(index->non_key[i], attribute))
			return true;
	return false;
}

int
dyn_table_partitions(const DynTable *table, const DynIndex *index)
{
	const DynThroughput *throughput = index != NULL && index->global ? &index->throughput : &table->throughput;
	int64		reads = Max(throughput->read_units, throughput->warm_read_units);
	int64		writes = Max(throughput->write_units, throughput->warm_write_units);

	if (table->on_demand)
	{
		reads = Max(reads, DYN_ON_DEMAND_READ_UNITS);
		writes = Max(writes, DYN_ON_DEMAND_WRITE_UNITS);
	}
	return Max(1, Max((reads + DYN_PARTITION_READ_UNITS - 1) / DYN_PARTITION_READ_UNITS,
					  (writes + DYN_PARTITION_WRITE_UNITS - 1) / DYN_PARTITION_WRITE_UNITS));
}

int
dyn_table_walk_columns(const DynTable *table, const DynIndex *index, int *columns)
{
	const DynKeySchema *schemas[2] = {index ? &index->keys : &table->keys, &table->keys};
	int			count = 0;

	for (int s = 0; s < (index ? 2 : 1); s++)
		for (int i = 0; i < dyn_key_part_count(schemas[s]); i++)
		{
			int			column = schemas[s]->parts[i].column;
			bool		seen = false;

			for (int k = 0; k < count; k++)
				seen = seen || columns[k] == column;
			if (!seen)
				columns[count++] = column;
		}
	return count;
}

bool
dyn_table_is_primary(const DynTable *table, int column)
{
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
		if (table->keys.parts[i].column == column)
			return true;
	return false;
}

int64
dyn_table_warm_units(const DynThroughput *throughput, bool on_demand, bool reads)
{
	int64		given = reads ? throughput->read_units : throughput->write_units;
	int64		asked = reads ? throughput->warm_read_units : throughput->warm_write_units;

	if (on_demand)
		given = reads ? DYN_ON_DEMAND_READ_UNITS : DYN_ON_DEMAND_WRITE_UNITS;
	return Max(given, asked);
}

int
dyn_table_decreases_today(const DynThroughput *throughput, TimestampTz now)
{
	/* PostgreSQL's epoch begins at midnight in UTC */
	return throughput->last_decrease / USECS_PER_DAY == now / USECS_PER_DAY ? throughput->decreases_today : 0;
}

int
dyn_table_find_column(const DynTable *table, DynStr attribute, bool is_hash)
{
	for (int i = 0; i < table->column_count; i++)
		if (!table->columns[i].is_ttl && table->columns[i].is_hash == is_hash &&
			dyn_text_equal(table->columns[i].attribute, attribute))
			return i;
	return -1;
}
