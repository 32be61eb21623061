/*
 * DescribeContinuousBackups: whether a table can be restored to a point in time.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_continuous_backups(DynCall *call)
{
	char	   *name = dyn_table_params_name(call->body);
	const DynTable *table = dyn_table_cache_find_damaged(name, AccessShareLock);

	if (table == NULL)
		dyn_error(DYN_ERR_TABLE_NOT_FOUND, DYN_MSG_BACKUP_TABLE_NOT_FOUND, name);
	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "ContinuousBackupsDescription");
	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "ContinuousBackupsStatus", "ENABLED");
	dyn_json_write_member(call->reply, "PointInTimeRecoveryDescription");
	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "PointInTimeRecoveryStatus", "DISABLED");
	dyn_json_write_object_end(call->reply);
	dyn_json_write_object_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
