/*
 * BatchWriteItem: up to 25 puts and deletes in any tables.
 *
 * They run in their call's transaction, in the order of their keys, so that two batches never wait for each other in a
 * circle.  When a row stays locked by somebody else for too long, the whole is undone and tried again item by item; the
 * items that still cannot be had come back as UnprocessedItems, which is what SDKs try again.  What throttling refuses
 * comes back in the same way, unless that is everything.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "db/nested_call.h"
#include "flow/batch_flow.h"
#include "flow/throttle.h"
#include "flow/write_flow.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "response/collection.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"

typedef struct Write
{
	DynBatchTable *owner;
	const DynJson *json;		/* the WriteRequest */
	DynItem    *item;			/* NULL: a delete */
	DynItem    *key_item;		/* deletes */
	DynWrite	write;
	bool		done;
} Write;

typedef struct Writes
{
	DynBatch   *tables;
	int			count;
	Write	   *writes;			/* in the request's order */
	Write	  **ordered;		/* in the order of tables and keys */
} Writes;

static void read_write_requests(Writes *batch);
static void read_write_request(Write *write, const DynJson *json);
static void prepare_writes(DynCall *call, Writes *batch, bool blind);
static DynItem *apply_write(DynWrite *write, const DynItem *old);
static int	compare_writes(const void *a, const void *b);
static void run_writes(Writes *batch);
static void run_all(void *arg);
static void run_one(void *arg);
static void raise_if_all_writes_refused(DynCall *call, const Writes *batch);
static void write_unprocessed_items(StringInfo out, const Writes *batch);
static void write_collections(DynCall *call, const Writes *batch);

void
dyn_dynamodb_batch_write_item(DynCall *call)
{
	DynBatch	tables = {0};
	Writes		batch = {&tables};
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);

	dyn_batch_flow_read_tables(call, &tables);
	read_write_requests(&batch);
	prepare_writes(call, &batch, capacity_mode == DYN_CAPACITY_NONE);
	qsort(batch.ordered, batch.count, sizeof(Write *), compare_writes);
	run_writes(&batch);
	raise_if_all_writes_refused(call, &batch);

	for (int i = 0; i < batch.count && capacity_mode != DYN_CAPACITY_NONE; i++)
		if (batch.writes[i].done)
			dyn_capacity_add_write(batch.writes[i].owner->capacity, batch.writes[i].write.old, batch.writes[i].write.new);
	dyn_json_write_object_start(call->reply);
	write_unprocessed_items(call->reply, &batch);
	write_collections(call, &batch);
	dyn_batch_flow_write_capacities(call, &tables, capacity_mode);
	dyn_json_write_object_end(call->reply);
}

static void
read_write_requests(Writes *batch)
{
	int			total = 0;

	for (int i = 0; i < batch->tables->table_count; i++)
		total += dyn_json_count(batch->tables->tables[i].json);
	if (total > DYN_MAX_BATCH_WRITE_REQUESTS)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_WRITE_TOO_MANY);
	batch->writes = palloc0(sizeof(Write) * Max(total, 1));
	batch->ordered = palloc(sizeof(Write *) * Max(total, 1));
	for (int i = 0; i < batch->tables->table_count; i++)
	{
		for (const DynJson *json = dyn_json_first(batch->tables->tables[i].json); json != NULL; json = dyn_json_next(json))
		{
			Write	   *write = &batch->writes[batch->count];

			write->owner = &batch->tables->tables[i];
			read_write_request(write, json);
			batch->ordered[batch->count++] = write;
		}
	}
}

static void
read_write_request(Write *write, const DynJson *json)
{
	const DynJson *put = dyn_json_get(json, "PutRequest");
	const DynJson *delete = dyn_json_get(json, "DeleteRequest");

	if ((put == NULL) == (delete == NULL))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_SEVERAL_TYPES);
	write->json = json;
	if (delete != NULL)
	{
		write->key_item = dyn_item_json_read(dyn_json_get(delete, "Key"));
		return;
	}
	write->item = dyn_item_json_read(dyn_json_get(put, "Item"));
	write->write.known_size = dyn_item_size_checked(write->item);
}

static void
prepare_writes(DynCall *call, Writes *batch, bool blind)
{
	DynStr	   *encoded = palloc(sizeof(DynStr) * Max(batch->count, 1));

	for (int i = 0; i < batch->count; i++)
	{
		Write	   *write = &batch->writes[i];
		DynBatchTable *owner = write->owner;

		if (owner->table == NULL)
		{
			owner->table = dyn_table_cache_get(dyn_table_params_resolve(owner->asked_name), RowExclusiveLock);
			owner->capacity = dyn_capacity_make(owner->table);
			owner->capacity->asked_name = owner->asked_name;
		}
		write->write.table = owner->table;
		write->write.apply = apply_write;
		write->write.arg = write->item;
		write->write.blind = blind;
		dyn_access_check(call, owner->table, write->item ? DYN_ACCESS_PUT : DYN_ACCESS_DELETE);
		if (write->item != NULL)
		{
			/* unlike PutItem, AWS does not say what is wrong with the key */
			if (!dyn_key_from_item(&owner->table->keys, write->item, &write->write.key))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_DOES_NOT_MATCH);
			dyn_key_columns_check_item(owner->table, write->item, &write->write.key);
		}
		else
			dyn_key_columns_check_key(owner->table, write->key_item, &write->write.key);
		/* one by one: a later request that is wrong in itself is not looked at any more */
		encoded[i] = dyn_batch_flow_encode_key(owner->table, &write->write.key);
		for (int j = 0; j < i; j++)
			if (dyn_text_equal(encoded[j], encoded[i]))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
	}
}

static DynItem *
apply_write(DynWrite *write, const DynItem *old)
{
	return write->arg;
}

static int
compare_writes(const void *a, const void *b)
{
	const Write *left = *(Write *const *) a;
	const Write *right = *(Write *const *) b;

	if (left->write.table->relid != right->write.table->relid)
		return left->write.table->relid < right->write.table->relid ? -1 : 1;
	return dyn_key_compare(&left->write.key, &right->write.key);
}

static void
run_writes(Writes *batch)
{
	ErrorData  *error = dyn_nested_call_run(run_all, batch);

	if (error == NULL)
		return;
	if (!dyn_nested_call_is_conflict(error))
		ReThrowError(error);
	for (int i = 0; i < batch->count; i++)
		batch->ordered[i]->done = false;
	for (int i = 0; i < batch->count; i++)
	{
		error = dyn_nested_call_run(run_one, batch->ordered[i]);
		if (error == NULL)
			continue;
		if (!dyn_nested_call_is_conflict(error))
			ReThrowError(error);
		batch->ordered[i]->done = false;
		/* one wait for a lock is enough: what is left goes back to the client */
		return;
	}
}

static void
run_all(void *arg)
{
	Writes	   *batch = arg;

	for (int i = 0; i < batch->count; i++)
		run_one(batch->ordered[i]);
}

static void
run_one(void *arg)
{
	Write	   *write = arg;

	write->done = dyn_write_flow_run(&write->write);
}

static void
raise_if_all_writes_refused(DynCall *call, const Writes *batch)
{
	List	   *refusal = NIL;

	for (int i = 0; i < batch->count; i++)
	{
		if (batch->writes[i].done)
			return;
		refusal = dyn_throttle_add(refusal, batch->writes[i].write.refusal);
	}
	if (refusal != NIL)
		dyn_throttle_raise(call, refusal);
}

static void
write_unprocessed_items(StringInfo out, const Writes *batch)
{
	dyn_json_write_member(out, "UnprocessedItems");
	dyn_json_write_object_start(out);
	for (int i = 0; i < batch->tables->table_count; i++)
	{
		bool		open = false;

		for (int j = 0; j < batch->count; j++)
		{
			StringInfoData text;

			if (batch->writes[j].owner != &batch->tables->tables[i] || batch->writes[j].done)
				continue;
			if (!open)
			{
				dyn_json_write_name(out, batch->tables->tables[i].asked_name);
				dyn_json_write_array_start(out);
				open = true;
			}
			initStringInfo(&text);
			dyn_json_append(&text, batch->writes[j].json);
			dyn_json_write_raw(out, text.data, text.len);
		}
		if (open)
			dyn_json_write_array_end(out);
	}
	dyn_json_write_object_end(out);
}

/* Of each table with local indexes, each hash key once. */
static void
write_collections(DynCall *call, const Writes *batch)
{
	bool		open = false;

	for (int i = 0; i < batch->tables->table_count; i++)
	{
		const DynTable *table = batch->tables->tables[i].table;
		bool		open_table = false;

		if (table == NULL || !dyn_collection_wanted(call->body, table))
			continue;
		for (int j = 0; j < batch->count; j++)
		{
			const Write *write = &batch->writes[j];
			bool		seen = !write->done || write->owner != &batch->tables->tables[i];

			for (int k = 0; k < j && !seen; k++)
				seen = batch->writes[k].done && batch->writes[k].owner == write->owner &&
					dyn_value_equal(&batch->writes[k].write.key.values[0], &write->write.key.values[0]);
			if (seen)
				continue;
			if (!open)
			{
				dyn_json_write_member(call->reply, "ItemCollectionMetrics");
				dyn_json_write_object_start(call->reply);
				open = true;
			}
			if (!open_table)
			{
				dyn_json_write_name(call->reply, batch->tables->tables[i].asked_name);
				dyn_json_write_array_start(call->reply);
				open_table = true;
			}
			dyn_collection_write(call->reply, table, &write->write.key);
		}
		if (open_table)
			dyn_json_write_array_end(call->reply);
	}
	if (open)
		dyn_json_write_object_end(call->reply);
}
