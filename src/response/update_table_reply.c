/*
 * Writes the TableDescription that answers UpdateTable.
 *
 * AWS answers while the change is still going on: some changes make the table UPDATING, others only a part of it, and
 * throughput is told as it was before.  Ours are done by then, so the reply is put together from both sides.
 */
#include "postgres.h"

#include "response/table_reply.h"
#include "response/update_table_reply.h"

static bool is_updating(const DynJson *body);
static void show_throughput(const DynJson *change, const DynThroughput *before, DynThroughput *shown);
static void show_indexes(const DynJson *body, const DynTable *before, DynTable *shown);

void
dyn_update_table_reply_write(StringInfo out, const DynJson *body, const DynTable *before, const DynTable *after)
{
	DynTable	shown = *after;

	shown.status = is_updating(body) ? DYN_TABLE_UPDATING : after->status;
	if (before->on_demand == after->on_demand)
		show_throughput(body, &before->throughput, &shown.throughput);
	else if (after->on_demand)
		shown.on_demand_since = 0;
	shown.indexes = palloc(sizeof(DynIndex) * Max(after->index_count, 1));
	memcpy(shown.indexes, after->indexes, sizeof(DynIndex) * after->index_count);
	show_indexes(body, before, &shown);
	/* what is no longer encrypted by a key is still being changed */
	if (before->sse_type != NULL && after->sse_type == NULL)
	{
		shown.sse_type = before->sse_type;
		shown.sse_key = before->sse_key;
	}
	dyn_table_reply_write_changing(out, &shown, DYN_TABLE_REPLY_UPDATE,
								   dyn_json_get(body, "WarmThroughput") != NULL ? "UPDATING" : "ACTIVE",
								   dyn_json_get(body, "SSESpecification") != NULL ? "UPDATING" : "ENABLED");
}

static bool
is_updating(const DynJson *body)
{
	static const char *const members[] = {"ProvisionedThroughput", "BillingMode", "StreamSpecification", "TableClass"};
	const DynJson *updates = dyn_json_get(body, "GlobalSecondaryIndexUpdates");

	for (int i = 0; i < lengthof(members); i++)
		if (dyn_json_get(body, members[i]) != NULL)
			return true;
	for (const DynJson *update = updates ? dyn_json_first(updates) : NULL; update != NULL; update = dyn_json_next(update))
		if (dyn_json_get(update, "Update") == NULL)
			return true;
	return false;
}

/* Units as they were; maxima as they will be, one that goes as -1. */
static void
show_throughput(const DynJson *change, const DynThroughput *before, DynThroughput *shown)
{
	const DynJson *on_demand = dyn_json_get(change, "OnDemandThroughput");

	shown->read_units = before->read_units;
	shown->write_units = before->write_units;
	shown->warm_read_units = before->warm_read_units;
	shown->warm_write_units = before->warm_write_units;
	/* the counter belongs to the day of the decrease before */
	if (shown->last_decrease != before->last_decrease)
		shown->decreases_today = Max(shown->decreases_today - 1, 0);
	shown->max_read_units = dyn_json_get_integer(on_demand, "MaxReadRequestUnits", shown->max_read_units);
	shown->max_write_units = dyn_json_get_integer(on_demand, "MaxWriteRequestUnits", shown->max_write_units);
	shown->has_on_demand = shown->max_read_units != 0 || shown->max_write_units != 0;
}

static void
show_indexes(const DynJson *body, const DynTable *before, DynTable *shown)
{
	const DynJson *updates = dyn_json_get(body, "GlobalSecondaryIndexUpdates");

	for (const DynJson *element = updates ? dyn_json_first(updates) : NULL; element != NULL;
		 element = dyn_json_next(element))
	{
		const DynJson *update = dyn_json_get(element, "Update");
		DynStr		name = dyn_json_get_string(update, "IndexName");

		for (int i = 0; update != NULL && i < Min(before->index_count, shown->index_count); i++)
		{
			if (!dyn_text_equal_cstring(name, shown->indexes[i].name) ||
				strcmp(before->indexes[i].name, shown->indexes[i].name) != 0)
				continue;
			shown->indexes[i].status = DYN_TABLE_UPDATING;
			if (before->on_demand == shown->on_demand)
				show_throughput(update, &before->indexes[i].throughput, &shown->indexes[i].throughput);
		}
	}
}
