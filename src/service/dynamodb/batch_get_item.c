/*
 * BatchGetItem: up to 100 items of any tables by their keys.
 */
#include "postgres.h"

#include "flow/batch_flow.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_batch_get_item(DynCall *call)
{
	dyn_batch_flow_get(call);
}
