/*
 * GetItem: one item by its key.
 */
#include "postgres.h"

#include "auth/access.h"
#include "flow/throttle.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "service/dynamodb/dynamodb.h"
#include "store/key_columns.h"
#include "store/row_read.h"

static Jsonb *
read_stored(DynCall *call, const DynTable *table, const DynKey *key, bool consistent, int *size)
{
	bool		throttled = dyn_throttle_enforced();
	double		least = dyn_item_size_read_units(0, consistent);
	List	   *reasons = throttled ? dyn_throttle_begin_read(table, NULL, least) : NIL;
	Jsonb	   *stored;

	if (reasons != NIL)
		dyn_throttle_raise(call, reasons);
	stored = dyn_row_read_jsonb(table, key, DYN_NO_LOCK, size);
	if (throttled)
		dyn_throttle_end_read(table, NULL, least, dyn_item_size_read_units(*size, consistent));
	return stored;
}

void
dyn_dynamodb_get_item(DynCall *call)
{
	DynExprParams params;
	const DynTable *table;
	DynItem    *key_item;
	DynKey		key;
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);
	bool		consistent = dyn_json_get_boolean(call->body, "ConsistentRead", false);
	Jsonb	   *stored;
	int			size = 0;

	dyn_expr_params_check(call->body, DYN_EXPR_PROJECTION);
	key_item = dyn_item_json_read(dyn_json_get(call->body, "Key"));
	dyn_expr_params_read(call->body, DYN_EXPR_PROJECTION, &params);
	table = dyn_table_cache_get(dyn_table_params_name(call->body), AccessShareLock);
	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_key_columns_check_key(table, key_item, &key);
	dyn_expr_params_check_keys(&params, table);

	stored = read_stored(call, table, &key, consistent, &size);

	dyn_json_write_object_start(call->reply);
	if (stored != NULL)
	{
		dyn_json_write_member(call->reply, "Item");
		if (params.projection == NULL)
			dyn_item_jsonb_write_json(call->reply, stored);
		else
			dyn_item_json_write(call->reply, dyn_projection_apply(params.projection, dyn_item_jsonb_read(stored)));
	}
	if (capacity_mode != DYN_CAPACITY_NONE)
	{
		DynCapacity *capacity = dyn_capacity_make(table);

		dyn_capacity_name(capacity, call->body);
		dyn_capacity_add_read(capacity, NULL, size, consistent);
		dyn_capacity_write_member(call->reply, capacity, capacity_mode);
	}
	dyn_json_write_object_end(call->reply);
}
