/*
 * DeleteTable: drops a table with its items and indexes.
 *
 * The reply says DELETING, as AWS's does; once it has arrived the table is gone.
 */
#include "postgres.h"

#include "storage/lmgr.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "catalog/table_ddl.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"
#include "work/job.h"

/* A build in progress would hold the table; the lock of the look is given back, since two deletions would wait for each other's. */
static void
stop_jobs(DynCall *call, const char *name)
{
	const DynTable *table = dyn_table_cache_describe(name, AccessShareLock);
	Oid			relid = table->relid;

	dyn_access_check(call, table, DYN_ACCESS_OWN);
	if (!table->deletion_protection)
		dyn_job_stop(table->id);
	UnlockRelationOid(relid, AccessShareLock);
}

void
dyn_dynamodb_delete_table(DynCall *call)
{
	char	   *name = dyn_table_params_name(call->body);
	const DynTable *table;

	stop_jobs(call, name);
	table = dyn_table_cache_describe(name, AccessExclusiveLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	if (table->deletion_protection)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TABLE_PROTECTED);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TableDescription");
	dyn_table_reply_write(call->reply, table, DYN_TABLE_REPLY_DELETE);
	dyn_json_write_object_end(call->reply);
	dyn_table_ddl_drop(table);
}
