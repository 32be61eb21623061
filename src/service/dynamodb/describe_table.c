/*
 * DescribeTable: everything about a table but its items.
 */
#include "postgres.h"

#include "auth/access.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_table(DynCall *call)
{
	const DynTable *table = dyn_table_cache_describe(dyn_table_params_name(call->body), AccessShareLock);

	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Table");
	dyn_table_reply_write(call->reply, table, DYN_TABLE_REPLY_DESCRIBE);
	dyn_json_write_object_end(call->reply);
}
