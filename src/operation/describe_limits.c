/*
 * DescribeLimits: the account's quotas, which are AWS's defaults.
 */
#include "postgres.h"

#include "json/json_write.h"
#include "operation/operation.h"

#define ACCOUNT_UNITS 80000
#define TABLE_UNITS 40000

void
dyn_op_describe_limits(DynCall *call)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_integer_member(call->reply, "AccountMaxReadCapacityUnits", ACCOUNT_UNITS);
	dyn_json_write_integer_member(call->reply, "AccountMaxWriteCapacityUnits", ACCOUNT_UNITS);
	dyn_json_write_integer_member(call->reply, "TableMaxReadCapacityUnits", TABLE_UNITS);
	dyn_json_write_integer_member(call->reply, "TableMaxWriteCapacityUnits", TABLE_UNITS);
	dyn_json_write_object_end(call->reply);
}
