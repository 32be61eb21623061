/*
 * BatchGetItem: up to 100 items of any tables by their keys.
 */
#include "postgres.h"

#include "flow/batch_flow.h"
#include "item/item_json.h"
#include "operation/operation.h"

void
dyn_op_batch_get_item(DynCall *call)
{
	dyn_item_json_recent(true);
	dyn_batch_flow_get(call);
}
