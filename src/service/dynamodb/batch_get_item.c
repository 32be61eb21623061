/*
 * BatchGetItem: up to 100 items of any tables by their keys.
 *
 * What does not fit into a reply, and what throttling refuses, comes back as UnprocessedKeys, unless that is
 * everything.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/batch_flow.h"
#include "flow/throttle.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"
#include "store/row_read.h"

/* What is read of one table. */
typedef struct Reads
{
	DynBatchTable *table;
	DynExprParams params;
	bool		consistent;
	int			count;
	DynItem   **key_items;
	int			done;			/* how many of them are in the reply */
	List	   *refusal;		/* why some of the reads were not done; NIL: none was refused */
} Reads;

static int	read_requests(const DynBatch *batch, Reads *reads);
static void check_projections(const DynBatch *batch);
static void check_duplicates(DynStr *encoded, int count);
static int	compare_encoded(const void *a, const void *b);
static void get_items(DynCall *call, Reads *read, const DynKey *keys, int64 *bytes);
static bool get_stored(Reads *read, const DynKey *key, int64 room, Jsonb **stored, int *size);
static void raise_if_all_refused(DynCall *call, const Reads *reads, int count);
static void write_unprocessed_keys(StringInfo out, const Reads *read);

void
dyn_dynamodb_batch_get_item(DynCall *call)
{
	DynBatch	batch = {0};
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);
	Reads	   *reads;
	int			total;
	DynKey	   *keys;
	DynStr	   *encoded;
	int64		bytes = 0;
	int			at = 0;

	dyn_batch_flow_read_tables(call, &batch);
	reads = palloc0(sizeof(Reads) * Max(batch.table_count, 1));
	total = read_requests(&batch, reads);
	keys = palloc(sizeof(DynKey) * Max(total, 1));
	encoded = palloc(sizeof(DynStr) * Max(total, 1));
	for (int i = 0; i < batch.table_count; i++)
	{
		DynBatchTable *table = &batch.tables[i];

		table->table = dyn_table_cache_get(dyn_table_params_resolve(table->asked_name), AccessShareLock);
		dyn_access_check(call, table->table, DYN_ACCESS_READ);
		table->capacity = dyn_capacity_make(table->table);
		table->capacity->asked_name = table->asked_name;
		for (int j = 0; j < reads[i].count; j++, at++)
		{
			dyn_key_columns_check_key(table->table, reads[i].key_items[j], &keys[at]);
			encoded[at] = dyn_batch_flow_encode_key(table->table, &keys[at]);
		}
		dyn_expr_params_check_keys(&reads[i].params, table->table);
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
		get_items(call, &reads[i], &keys[at], &bytes);
		at += reads[i].count;
	}
	PopActiveSnapshot();
	raise_if_all_refused(call, reads, batch.table_count);
	dyn_json_write_object_end(call->reply);
	dyn_json_write_member(call->reply, "UnprocessedKeys");
	dyn_json_write_object_start(call->reply);
	for (int i = 0; i < batch.table_count; i++)
		if (reads[i].done < reads[i].count)
			write_unprocessed_keys(call->reply, &reads[i]);
	dyn_json_write_object_end(call->reply);
	dyn_batch_flow_write_capacities(call, &batch, capacity_mode);
	dyn_json_write_object_end(call->reply);
}

/* The keys of all tables; returns their number. */
static int
read_requests(const DynBatch *batch, Reads *reads)
{
	int			total = 0;

	check_projections(batch);
	for (int i = 0; i < batch->table_count; i++)
	{
		Reads	   *read = &reads[i];
		const DynJson *json = batch->tables[i].json;
		const DynJson *keys = dyn_json_get(json, "Keys");

		read->table = &batch->tables[i];
		dyn_expr_params_check(json, DYN_EXPR_PROJECTION);
		dyn_expr_params_read(json, DYN_EXPR_PROJECTION, &read->params);
		read->consistent = dyn_json_get_boolean(json, "ConsistentRead", false);
		total += dyn_json_count(keys);
		if (total > DYN_MAX_BATCH_GET_KEYS)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_GET_TOO_MANY);
		read->key_items = palloc(sizeof(DynItem *) * Max(dyn_json_count(keys), 1));
		for (const DynJson *key = dyn_json_first(keys); key != NULL; key = dyn_json_next(key))
		{
			DynItem    *item = dyn_item_json_read(key);

			/* before anything is known of the table, so whole keys are compared, whatever they hold */
			for (int j = 0; j < read->count; j++)
				if (dyn_item_equal(read->key_items[j], item))
					dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
			read->key_items[read->count++] = item;
		}
	}
	return total;
}

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

/* Raises "Provided list of item keys contains duplicates" when two of the encoded keys are the same. */
static void
check_duplicates(DynStr *encoded, int count)
{
	qsort(encoded, count, sizeof(DynStr), compare_encoded);
	for (int i = 1; i < count; i++)
		if (dyn_text_equal(encoded[i - 1], encoded[i]))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
}

static int
compare_encoded(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

/*
 * Writes one table's items, until the reply is full or the table's capacity gone; read->done tells how far it came.
 * The first item that does not fit ends the reply, also for smaller ones behind it.
 */
static void
get_items(DynCall *call, Reads *read, const DynKey *keys, int64 *bytes)
{
	dyn_json_write_name(call->reply, read->table->asked_name);
	dyn_json_write_array_start(call->reply);
	for (; read->done < read->count && *bytes < DYN_MAX_BATCH_GET_SIZE; read->done++)
	{
		int			size = 0;
		Jsonb	   *stored;

		CHECK_FOR_INTERRUPTS();
		if (!get_stored(read, &keys[read->done], DYN_MAX_BATCH_GET_SIZE - *bytes, &stored, &size))
		{
			if (read->refusal == NIL)
				*bytes = DYN_MAX_BATCH_GET_SIZE;
			break;
		}
		if (stored == NULL)
			continue;
		*bytes += size;
		if (read->params.projection == NULL)
			dyn_item_jsonb_write_json(call->reply, stored);
		else
			dyn_item_json_write(call->reply, dyn_projection_apply(read->params.projection, dyn_item_jsonb_read(stored)));
		pfree(stored);
	}
	dyn_json_write_array_end(call->reply);
}

/* One item, or false when throttling refuses it, or it would take more than room. */
static bool
get_stored(Reads *read, const DynKey *key, int64 room, Jsonb **stored, int *size)
{
	const DynTable *table = read->table->table;
	bool		throttled = dyn_throttle_enforced();
	double		least = dyn_item_size_read_units(0, read->consistent);

	if (throttled)
		read->refusal = dyn_throttle_begin_read(table, NULL, least);
	if (read->refusal != NIL)
		return false;
	*stored = dyn_row_read_jsonb(table, key, DYN_NO_LOCK_TOGETHER, size);
	if (*size > room)
	{
		if (throttled)
			dyn_throttle_end_read(table, NULL, least, 0);
		return false;
	}
	dyn_capacity_add_read(read->table->capacity, NULL, *size, read->consistent);
	if (throttled)
		dyn_throttle_end_read(table, NULL, least, dyn_item_size_read_units(*size, read->consistent));
	return true;
}

static void
raise_if_all_refused(DynCall *call, const Reads *reads, int count)
{
	List	   *refusal = NIL;

	for (int i = 0; i < count; i++)
	{
		if (reads[i].done > 0)
			return;
		refusal = dyn_throttle_add(refusal, reads[i].refusal);
	}
	if (refusal != NIL)
		dyn_throttle_raise(call, refusal);
}

/* The rest of a table's request, as the client may send it again. */
static void
write_unprocessed_keys(StringInfo out, const Reads *read)
{
	static const char *const members[] = {"ProjectionExpression", "ExpressionAttributeNames", "AttributesToGet",
										  "ConsistentRead"};

	dyn_json_write_name(out, read->table->asked_name);
	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "Keys");
	dyn_json_write_array_start(out);
	for (int i = read->done; i < read->count; i++)
		dyn_item_json_write(out, read->key_items[i]);
	dyn_json_write_array_end(out);
	for (int i = 0; i < lengthof(members); i++)
	{
		const DynJson *member = dyn_json_get(read->table->json, members[i]);
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
