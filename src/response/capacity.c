/*
 * Counts capacity units and writes them ("Read and write capacity units" in the Developer Guide).
 */
#include "postgres.h"

#include "base/limits.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "response/capacity.h"
#include "response/reply.h"

static double index_write_units(const DynTable *table, const DynIndex *index, const DynItem *old, const DynItem *new);

DynCapacityMode
dyn_capacity_mode(const DynJson *body)
{
	DynStr		mode = dyn_json_get_string(body, "ReturnConsumedCapacity");

	if (mode.data == NULL || dyn_text_equal_cstring(mode, "NONE"))
		return DYN_CAPACITY_NONE;
	return dyn_text_equal_cstring(mode, "INDEXES") ? DYN_CAPACITY_INDEXES : DYN_CAPACITY_TOTAL;
}

DynCapacity *
dyn_capacity_make(const DynTable *table)
{
	DynCapacity *capacity = palloc0(sizeof(DynCapacity));

	capacity->table = table;
	capacity->rate = 1;
	capacity->index_units = palloc0(sizeof(double) * Max(table->index_count, 1));
	return capacity;
}

DynCapacity *
dyn_capacity_make_transactional(const DynTable *table, bool writes)
{
	DynCapacity *capacity = dyn_capacity_make(table);

	capacity->rate = 2;
	capacity->units_member = writes ? "WriteCapacityUnits" : "ReadCapacityUnits";
	return capacity;
}

void
dyn_capacity_name(DynCapacity *capacity, const DynJson *json)
{
	if (capacity->asked_name.data == NULL)
		capacity->asked_name = dyn_json_get_string(json, "TableName");
}

void
dyn_capacity_add_read(DynCapacity *capacity, const DynIndex *index, int64 bytes, bool consistent)
{
	double		units = capacity->rate * dyn_item_size_read_units(bytes, consistent);

	if (index == NULL)
		capacity->table_units += units;
	else
		capacity->index_units[index - capacity->table->indexes] += units;
}

void
dyn_capacity_add_scan(DynCapacity *capacity, const DynIndex *index, int64 bytes, int segments, bool consistent)
{
	int64		partitions = dyn_table_partitions(capacity->table, index);

	partitions = Max(1, partitions / Max(segments, 1));
	dyn_capacity_add_read(capacity, index, Max(bytes, partitions * DYN_READ_UNIT), consistent);
}

void
dyn_capacity_add_write(DynCapacity *capacity, const DynItem *old, const DynItem *new)
{
	const DynTable *table = capacity->table;
	int64		old_size = old ? dyn_item_size(old) : 0;
	int64		new_size = new ? dyn_item_size(new) : 0;

	capacity->table_units += capacity->rate * dyn_item_size_write_units(Max(old_size, new_size));
	for (int i = 0; i < table->index_count; i++)
		/* a transaction doubles what its table costs, but not its indexes */
		capacity->index_units[i] += index_write_units(table, &table->indexes[i], old, new);
}

/*
 * An index write is an insert, a delete, an update in place, or, when its key changes, a delete and an insert.  An
 * update that changes nothing the index projects costs nothing.
 */
static double
index_write_units(const DynTable *table, const DynIndex *index, const DynItem *old, const DynItem *new)
{
	DynKey		old_key;
	DynKey		new_key;
	bool		had = old != NULL && dyn_key_from_item(&index->keys, old, &old_key);
	bool		has = new != NULL && dyn_key_from_item(&index->keys, new, &new_key);
	const DynItem *old_entry = had ? dyn_reply_index_entry(table, index, old) : NULL;
	const DynItem *new_entry = has ? dyn_reply_index_entry(table, index, new) : NULL;

	if (had && has && dyn_key_equal(&old_key, &new_key))
	{
		if (dyn_item_equal(old_entry, new_entry))
			return 0;
		return dyn_item_size_write_units(Max(dyn_item_size(old_entry), dyn_item_size(new_entry)));
	}
	return (had ? dyn_item_size_write_units(dyn_item_size(old_entry)) : 0) +
		(has ? dyn_item_size_write_units(dyn_item_size(new_entry)) : 0);
}

static void
write_units(StringInfo out, const DynCapacity *capacity, double units)
{
	dyn_json_write_double_member(out, "CapacityUnits", units);
	if (capacity->units_member != NULL)
		dyn_json_write_double_member(out, capacity->units_member, units);
}

static void
write_indexes(StringInfo out, const DynCapacity *capacity, bool global, const char *member)
{
	bool		open = false;

	for (int i = 0; i < capacity->table->index_count; i++)
	{
		if (capacity->table->indexes[i].global != global || capacity->index_units[i] == 0)
			continue;
		if (!open)
		{
			dyn_json_write_member(out, member);
			dyn_json_write_object_start(out);
			open = true;
		}
		dyn_json_write_member(out, capacity->table->indexes[i].name);
		dyn_json_write_object_start(out);
		write_units(out, capacity, capacity->index_units[i]);
		dyn_json_write_object_end(out);
	}
	if (open)
		dyn_json_write_object_end(out);
}

void
dyn_capacity_write(StringInfo out, const DynCapacity *capacity, DynCapacityMode mode)
{
	double		total = capacity->table_units;

	for (int i = 0; i < capacity->table->index_count; i++)
		total += capacity->index_units[i];
	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "TableName");
	if (capacity->asked_name.data != NULL)
		dyn_json_write_string(out, capacity->asked_name);
	else
		dyn_json_write_cstring(out, capacity->table->name);
	write_units(out, capacity, total);
	if (mode == DYN_CAPACITY_INDEXES)
	{
		dyn_json_write_member(out, "Table");
		dyn_json_write_object_start(out);
		write_units(out, capacity, capacity->table_units);
		dyn_json_write_object_end(out);
		write_indexes(out, capacity, false, "LocalSecondaryIndexes");
		write_indexes(out, capacity, true, "GlobalSecondaryIndexes");
	}
	dyn_json_write_object_end(out);
}

void
dyn_capacity_write_member(StringInfo out, const DynCapacity *capacity, DynCapacityMode mode)
{
	if (mode == DYN_CAPACITY_NONE)
		return;
	dyn_json_write_member(out, "ConsumedCapacity");
	dyn_capacity_write(out, capacity, mode);
}

DynCapacitySum *
dyn_capacity_sum_make(bool writes)
{
	DynCapacitySum *sum = palloc0(sizeof(DynCapacitySum));

	sum->writes = writes;
	return sum;
}

DynCapacity *
dyn_capacity_sum_table(DynCapacitySum *sum, const DynTable *table)
{
	for (int i = 0; i < sum->count; i++)
		if (sum->capacities[i]->table->relid == table->relid)
			return sum->capacities[i];
	if (sum->count >= lengthof(sum->capacities))
		elog(ERROR, "a transaction names too many tables");
	sum->capacities[sum->count] = dyn_capacity_make_transactional(table, sum->writes);
	return sum->capacities[sum->count++];
}

void
dyn_capacity_sum_write_member(StringInfo out, const DynCapacitySum *sum, DynCapacityMode mode)
{
	dyn_json_write_member(out, "ConsumedCapacity");
	dyn_json_write_array_start(out);
	for (int i = 0; i < sum->count; i++)
		dyn_capacity_write(out, sum->capacities[i], mode);
	dyn_json_write_array_end(out);
}
