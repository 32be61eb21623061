/*
 * DescribeLimits: the account's quotas, which are AWS's defaults.
 */
#include "postgres.h"

#include "base/limits.h"
#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_limits(DynCall *call)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_integer_member(call->reply, "AccountMaxReadCapacityUnits", DYN_MAX_ACCOUNT_CAPACITY);
	dyn_json_write_integer_member(call->reply, "AccountMaxWriteCapacityUnits", DYN_MAX_ACCOUNT_CAPACITY);
	dyn_json_write_integer_member(call->reply, "TableMaxReadCapacityUnits", DYN_MAX_TABLE_CAPACITY);
	dyn_json_write_integer_member(call->reply, "TableMaxWriteCapacityUnits", DYN_MAX_TABLE_CAPACITY);
	dyn_json_write_object_end(call->reply);
}
