/*
 * Batches.
 *
 * A batch of writes runs in its call's transaction, its rows in the order of their keys, so that two batches never wait
 * for each other in a circle.  When a row stays locked by somebody else for too long, the whole is undone and tried again
 * item by item; the items that still cannot be had come back as UnprocessedItems, which is what SDKs try again.
 *
 * What throttling refuses comes back in the same way, unless that is everything.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/snapmgr.h"

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
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "response/collection.h"
#include "store/key_columns.h"
#include "store/row_read.h"

/* one table's share of the request */
typedef struct DynBatchTable
{
	DynStr		asked_name;		/* as in the request: replies use it */
	const DynJson *json;
	const DynTable *table;
	DynCapacity *capacity;
	DynExprParams params;		/* reads */
	bool		consistent;
	int			read_count;
	List	   *refusal;		/* why some of the reads were not done; NIL: none was refused */
	DynItem   **key_items;
} DynBatchTable;

typedef struct DynBatchWrite
{
	DynBatchTable *owner;
	const DynJson *json;		/* the WriteRequest */
	DynItem    *item;			/* NULL: a delete */
	DynItem    *key_item;		/* deletes */
	DynWrite	write;
	bool		done;
} DynBatchWrite;

typedef struct DynBatch
{
	int			table_count;
	DynBatchTable *tables;
	int			write_count;
	DynBatchWrite *writes;		/* in the request's order */
	DynBatchWrite **ordered;	/* in the order of tables and keys */
} DynBatch;

static void read_tables(DynCall *call, DynBatch *batch);
static void write_capacities(DynCall *call, const DynBatch *batch, DynCapacityMode mode);

static void
read_tables(DynCall *call, DynBatch *batch)
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

/* Raises "Provided list of item keys contains duplicates" when two of the encoded keys are the same. */
static int
compare_encoded(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

static void
check_duplicates(DynStr *encoded, int count)
{
	qsort(encoded, count, sizeof(DynStr), compare_encoded);
	for (int i = 1; i < count; i++)
		if (dyn_text_equal(encoded[i - 1], encoded[i]))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
}

/* A key with its table, as bytes to compare. */
static DynStr
encode_key(const DynTable *table, const DynKey *key)
{
	StringInfoData bytes;

	initStringInfo(&bytes);
	appendBinaryStringInfo(&bytes, (const char *) &table->relid, sizeof(Oid));
	dyn_key_append_encoded(&bytes, key);
	return (DynStr) {bytes.data, bytes.len};
}

/* ---- reads ---- */

/* The tables of a request share the rule that the two kinds of projection do not mix. */
static void
check_projections(const DynBatch *batch)
{
	bool		old = false;
	bool		new = false;

	for (int i = 0; i < batch->table_count; i++)
	{
		old |= dyn_json_get(batch->tables[i].json, "AttributesToGet") != NULL;
		new |= dyn_json_get(batch->tables[i].json, "ProjectionExpression") != NULL;
	}
	if (old && new)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MIXED_PARAMETERS, "AttributesToGet", "ProjectionExpression");
}

static int
read_get_requests(DynBatch *batch)
{
	int			total = 0;

	check_projections(batch);
	for (int i = 0; i < batch->table_count; i++)
	{
		DynBatchTable *table = &batch->tables[i];
		const DynJson *keys = dyn_json_get(table->json, "Keys");

		dyn_expr_params_check(table->json, DYN_EXPR_PROJECTION);
		dyn_expr_params_read(table->json, DYN_EXPR_PROJECTION, &table->params);
		table->consistent = dyn_json_get_boolean(table->json, "ConsistentRead", false);
		total += dyn_json_count(keys);
		if (total > DYN_MAX_BATCH_GET_KEYS)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_GET_TOO_MANY);
		table->key_items = palloc(sizeof(DynItem *) * Max(dyn_json_count(keys), 1));
		for (const DynJson *key = dyn_json_first(keys); key != NULL; key = dyn_json_next(key))
		{
			DynItem    *item = dyn_item_json_read(key);

			/* before anything is known of the table, so whole keys are compared, whatever they hold */
			for (int j = 0; j < table->read_count; j++)
				if (dyn_item_equal(table->key_items[j], item))
					dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
			table->key_items[table->read_count++] = item;
		}
	}
	return total;
}

/* One item, or false when throttling refuses it, or it would take more than room. */
static bool
get_stored(DynBatchTable *table, const DynKey *key, int64 room, Jsonb **stored, int *size)
{
	bool		throttled = dyn_throttle_enforced();
	double		least = dyn_item_size_read_units(0, table->consistent);

	if (throttled)
		table->refusal = dyn_throttle_begin_read(table->table, NULL, least);
	if (table->refusal != NIL)
		return false;
	*stored = dyn_row_read_jsonb(table->table, key, DYN_NO_LOCK_TOGETHER, size);
	if (*size > room)
	{
		if (throttled)
			dyn_throttle_end_read(table->table, NULL, least, 0);
		return false;
	}
	dyn_capacity_add_read(table->capacity, NULL, *size, table->consistent);
	if (throttled)
		dyn_throttle_end_read(table->table, NULL, least, dyn_item_size_read_units(*size, table->consistent));
	return true;
}

/*
 * Writes one table's items; returns how many of its keys were read before the reply was full or the table's capacity gone.
 * The first item that does not fit ends the reply, also for smaller ones behind it.
 */
static int
get_items(DynCall *call, DynBatchTable *table, const DynKey *keys, int64 *bytes)
{
	int			i;

	dyn_json_write_name(call->reply, table->asked_name);
	dyn_json_write_array_start(call->reply);
	for (i = 0; i < table->read_count && *bytes < DYN_MAX_BATCH_GET_SIZE; i++)
	{
		int			size = 0;
		Jsonb	   *stored;

		CHECK_FOR_INTERRUPTS();
		if (!get_stored(table, &keys[i], DYN_MAX_BATCH_GET_SIZE - *bytes, &stored, &size))
		{
			if (table->refusal == NIL)
				*bytes = DYN_MAX_BATCH_GET_SIZE;
			break;
		}
		if (stored == NULL)
			continue;
		*bytes += size;
		if (table->params.projection == NULL)
			dyn_item_jsonb_write_json(call->reply, stored);
		else
			dyn_item_json_write(call->reply, dyn_projection_apply(table->params.projection, dyn_item_jsonb_read(stored)));
		pfree(stored);
	}
	dyn_json_write_array_end(call->reply);
	return i;
}

/* The rest of a table's request, as the client may send it again. */
static void
write_unprocessed_keys(StringInfo out, const DynBatchTable *table, int from)
{
	static const char *const members[] = {"ProjectionExpression", "ExpressionAttributeNames", "AttributesToGet", "ConsistentRead"};
	int			i = 0;

	dyn_json_write_name(out, table->asked_name);
	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "Keys");
	dyn_json_write_array_start(out);
	for (i = from; i < table->read_count; i++)
		dyn_item_json_write(out, table->key_items[i]);
	dyn_json_write_array_end(out);
	for (i = 0; i < lengthof(members); i++)
	{
		const DynJson *member = dyn_json_get(table->json, members[i]);
		StringInfoData text;

		if (member == NULL)
			continue;
		initStringInfo(&text);
		dyn_json_append(&text, member);
		dyn_json_write_member(out, members[i]);
		dyn_json_write_raw(out, text.data, text.len);
	}
	dyn_json_write_object_end(out);
}

static void
raise_if_all_refused(DynCall *call, const DynBatch *batch, const int *read_counts)
{
	List	   *refusal = NIL;

	for (int i = 0; i < batch->table_count; i++)
	{
		if (read_counts[i] > 0)
			return;
		refusal = dyn_throttle_add(refusal, batch->tables[i].refusal);
	}
	if (refusal != NIL)
		dyn_throttle_raise(call, refusal);
}

void
dyn_batch_flow_get(DynCall *call)
{
	DynBatch	batch = {0};
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);
	int			total;
	DynKey	   *keys;
	DynStr	   *encoded;
	int		   *read_counts;
	int64		bytes = 0;
	int			at = 0;

	read_tables(call, &batch);
	total = read_get_requests(&batch);
	keys = palloc(sizeof(DynKey) * Max(total, 1));
	encoded = palloc(sizeof(DynStr) * Max(total, 1));
	read_counts = palloc(sizeof(int) * Max(batch.table_count, 1));
	for (int i = 0; i < batch.table_count; i++)
	{
		DynBatchTable *table = &batch.tables[i];

		table->table = dyn_table_cache_get(dyn_table_params_resolve(table->asked_name), AccessShareLock);
		dyn_access_check(call, table->table, DYN_ACCESS_READ);
		table->capacity = dyn_capacity_make(table->table);
		table->capacity->asked_name = table->asked_name;
		for (int j = 0; j < table->read_count; j++, at++)
		{
			dyn_key_columns_check_key(table->table, table->key_items[j], &keys[at]);
			encoded[at] = encode_key(table->table, &keys[at]);
		}
		dyn_expr_params_check_keys(&table->params, table->table);
	}
	/* the same table by its name and by its ARN */
	check_duplicates(encoded, total);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Responses");
	dyn_json_write_object_start(call->reply);
	at = 0;
	/* one snapshot for all, taken now: a SQL caller's own changes are in it */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (int i = 0; i < batch.table_count; i++)
	{
		read_counts[i] = get_items(call, &batch.tables[i], &keys[at], &bytes);
		at += batch.tables[i].read_count;
	}
	PopActiveSnapshot();
	raise_if_all_refused(call, &batch, read_counts);
	dyn_json_write_object_end(call->reply);
	dyn_json_write_member(call->reply, "UnprocessedKeys");
	dyn_json_write_object_start(call->reply);
	for (int i = 0; i < batch.table_count; i++)
		if (read_counts[i] < batch.tables[i].read_count)
			write_unprocessed_keys(call->reply, &batch.tables[i], read_counts[i]);
	dyn_json_write_object_end(call->reply);
	write_capacities(call, &batch, capacity_mode);
	dyn_json_write_object_end(call->reply);
}

/* ---- writes ---- */

static DynItem *
apply_write(DynWrite *write, const DynItem *old)
{
	return write->arg;
}

static void
read_write_request(DynBatchWrite *write, const DynJson *json)
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
	(void) dyn_item_size_checked(write->item);
}

static void
read_write_requests(DynBatch *batch)
{
	int			total = 0;

	for (int i = 0; i < batch->table_count; i++)
		total += dyn_json_count(batch->tables[i].json);
	if (total > DYN_MAX_BATCH_WRITE_REQUESTS)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_WRITE_TOO_MANY);
	batch->writes = palloc0(sizeof(DynBatchWrite) * Max(total, 1));
	batch->ordered = palloc(sizeof(DynBatchWrite *) * Max(total, 1));
	for (int i = 0; i < batch->table_count; i++)
	{
		for (const DynJson *json = dyn_json_first(batch->tables[i].json); json != NULL; json = dyn_json_next(json))
		{
			DynBatchWrite *write = &batch->writes[batch->write_count];

			write->owner = &batch->tables[i];
			read_write_request(write, json);
			batch->ordered[batch->write_count++] = write;
		}
	}
}

static void
prepare_writes(DynCall *call, DynBatch *batch, bool blind)
{
	DynStr	   *encoded = palloc(sizeof(DynStr) * Max(batch->write_count, 1));

	for (int i = 0; i < batch->write_count; i++)
	{
		DynBatchWrite *write = &batch->writes[i];
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
			dyn_key_columns_check_item(owner->table, write->item);
		}
		else
			dyn_key_columns_check_key(owner->table, write->key_item, &write->write.key);
		/* one by one: a later request that is wrong in itself is not looked at any more */
		encoded[i] = encode_key(owner->table, &write->write.key);
		for (int j = 0; j < i; j++)
			if (dyn_text_equal(encoded[j], encoded[i]))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
	}
}

static int
compare_writes(const void *a, const void *b)
{
	const DynBatchWrite *left = *(DynBatchWrite *const *) a;
	const DynBatchWrite *right = *(DynBatchWrite *const *) b;

	if (left->write.table->relid != right->write.table->relid)
		return left->write.table->relid < right->write.table->relid ? -1 : 1;
	return dyn_key_compare(&left->write.key, &right->write.key);
}

static void
run_one(void *arg)
{
	DynBatchWrite *write = arg;

	write->done = dyn_write_flow_run(&write->write);
}

static void
run_all(void *arg)
{
	DynBatch   *batch = arg;

	for (int i = 0; i < batch->write_count; i++)
		run_one(batch->ordered[i]);
}

static void
run_writes(DynBatch *batch)
{
	ErrorData  *error = dyn_nested_call_run(run_all, batch);

	if (error == NULL)
		return;
	if (!dyn_nested_call_is_conflict(error))
		ReThrowError(error);
	for (int i = 0; i < batch->write_count; i++)
		batch->ordered[i]->done = false;
	for (int i = 0; i < batch->write_count; i++)
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
raise_if_all_writes_refused(DynCall *call, const DynBatch *batch)
{
	List	   *refusal = NIL;

	for (int i = 0; i < batch->write_count; i++)
	{
		if (batch->writes[i].done)
			return;
		refusal = dyn_throttle_add(refusal, batch->writes[i].write.refusal);
	}
	if (refusal != NIL)
		dyn_throttle_raise(call, refusal);
}

static void
write_unprocessed_items(StringInfo out, const DynBatch *batch)
{
	dyn_json_write_member(out, "UnprocessedItems");
	dyn_json_write_object_start(out);
	for (int i = 0; i < batch->table_count; i++)
	{
		bool		open = false;

		for (int j = 0; j < batch->write_count; j++)
		{
			StringInfoData text;

			if (batch->writes[j].owner != &batch->tables[i] || batch->writes[j].done)
				continue;
			if (!open)
			{
				dyn_json_write_name(out, batch->tables[i].asked_name);
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
write_collections(DynCall *call, const DynBatch *batch)
{
	bool		open = false;

	for (int i = 0; i < batch->table_count; i++)
	{
		const DynTable *table = batch->tables[i].table;
		bool		open_table = false;

		if (table == NULL || !dyn_collection_wanted(call->body, table))
			continue;
		for (int j = 0; j < batch->write_count; j++)
		{
			const DynBatchWrite *write = &batch->writes[j];
			bool		seen = !write->done || write->owner != &batch->tables[i];

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
				dyn_json_write_name(call->reply, batch->tables[i].asked_name);
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

void
dyn_batch_flow_write(DynCall *call)
{
	DynBatch	batch = {0};
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);

	read_tables(call, &batch);
	read_write_requests(&batch);
	prepare_writes(call, &batch, capacity_mode == DYN_CAPACITY_NONE);
	qsort(batch.ordered, batch.write_count, sizeof(DynBatchWrite *), compare_writes);
	run_writes(&batch);
	raise_if_all_writes_refused(call, &batch);

	for (int i = 0; i < batch.write_count && capacity_mode != DYN_CAPACITY_NONE; i++)
		if (batch.writes[i].done)
			dyn_capacity_add_write(batch.writes[i].owner->capacity, batch.writes[i].write.old, batch.writes[i].write.new);
	dyn_json_write_object_start(call->reply);
	write_unprocessed_items(call->reply, &batch);
	write_collections(call, &batch);
	write_capacities(call, &batch, capacity_mode);
	dyn_json_write_object_end(call->reply);
}

static void
write_capacities(DynCall *call, const DynBatch *batch, DynCapacityMode mode)
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
