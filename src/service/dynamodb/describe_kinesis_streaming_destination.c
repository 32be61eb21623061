/*
 * DescribeKinesisStreamingDestination: where a table's changes are sent, which is nowhere.
 */
#include "postgres.h"

#include "auth/access.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_kinesis_streaming_destination(DynCall *call)
{
	const DynTable *table = dyn_table_cache_describe(dyn_table_params_name(call->body), AccessShareLock);

	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "KinesisDataStreamDestinations");
	dyn_json_write_array_start(call->reply);
	dyn_json_write_array_end(call->reply);
	dyn_json_write_string_member(call->reply, "TableName", table->name);
	dyn_json_write_object_end(call->reply);
}
