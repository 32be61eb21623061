/*
 * Throttling of transactions.
 *
 * A transaction is one request to each of its tables.  The units of all its items are taken at once, so that a
 * transaction of many items also succeeds on a table with a small limit, and leaves it in debt.
 */
#include "postgres.h"

#include "flow/throttle.h"
#include "flow/transact_throttle.h"

static void refuse(DynTransactAction *action, const List *reasons);
static void refuse_table(DynTransactAction *actions, int count, const DynTable *table, const List *reasons);
static void refuse_writes(DynTransactAction *actions, int count, const List *reasons);

bool
dyn_transact_throttle_look(DynTransactAction *actions, int count)
{
	bool		good = true;

	for (int i = 0; i < count; i++)
	{
		List	   *reasons = dyn_throttle_look(actions[i].write.table);

		if (reasons == NIL)
			continue;
		refuse(&actions[i], reasons);
		good = false;
	}
	return good;
}

bool
dyn_transact_throttle_take_write(DynTransactAction *actions, int count)
{
	DynCapacitySum *sum = dyn_capacity_sum_make(true);
	bool	   *taken;
	bool		good = true;

	for (int i = 0; i < count; i++)
		dyn_capacity_add_write(dyn_capacity_sum_table(sum, actions[i].write.table), actions[i].write.old,
							   actions[i].write.new);
	taken = palloc0(Max(sum->count, 1) * sizeof(bool));
	for (int i = 0; i < sum->count; i++)
	{
		List	   *reasons = dyn_throttle_take_write(sum->capacities[i]);

		taken[i] = reasons == NIL;
		if (taken[i])
			continue;
		refuse_writes(actions, count, reasons);
		good = false;
	}
	for (int i = 0; i < sum->count && !good; i++)
		if (taken[i])
			dyn_throttle_give_back(sum->capacities[i]);
	return good;
}

void
dyn_transact_throttle_book_failed(const DynTransactAction *actions, int count)
{
	for (int i = 0; i < count; i++)
		dyn_throttle_book_failed(actions[i].write.table, actions[i].write.old);
}

bool
dyn_transact_throttle_begin_read(DynTransactAction *actions, int count, DynCapacitySum **least)
{
	DynCapacitySum *sum = dyn_capacity_sum_make(false);
	bool	   *taken;
	bool		good = true;

	for (int i = 0; i < count; i++)
		dyn_capacity_add_read(dyn_capacity_sum_table(sum, actions[i].write.table), NULL, 0, true);
	taken = palloc0(Max(sum->count, 1) * sizeof(bool));
	for (int i = 0; i < sum->count; i++)
	{
		const DynCapacity *capacity = sum->capacities[i];
		List	   *reasons = dyn_throttle_begin_read(capacity->table, NULL, capacity->table_units);

		taken[i] = reasons == NIL;
		if (taken[i])
			continue;
		refuse_table(actions, count, capacity->table, reasons);
		good = false;
	}
	for (int i = 0; i < sum->count && !good; i++)
		if (taken[i])
			dyn_throttle_end_read(sum->capacities[i]->table, NULL, sum->capacities[i]->table_units, 0);
	*least = sum;
	return good;
}

void
dyn_transact_throttle_end_read(const DynTransactAction *actions, int count, DynCapacitySum *least)
{
	DynCapacitySum *sum = dyn_capacity_sum_make(false);

	for (int i = 0; i < count; i++)
		dyn_capacity_add_read(dyn_capacity_sum_table(sum, actions[i].write.table), NULL, actions[i].size, true);
	/* the tables are the same, in the same order */
	for (int i = 0; i < sum->count; i++)
		dyn_throttle_end_read(sum->capacities[i]->table, NULL, least->capacities[i]->table_units,
							  sum->capacities[i]->table_units);
}

static void
refuse(DynTransactAction *action, const List *reasons)
{
	bool		on_demand = dyn_throttle_error(reasons, &action->message) == DYN_ERR_THROTTLING;

	action->code = on_demand ? "ThrottlingError" : "ProvisionedThroughputExceeded";
	action->returns_old = false;
}

static void
refuse_table(DynTransactAction *actions, int count, const DynTable *table, const List *reasons)
{
	for (int i = 0; i < count; i++)
		if (actions[i].write.table->relid == table->relid)
			refuse(&actions[i], reasons);
}

/* Does the action write to the index that the reason names? */
static bool
touches(const DynTransactAction *action, const DynThrottleReason *reason)
{
	const DynTable *table = action->write.table;
	const DynIndex *index = table->relid == reason->table->relid ? dyn_table_index(table, reason->index->name) : NULL;
	DynCapacity *capacity;

	if (index == NULL)
		return false;
	capacity = dyn_capacity_make(table);
	dyn_capacity_add_write(capacity, action->write.old, action->write.new);
	return capacity->index_units[index - table->indexes] > 0;
}

/*
 * Gives the reasons of one table to its actions; when the reasons are indexes, only to actions that write to one of
 * those.
 */
static void
refuse_writes(DynTransactAction *actions, int count, const List *reasons)
{
	const DynThrottleReason *first = linitial(reasons);
	ListCell   *cell;

	if (first->index == NULL)
	{
		refuse_table(actions, count, first->table, reasons);
		return;
	}
	foreach(cell, reasons)
	{
		const DynThrottleReason *reason = lfirst(cell);

		for (int i = 0; i < count; i++)
			if (touches(&actions[i], reason))
				refuse(&actions[i], reasons);
	}
}
