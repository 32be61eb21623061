/*
 * Throttling.
 *
 * A table with provisioned throughput and each of its global indexes have a limit for reads and one for writes.  In a
 * table on demand, the table and the indexes that have a maximum are limited.  A local index uses up its table's
 * limit.  A request uses up the units that ConsumedCapacity shows.
 *
 * A request is let in when the bucket holds the least that its kind of request can cost.  The rest of its cost becomes
 * debt, so that a large request needs no fuller bucket than a small one.  A write is judged twice.  The first look is
 * at its table alone, so that a flood of writes is refused before it locks or reads a row.  The second, when the old
 * and the new item are known, is at the table and all indexes that the write changes, together.
 */
#include "postgres.h"

#include "base/message.h"
#include "catalog/arn.h"
#include "flow/throttle.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "metric/metric.h"

/* the least that a write of one item costs */
#define LEAST_WRITE 1.0

static int64 limit(const DynTable *table, const DynIndex *index, bool writes);
static bool take(const DynTable *table, const DynIndex *index, bool writes, double least, double units);
static void book(const DynTable *table, const DynIndex *index, bool writes, double units);
static double table_units(const DynCapacity *capacity);
static List *add_reason(List *reasons, const DynTable *table, const DynIndex *index, bool writes);

/* The index whose limit counts: a local one has none of its own. */
static const DynIndex *
limited_index(const DynIndex *index)
{
	return index != NULL && index->global ? index : NULL;
}

List *
dyn_throttle_begin_read(const DynTable *table, const DynIndex *index, double least)
{
	index = limited_index(index);
	return take(table, index, false, least, least) ? NIL : add_reason(NIL, table, index, false);
}

void
dyn_throttle_end_read(const DynTable *table, const DynIndex *index, double least, double units)
{
	book(table, limited_index(index), false, units - least);
}

void
dyn_throttle_end_reads(const DynCapacity *capacity, const DynIndex *index, double least)
{
	const DynTable *table = capacity->table;

	book(table, limited_index(index), false, -least);
	book(table, NULL, false, table_units(capacity));
	for (int i = 0; i < table->index_count; i++)
		if (table->indexes[i].global)
			book(table, &table->indexes[i], false, capacity->index_units[i]);
}

bool
dyn_throttle_limits_writes(const DynTable *table)
{
	bool		limited = limit(table, NULL, true) > 0;

	for (int i = 0; i < table->index_count && !limited; i++)
		limited = table->indexes[i].global && limit(table, &table->indexes[i], true) > 0;
	return limited;
}

List *
dyn_throttle_look(const DynTable *table)
{
	return take(table, NULL, true, LEAST_WRITE, 0) ? NIL : add_reason(NIL, table, NULL, true);
}

List *
dyn_throttle_take_write(const DynCapacity *capacity)
{
	const DynTable *table = capacity->table;
	double		units = table_units(capacity);
	List	   *reasons = NIL;
	List	   *taken = NIL;
	ListCell   *cell;

	if (!take(table, NULL, true, Min(units, LEAST_WRITE * capacity->rate), units))
		reasons = add_reason(reasons, table, NULL, true);
	for (int i = 0; i < table->index_count; i++)
	{
		const DynIndex *index = &table->indexes[i];

		units = capacity->index_units[i];
		if (!index->global || units == 0)
			continue;
		if (take(table, index, true, Min(units, LEAST_WRITE * capacity->rate), units))
			taken = lappend_int(taken, i);
		else
			reasons = add_reason(reasons, table, index, true);
	}
	if (reasons == NIL)
		return NIL;
	/* gives back what the refused write took, so that it does not count against others */
	foreach(cell, taken)
		book(table, &table->indexes[lfirst_int(cell)], true, -capacity->index_units[lfirst_int(cell)]);
	if (((DynThrottleReason *) linitial(reasons))->index != NULL)
		book(table, NULL, true, -table_units(capacity));
	return reasons;
}

void
dyn_throttle_give_back(const DynCapacity *capacity)
{
	const DynTable *table = capacity->table;

	book(table, NULL, true, -table_units(capacity));
	for (int i = 0; i < table->index_count; i++)
		if (table->indexes[i].global)
			book(table, &table->indexes[i], true, -capacity->index_units[i]);
}

void
dyn_throttle_book_failed(const DynTable *table, const DynItem *old)
{
	book(table, NULL, true, dyn_item_size_write_units(old != NULL ? dyn_item_size(old) : 0));
}

/* The limit in units per second; 0: none. */
static int64
limit(const DynTable *table, const DynIndex *index, bool writes)
{
	const DynThroughput *throughput = index != NULL ? &index->throughput : &table->throughput;

	if (table->on_demand)
		return Max(writes ? throughput->max_write_units : throughput->max_read_units, 0);
	return writes ? throughput->write_units : throughput->read_units;
}

static bool
take(const DynTable *table, const DynIndex *index, bool writes, double least, double units)
{
	int64		rate = limit(table, index, writes);
	DynBucketKey key;

	if (rate == 0)
		return true;
	key = dyn_bucket_key(table->relid, index != NULL ? index->name : NULL, writes);
	if (dyn_bucket_take(&key, rate, least, units))
		return true;
	dyn_metric_count_server(writes ? DYN_METRIC_THROTTLED_WRITES : DYN_METRIC_THROTTLED_READS);
	return false;
}

static void
book(const DynTable *table, const DynIndex *index, bool writes, double units)
{
	DynBucketKey key;

	if (units == 0 || limit(table, index, writes) == 0)
		return;
	key = dyn_bucket_key(table->relid, index != NULL ? index->name : NULL, writes);
	dyn_bucket_book(&key, units);
}

/* The units of the table and its local indexes. */
static double
table_units(const DynCapacity *capacity)
{
	double		units = capacity->table_units;

	for (int i = 0; i < capacity->table->index_count; i++)
		if (!capacity->table->indexes[i].global)
			units += capacity->index_units[i];
	return units;
}

static List *
add_reason(List *reasons, const DynTable *table, const DynIndex *index, bool writes)
{
	DynThrottleReason *reason = palloc(sizeof(DynThrottleReason));

	*reason = (DynThrottleReason) {table, index, writes};
	return lappend(reasons, reason);
}

List *
dyn_throttle_add(List *all, const List *reasons)
{
	ListCell   *cell;

	foreach(cell, reasons)
	{
		DynThrottleReason *reason = lfirst(cell);
		bool		known = false;

		for (int i = 0; i < list_length(all) && !known; i++)
		{
			const DynThrottleReason *other = list_nth(all, i);

			known = other->table->relid == reason->table->relid && other->index == reason->index;
		}
		if (!known)
			all = lappend(all, reason);
	}
	return all;
}

DynErrorCode
dyn_throttle_error(const List *reasons, const char **message)
{
	const DynThrottleReason *first = linitial(reasons);

	if (first->table->on_demand)
	{
		*message = DYN_MSG_THROUGHPUT_ON_DEMAND;
		return DYN_ERR_THROTTLING;
	}
	*message = first->index != NULL ? DYN_MSG_THROUGHPUT_OF_INDEX : DYN_MSG_THROUGHPUT_OF_TABLE;
	return DYN_ERR_THROUGHPUT_EXCEEDED;
}

/*
 * The service model spells the member's name in two ways, depending on the error, and SDKs look for exactly that
 * spelling.
 */
static const char *
member_name(DynErrorCode code)
{
	return code == DYN_ERR_THROTTLING ? "throttlingReasons" : "ThrottlingReasons";
}

static void
write_reason(StringInfo out, const DynThrottleReason *reason)
{
	const char *table = reason->table->name;

	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "reason",
								 psprintf("%s%s%s", reason->index != NULL ? "Index" : "Table", reason->writes ? "Write" : "Read",
										  reason->table->on_demand ? "MaxOnDemandThroughputExceeded" : "ProvisionedThroughputExceeded"));
	dyn_json_write_string_member(out, "resource",
								 reason->index != NULL ? dyn_arn_index(table, reason->index->name) : dyn_arn_table(table));
	dyn_json_write_object_end(out);
}

void
dyn_throttle_raise(DynCall *call, const List *reasons)
{
	const char *message;
	DynErrorCode code = dyn_throttle_error(reasons, &message);

	if (call != NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(call->context);
		StringInfo	members = makeStringInfo();
		ListCell   *cell;

		dyn_json_write_member(members, member_name(code));
		dyn_json_write_array_start(members);
		foreach(cell, reasons)
			write_reason(members, lfirst(cell));
		dyn_json_write_array_end(members);
		call->error_members = members;
		MemoryContextSwitchTo(old_context);
	}
	dyn_error(code, "%s", message);
}
