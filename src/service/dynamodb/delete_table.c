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
#include "catalog/table_lost.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"
#include "work/job.h"

static void write_reply(DynCall *call, const DynTable *table);

/*
 * A table whose item table was dropped, renamed or moved behind our back: it leaves the catalogue, and what was renamed
 * or moved stays its owner's.  False: it is none of these.
 */
static bool
forget_lost(DynCall *call, const char *name)
{
	const DynTable *table = dyn_table_cache_find_damaged(name, AccessShareLock);
	DynLostTable *lost;

	if (table != NULL)
	{
		UnlockRelationOid(table->relid, AccessShareLock);
		return false;
	}
	dyn_table_ddl_lock_name(name);
	lost = dyn_table_lost_find(name);
	if (lost == NULL)
		return false;
	lost->table.relid = lost->found;
	/* whoever may create tables could take its place; what was found may be anybody's */
	if (OidIsValid(lost->found))
		dyn_access_check(call, &lost->table, DYN_ACCESS_OWN);
	dyn_access_check_create(call, name);
	if (lost->table.deletion_protection)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TABLE_PROTECTED);
	write_reply(call, &lost->table);
	dyn_table_lost_forget(lost);
	return true;
}

static void
write_reply(DynCall *call, const DynTable *table)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TableDescription");
	dyn_table_reply_write(call->reply, table, DYN_TABLE_REPLY_DELETE);
	dyn_json_write_object_end(call->reply);
}

/*
 * A build in progress would hold the table; the lock of the look is given back, since two deletions would wait for each
 * other's.
 */
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

	if (forget_lost(call, name))
		return;
	stop_jobs(call, name);
	table = dyn_table_cache_describe(name, AccessExclusiveLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	if (table->deletion_protection)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TABLE_PROTECTED);

	write_reply(call, table);
	dyn_table_ddl_drop(table);
}
