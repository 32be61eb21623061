/*
 * DescribeTimeToLive: which attribute expires a table's items.
 */
#include "postgres.h"

#include "auth/access.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_time_to_live(DynCall *call)
{
	const DynTable *table = dyn_table_cache_describe(dyn_table_params_name(call->body), AccessShareLock);

	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TimeToLiveDescription");
	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "TimeToLiveStatus", table->ttl_attribute.data ? "ENABLED" : "DISABLED");
	if (table->ttl_attribute.data != NULL)
	{
		dyn_json_write_member(call->reply, "AttributeName");
		dyn_json_write_string(call->reply, table->ttl_attribute);
	}
	dyn_json_write_object_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
