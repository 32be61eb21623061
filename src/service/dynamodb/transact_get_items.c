/*
 * TransactGetItems: up to 100 items as of one moment.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/transact_flow.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "service/dynamodb/dynamodb.h"

/* DynTransactAction.arg */
typedef struct Get
{
	const DynJson *json;
	char	   *table_name;
	DynExprParams params;
} Get;

static void check_projection(DynTransactAction *action);
static int	read_gets(const DynJson *items, DynTransactAction *actions);
static void open_tables(DynCall *call, DynTransactAction *actions, int count);
static void write_responses(StringInfo out, const DynTransactAction *actions, int count);
static void write_capacity(DynCall *call, const DynTransactAction *actions, int count);

void
dyn_dynamodb_transact_get_items(DynCall *call)
{
	const DynJson *items = dyn_json_get(call->body, "TransactItems");
	DynTransactAction *actions = palloc0(sizeof(DynTransactAction) * Max(dyn_json_count(items), 1));
	int			count = read_gets(items, actions);

	open_tables(call, actions, count);
	dyn_transact_flow_prepare(call, actions, count, check_projection);
	dyn_transact_flow_read(call, actions, count);

	dyn_json_write_object_start(call->reply);
	write_capacity(call, actions, count);
	write_responses(call->reply, actions, count);
	dyn_json_write_object_end(call->reply);
}

static void
check_projection(DynTransactAction *action)
{
	const Get  *get = action->arg;

	dyn_expr_params_check_projection_keys(&get->params, action->write.table);
}

static int
read_gets(const DynJson *items, DynTransactAction *actions)
{
	Get		   *gets = palloc0(sizeof(Get) * Max(dyn_json_count(items), 1));
	int			count = 0;

	for (const DynJson *item = dyn_json_first(items); item != NULL; item = dyn_json_next(item))
	{
		const DynJson *json = dyn_json_get(item, "Get");

		actions[count].key_source = dyn_item_json_read(dyn_json_get(json, "Key"));
		dyn_expr_params_read(json, DYN_EXPR_PROJECTION | DYN_EXPR_TRANSACTION, &gets[count].params);
		gets[count].json = json;
		gets[count].table_name = dyn_table_params_name(json);
		actions[count].arg = &gets[count];
		count++;
	}
	return count;
}

static void
open_tables(DynCall *call, DynTransactAction *actions, int count)
{
	for (int i = 0; i < count; i++)
	{
		const Get  *get = actions[i].arg;

		actions[i].write.table = dyn_table_cache_find(get->table_name, AccessShareLock);
		if (actions[i].write.table != NULL)
			dyn_access_check(call, actions[i].write.table, DYN_ACCESS_READ);
	}
}

static void
write_responses(StringInfo out, const DynTransactAction *actions, int count)
{
	int64		size = 0;

	dyn_json_write_member(out, "Responses");
	dyn_json_write_array_start(out);
	for (int i = 0; i < count; i++)
	{
		const Get  *get = actions[i].arg;

		size += actions[i].size;
		if (size > DYN_MAX_TRANSACT_SIZE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_REPLY_TOO_LARGE);
		dyn_json_write_object_start(out);
		if (actions[i].stored != NULL)
		{
			dyn_json_write_member(out, "Item");
			if (get->params.projection == NULL)
				dyn_item_jsonb_write_json(out, actions[i].stored);
			else
				dyn_item_json_write(out, dyn_projection_apply(get->params.projection, dyn_item_jsonb_read(actions[i].stored)));
		}
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
}

static void
write_capacity(DynCall *call, const DynTransactAction *actions, int count)
{
	DynCapacityMode mode = dyn_capacity_mode(call->body);
	DynCapacitySum *sum = dyn_capacity_sum_make(false);

	if (mode == DYN_CAPACITY_NONE)
		return;
	for (int i = 0; i < count; i++)
	{
		const Get  *get = actions[i].arg;
		DynCapacity *capacity = dyn_capacity_sum_table(sum, actions[i].write.table);

		dyn_capacity_name(capacity, get->json);
		dyn_capacity_add_read(capacity, NULL, actions[i].size, true);
	}
	dyn_capacity_sum_write_member(call->reply, sum, mode);
}
