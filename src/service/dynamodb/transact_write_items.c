/*
 * TransactWriteItems: puts, updates, deletes and checks of up to 100 items, all or nothing.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/item_change.h"
#include "flow/throttle.h"
#include "flow/transact_flow.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "response/collection.h"
#include "service/dynamodb/dynamodb.h"

typedef enum ActionKind
{
	CONDITION_CHECK,
	PUT,
	DELETE,
	UPDATE
} ActionKind;

static const struct
{
	const char *member;
	DynAccess	access;
	int			expressions;
	DynApply	apply;
}			kinds[] = {
	[CONDITION_CHECK] = {"ConditionCheck", DYN_ACCESS_READ, DYN_EXPR_CONDITION, NULL},
	[PUT] = {"Put", DYN_ACCESS_PUT, DYN_EXPR_CONDITION, dyn_item_change_put},
	[DELETE] = {"Delete", DYN_ACCESS_DELETE, DYN_EXPR_CONDITION, dyn_item_change_delete},
	[UPDATE] = {"Update", DYN_ACCESS_UPDATE, DYN_EXPR_UPDATE | DYN_EXPR_CONDITION, dyn_item_change_update},
};

/* DynTransactAction.arg */
typedef struct Action
{
	ActionKind	kind;
	const DynJson *json;
	char	   *table_name;
	DynExprParams params;
	DynItemUpdate update;
} Action;

static int	read_actions(const DynJson *items, DynTransactAction *actions);
static void find_kind(const DynJson *item, Action *action);
static int64 read_action(DynTransactAction *action);
static void check_expressions(DynTransactAction *action);
static void open_tables(DynCall *call, DynTransactAction *actions, int count);
static void write_capacity(DynCall *call, const DynTransactAction *actions, int count, bool repeated);
static void write_collections(DynCall *call, const DynTransactAction *actions, int count);
static bool is_first_of(const DynTransactAction *actions, int at, bool by_collection);

void
dyn_dynamodb_transact_write_items(DynCall *call)
{
	const DynJson *items = dyn_json_get(call->body, "TransactItems");
	DynTransactAction *actions = palloc0(sizeof(DynTransactAction) * Max(dyn_json_count(items), 1));
	int			count = read_actions(items, actions);
	bool		repeated;

	repeated = dyn_transact_flow_is_repeated(call, dyn_json_get_string(call->body, "ClientRequestToken"), items);
	open_tables(call, actions, count);
	for (int i = 0; i < count; i++)
		if (actions[i].write.table != NULL)
			dyn_item_change_check_empty(actions[i].write.table, ((const Action *) actions[i].arg)->update.update);
	dyn_transact_flow_prepare(call, actions, count, check_expressions);
	if (!repeated)
		dyn_transact_flow_write(call, actions, count);
	else if (dyn_capacity_mode(call->body) != DYN_CAPACITY_NONE || dyn_throttle_enforced())
		dyn_transact_flow_read(call, actions, count);

	dyn_json_write_object_start(call->reply);
	write_capacity(call, actions, count, repeated);
	if (!repeated)
		write_collections(call, actions, count);
	dyn_json_write_object_end(call->reply);
}

/* Everything that can be checked without the tables. */
static int
read_actions(const DynJson *items, DynTransactAction *actions)
{
	Action	   *details = palloc0(sizeof(Action) * Max(dyn_json_count(items), 1));
	int			count = 0;
	int64		size = 0;

	for (const DynJson *item = dyn_json_first(items); item != NULL; item = dyn_json_next(item))
	{
		find_kind(item, &details[count]);
		actions[count].arg = &details[count];
		count++;
	}
	for (int i = 0; i < count; i++)
	{
		size += read_action(&actions[i]);
		if (size > DYN_MAX_TRANSACT_SIZE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACTION_TOO_LARGE, size);
	}
	return count;
}

static void
find_kind(const DynJson *item, Action *action)
{
	for (int i = 0; i < lengthof(kinds); i++)
	{
		const DynJson *json = dyn_json_get(item, kinds[i].member);

		if (json == NULL)
			continue;
		if (action->json != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACT_ITEM_SEVERAL);
		action->kind = i;
		action->json = json;
	}
	if (action->json == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACT_ITEM_NONE);
}

/* Returns what the action adds to the size of the request, as far as AWS counts it. */
static int64
read_action(DynTransactAction *action)
{
	Action	   *details = action->arg;
	const DynJson *json = details->json;
	DynStr		wanted = dyn_json_get_string(json, "ReturnValuesOnConditionCheckFailure");
	DynItem    *item;
	int64		size;

	item = dyn_item_json_read(dyn_json_get(json, details->kind == PUT ? "Item" : "Key"));
	size = details->kind == PUT ? dyn_item_size_checked(item) : dyn_item_size(item);
	dyn_expr_params_read(json, kinds[details->kind].expressions | DYN_EXPR_TRANSACTION, &details->params);
	for (int i = 0; details->kind == UPDATE && i < details->params.bindings->value_count; i++)
		size += dyn_item_size_value(&details->params.bindings->values[i].value);

	details->table_name = dyn_table_params_name(json);
	action->key_source = item;
	action->is_item = details->kind == PUT;
	action->returns_old = wanted.data != NULL && dyn_text_equal_cstring(wanted, "ALL_OLD");
	action->write.condition = details->params.condition;
	action->write.apply = kinds[details->kind].apply;
	action->write.arg = item;
	if (details->kind == UPDATE)
	{
		details->update.update = details->params.update;
		details->update.key_item = item;
		action->write.arg = &details->update;
	}
	return size;
}

static void
check_expressions(DynTransactAction *action)
{
	const Action *details = action->arg;

	if (details->kind == UPDATE)
		dyn_item_change_check_update(action->write.table, details->update.update);
	dyn_expr_params_check_keys(&details->params, action->write.table);
}

static void
open_tables(DynCall *call, DynTransactAction *actions, int count)
{
	for (int i = 0; i < count; i++)
	{
		const Action *details = actions[i].arg;

		actions[i].write.table = dyn_table_cache_find(details->table_name, RowExclusiveLock);
		if (actions[i].write.table != NULL)
			dyn_access_check(call, actions[i].write.table, kinds[details->kind].access);
	}
}

/* A repeated request costs what reading its items costs. */
static void
write_capacity(DynCall *call, const DynTransactAction *actions, int count, bool repeated)
{
	DynCapacityMode mode = dyn_capacity_mode(call->body);
	DynCapacitySum *sum = dyn_capacity_sum_make(!repeated);

	if (mode == DYN_CAPACITY_NONE)
		return;
	for (int i = 0; i < count; i++)
	{
		const Action *details = actions[i].arg;
		DynCapacity *capacity = dyn_capacity_sum_table(sum, actions[i].write.table);

		dyn_capacity_name(capacity, details->json);
		if (repeated)
			dyn_capacity_add_read(capacity, NULL, actions[i].size, true);
		else
			dyn_capacity_add_write(capacity, actions[i].write.old, actions[i].write.new);
	}
	dyn_capacity_sum_write_member(call->reply, sum, mode);
}

/* Of each table with local indexes, each hash key that was written, once. */
static void
write_collections(DynCall *call, const DynTransactAction *actions, int count)
{
	bool		open = false;

	for (int i = 0; i < count; i++)
	{
		const Action *details = actions[i].arg;
		const DynTable *table = actions[i].write.table;

		if (!dyn_collection_wanted(call->body, table) || !is_first_of(actions, i, false))
			continue;
		if (!open)
		{
			dyn_json_write_member(call->reply, "ItemCollectionMetrics");
			dyn_json_write_object_start(call->reply);
			open = true;
		}
		dyn_json_write_name(call->reply, dyn_json_get_string(details->json, "TableName"));
		dyn_json_write_array_start(call->reply);
		for (int j = i; j < count; j++)
			if (actions[j].write.table->relid == table->relid && is_first_of(actions, j, true))
				dyn_collection_write(call->reply, table, &actions[j].write.key);
		dyn_json_write_array_end(call->reply);
	}
	if (open)
		dyn_json_write_object_end(call->reply);
}

/* Is this the first write to its table, or to its collection? */
static bool
is_first_of(const DynTransactAction *actions, int at, bool by_collection)
{
	const DynWrite *write = &actions[at].write;

	if (write->apply == NULL)
		return false;
	for (int i = 0; i < at; i++)
		if (actions[i].write.apply != NULL && actions[i].write.table->relid == write->table->relid &&
			(!by_collection || dyn_value_equal(&actions[i].write.key.values[0], &write->key.values[0])))
			return false;
	return true;
}
