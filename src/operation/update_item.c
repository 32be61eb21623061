/*
 * UpdateItem: changes attributes of one item, or makes it.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "expr/update_apply.h"
#include "flow/write_flow.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "operation/operation.h"
#include "request/expr_params.h"
#include "request/table_params.h"
#include "response/capacity.h"
#include "response/collection.h"
#include "response/return_values.h"
#include "store/key_columns.h"

typedef struct DynUpdateItem
{
	const DynUpdate *update;	/* NULL: nothing to change, but the item shall exist */
	DynItem    *key_item;
} DynUpdateItem;

static DynItem *
update(DynWrite *write, const DynItem *old)
{
	const DynUpdateItem *request = write->arg;
	DynItem    *new;

	if (request->update == NULL)
		return old == NULL ? request->key_item : (DynItem *) old;
	if (old != NULL)
		new = dyn_update_apply_run(request->update, old);
	else
	{
		new = dyn_update_apply_create(request->update, request->key_item);
		/* taking away from an item that is not there does not make it */
		if (dyn_update_only_removes(request->update))
			return NULL;
	}
	if (dyn_item_size(new) > DYN_MAX_ITEM_SIZE)
		dyn_error(DYN_ERR_VALIDATION, "Item size to update has exceeded the maximum allowed size");
	dyn_key_columns_check_item(write->table, new);
	return new;
}

static void
refuse_key_paths(const DynTable *table, const DynUpdate *update)
{
	for (int i = 0; i < dyn_update_path_count(update); i++)
	{
		DynStr		name = dyn_update_path(update, i)->steps[0].name;

		if (dyn_key_part_find(&table->keys, name) != NULL)
			dyn_error(DYN_ERR_VALIDATION,
					  "One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key",
					  dyn_text_printable(name));
	}
}

void
dyn_op_update_item(DynCall *call)
{
	int			which = DYN_EXPR_UPDATE | DYN_EXPR_CONDITION;
	DynExprParams params;
	DynUpdateItem request;
	DynWrite	write = {0};
	DynCapacityMode capacity_mode = dyn_capacity_mode(call->body);
	DynReturnValues values = dyn_return_values_read(call->body);

	dyn_expr_params_check(call->body, which);
	request.key_item = dyn_item_json_read(dyn_json_get(call->body, "Key"));
	dyn_expr_params_read(call->body, which, &params);
	request.update = params.update;
	write.table = dyn_table_meta_get(dyn_table_params_name(call->body), RowExclusiveLock);
	dyn_access_check(call, write.table, DYN_ACCESS_UPDATE);
	dyn_key_columns_check_key(write.table, request.key_item, &write.key);
	if (params.update != NULL)
		refuse_key_paths(write.table, params.update);

	write.condition = params.condition;
	write.apply = update;
	write.arg = &request;
	dyn_write_flow_run_or_fail(call, &write);

	dyn_json_write_object_start(call->reply);
	dyn_return_values_write(call->reply, values, params.update, write.old, write.new);
	if (capacity_mode != DYN_CAPACITY_NONE)
	{
		DynCapacity *capacity = dyn_capacity_make(write.table);

		dyn_capacity_add_write(capacity, write.old, write.new);
		dyn_capacity_write_member(call->reply, capacity, capacity_mode);
	}
	dyn_collection_write_member(call->reply, call->body, write.table, &write.key);
	dyn_json_write_object_end(call->reply);
}
