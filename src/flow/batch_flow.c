/*
 * What all batches need: their tables, the comparison of keys, and the capacity that they report.
 */
#include "postgres.h"

#include "flow/batch_flow.h"
#include "json/json_write.h"

void
dyn_batch_flow_read_tables(const DynCall *call, DynBatch *batch)
{
	const DynJson *items = dyn_json_get(call->body, "RequestItems");

	batch->tables = palloc0(sizeof(DynBatchTable) * Max(dyn_json_count(items), 1));
	for (const DynJson *json = dyn_json_first(items); json != NULL; json = dyn_json_next(json))
	{
		DynBatchTable *table = &batch->tables[batch->table_count++];

		table->asked_name = dyn_json_name(json);
		table->json = json;
	}
}

DynStr
dyn_batch_flow_encode_key(const DynTable *table, const DynKey *key)
{
	StringInfoData bytes;

	initStringInfo(&bytes);
	appendBinaryStringInfo(&bytes, (const char *) &table->relid, sizeof(Oid));
	dyn_key_append_encoded(&bytes, key);
	return (DynStr) {bytes.data, bytes.len};
}

void
dyn_batch_flow_write_capacities(DynCall *call, const DynBatch *batch, DynCapacityMode mode)
{
	if (mode == DYN_CAPACITY_NONE)
		return;
	dyn_json_write_member(call->reply, "ConsumedCapacity");
	dyn_json_write_array_start(call->reply);
	for (int i = 0; i < batch->table_count; i++)
		if (batch->tables[i].capacity != NULL)
			dyn_capacity_write(call->reply, batch->tables[i].capacity, mode);
	dyn_json_write_array_end(call->reply);
}
