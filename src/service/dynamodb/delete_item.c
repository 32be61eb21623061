/*
 * DeleteItem: deletes one item by its key; a key without an item is fine.
 */
#include "postgres.h"

#include "auth/access.h"
#include "flow/item_change.h"
#include "flow/write_flow.h"
#include "item/item_json.h"
#include "request/error_layer.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "response/return_values.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"

void
dyn_dynamodb_delete_item(DynCall *call)
{
	DynExprParams params;
	DynWrite	write = {0};
	DynReturnValues values;
	const DynJson *key_json = dyn_json_get(call->body, "Key");
	DynItem    *key_item;

	write.capacity_mode = dyn_capacity_mode(call->body);
	dyn_expr_params_check(call->body, DYN_EXPR_CONDITION);
	key_item = dyn_item_json_read_unless_deep(key_json);
	values = dyn_return_values_read_old(call->body);
	dyn_expr_params_read(call->body, DYN_EXPR_CONDITION, &params);
	if (key_item == NULL)
		key_item = dyn_item_json_read(key_json);
	dyn_error_layer_enter(DYN_PHASE_TABLE);
	write.table = dyn_table_cache_get(dyn_table_params_name(call->body), RowExclusiveLock);
	dyn_access_check(call, write.table, DYN_ACCESS_DELETE);
	dyn_key_columns_check_key(write.table, key_item, &write.key);
	dyn_expr_params_check_keys(&params, write.table);

	write.condition = params.condition;
	write.apply = dyn_item_change_delete;
	write.blind = values == DYN_RETURN_NONE && write.capacity_mode == DYN_CAPACITY_NONE;
	dyn_write_flow_run_or_fail(call, &write);
	dyn_write_flow_reply(call, &write, values, NULL);
}
