/*
 * BatchWriteItem: up to 25 puts and deletes of any tables.
 */
#include "postgres.h"

#include "flow/batch_flow.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_batch_write_item(DynCall *call)
{
	dyn_batch_flow_write(call);
}
