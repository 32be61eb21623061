/*
 * UpdateItem: changes attributes of one item, or makes it.
 */
#include "postgres.h"

#include "auth/access.h"
#include "flow/item_change.h"
#include "flow/write_flow.h"
#include "item/item_json.h"
#include "request/error_layer.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/return_values.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"

void
dyn_dynamodb_update_item(DynCall *call)
{
	int			which = DYN_EXPR_UPDATE | DYN_EXPR_CONDITION;
	const DynJson *key_json = dyn_json_get(call->body, "Key");
	DynExprParams params;
	DynItemUpdate request;
	DynWrite	write = {0};
	DynReturnValues values = dyn_return_values_read(call->body);

	write.capacity_mode = dyn_capacity_mode(call->body);
	dyn_expr_params_check(call->body, which);
	request.key_item = dyn_item_json_read_unless_deep(key_json);
	dyn_expr_params_read(call->body, which, &params);
	if (request.key_item == NULL)
		request.key_item = dyn_item_json_read(key_json);
	request.update = params.update;
	dyn_error_layer_enter(DYN_PHASE_TABLE);
	write.table = dyn_table_cache_get(dyn_table_params_name(call->body), RowExclusiveLock);
	dyn_access_check(call, write.table, DYN_ACCESS_UPDATE);
	dyn_key_columns_check_key(write.table, request.key_item, &write.key);
	dyn_item_change_check_update(write.table, params.update);
	dyn_expr_params_check_keys(&params, write.table);
	dyn_item_change_check_charge(params.update);

	write.condition = params.condition;
	write.apply = dyn_item_change_update;
	write.arg = &request;
	dyn_write_flow_run_or_fail(call, &write);
	dyn_write_flow_reply(call, &write, values, params.update);
}
