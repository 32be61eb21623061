/*
 * PutItem: stores an item, in place of the one with the same key.
 */
#include "postgres.h"

#include "auth/access.h"
#include "flow/item_change.h"
#include "flow/write_flow.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "request/error_layer.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "response/return_values.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"

void
dyn_dynamodb_put_item(DynCall *call)
{
	DynExprParams params;
	DynWrite	write = {0};
	DynReturnValues values;
	DynItem    *item;

	write.capacity_mode = dyn_capacity_mode(call->body);
	dyn_expr_params_check(call->body, DYN_EXPR_CONDITION);
	item = dyn_item_json_read(dyn_json_get(call->body, "Item"));
	values = dyn_return_values_read_old(call->body);
	write.known_size = dyn_item_size_checked(item);
	dyn_expr_params_read(call->body, DYN_EXPR_CONDITION, &params);
	dyn_error_layer_enter(DYN_PHASE_TABLE);
	write.table = dyn_table_cache_get(dyn_table_params_name(call->body), RowExclusiveLock);
	dyn_access_check(call, write.table, DYN_ACCESS_PUT);
	dyn_key_columns_check_item(write.table, item, &write.key);
	dyn_expr_params_check_keys(&params, write.table);

	write.condition = params.condition;
	write.apply = dyn_item_change_put;
	write.arg = item;
	write.blind = values == DYN_RETURN_NONE && write.capacity_mode == DYN_CAPACITY_NONE;
	dyn_write_flow_run_or_fail(call, &write);
	dyn_write_flow_reply(call, &write, values, NULL);
}
