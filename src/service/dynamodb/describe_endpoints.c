/*
 * DescribeEndpoints: where to send requests: to the address this one came to.
 */
#include "postgres.h"

#include "base/guc.h"
#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

#define CACHE_MINUTES 1440

void
dyn_dynamodb_describe_endpoints(DynCall *call)
{
	char	   *address = call->host ? (char *) call->host : psprintf("127.0.0.1:%d", dyn_guc_port);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Endpoints");
	dyn_json_write_array_start(call->reply);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "Address", address);
	dyn_json_write_integer_member(call->reply, "CachePeriodInMinutes", CACHE_MINUTES);
	dyn_json_write_object_end(call->reply);
	dyn_json_write_array_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
