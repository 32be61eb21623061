/*
 * ListGlobalTables: there are none; this is the server of one region.
 */
#include "postgres.h"

#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_list_global_tables(DynCall *call)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "GlobalTables");
	dyn_json_write_array_start(call->reply);
	dyn_json_write_array_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
