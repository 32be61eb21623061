/*
 * UpdateTable: settings, and indexes that come and go.
 *
 * Settings are changed when the reply arrives, which says UPDATING as AWS's does.  Indexes are built and dropped in the
 * background; here the catalogue learns of them, and every writer with it.
 */
#include "postgres.h"

#include <signal.h>

#include "auth/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/index_ddl.h"
#include "catalog/table_ddl.h"
#include "flow/table_lock.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "request/update_table_check.h"
#include "request/update_table_params.h"
#include "response/update_table_reply.h"
#include "service/dynamodb/dynamodb.h"
#include "work/job.h"

static void copy_table(const DynTable *table, DynTable *copy);

void
dyn_dynamodb_update_table(DynCall *call)
{
	const DynTable *table;
	const DynTable *before;
	const DynIndex *doomed;
	DynTable	changed;
	DynTableDefinition definition;
	DynIndex	index;
	char	   *name = dyn_table_params_name(call->body);
	bool		create;

	dyn_update_table_check(call->body);
	dyn_table_ddl_lock_name(name);
	table = dyn_table_cache_describe(name, AccessShareLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	if (table->status != DYN_TABLE_ACTIVE)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_TABLE_BEING_UPDATED, name);

	before = table;
	dyn_update_table_params_check_actions(call->body);
	copy_table(table, &changed);
	dyn_update_table_params_settings(call->body, table, &changed, dyn_clock_now());
	doomed = dyn_update_table_params_delete(call->body, table);
	if (doomed != NULL)
	{
		dyn_job_interrupt(table->id, SIGINT);
		dyn_job_abandon(table, "index_build", doomed->name);
		changed.indexes[doomed - table->indexes].status = DYN_TABLE_DELETING;
		changed.indexes[doomed - table->indexes].backfilling = false;
		(void) dyn_job_add("index_drop", table, doomed->name);
	}
	create = dyn_update_table_params_create(call->body, table, &changed, &index, &definition);
	/* a new column, and a stream's trigger */
	if (create || dyn_json_get(call->body, "StreamSpecification") != NULL)
		table = dyn_table_lock_exclusive(table);
	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, name);
	if (create)
	{
		dyn_index_ddl_add(table, &index, definition.definitions, definition.definition_count);
		(void) dyn_job_add("index_build", table, index.name);
	}
	dyn_table_cache_update(table, &changed);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TableDescription");
	dyn_update_table_reply_write(call->reply, call->body, before, dyn_table_cache_describe(name, AccessShareLock));
	dyn_json_write_object_end(call->reply);
}

static void
copy_table(const DynTable *table, DynTable *copy)
{
	*copy = *table;
	copy->indexes = palloc((table->index_count + 1) * sizeof(DynIndex));
	memcpy(copy->indexes, table->indexes, table->index_count * sizeof(DynIndex));
}
