/*
 * ListBackups: there are none, since nothing makes any.
 */
#include "postgres.h"

#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_list_backups(DynCall *call)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "BackupSummaries");
	dyn_json_write_array_start(call->reply);
	dyn_json_write_array_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
