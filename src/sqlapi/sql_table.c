/*
 * dynamo.rename_table(table_name, new_name), and what dynamo.adopt_table() calls.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "auth/access.h"
#include "base/compat.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/table_adopt.h"
#include "catalog/table_ddl.h"
#include "catalog/table_rename.h"
#include "catalog/tag.h"
#include "flow/table_lock.h"
#include "json/json_write.h"
#include "request/shape.h"
#include "request/table_params.h"
#include "request/tag_params.h"
#include "service/service.h"
#include "store/row_check.h"
#include "work/job.h"

PG_FUNCTION_INFO_V1(dynamo_rename_table);
PG_FUNCTION_INFO_V1(dynamo_adopt_relation);

static void begin_call(DynCall *call, const char *operation);
static char *read_name(text *name);
static void lock_names(const char *a, const char *b);

/*
 * Locks are taken in the order of all changes of tables: names, jobs, the table.  Jobs are stopped, since they hold the
 * table and name it, and go on under the new name.
 */
Datum
dynamo_rename_table(PG_FUNCTION_ARGS)
{
	char	   *old_name = read_name(PG_GETARG_TEXT_PP(0));
	char	   *new_name = read_name(PG_GETARG_TEXT_PP(1));
	const DynTable *table;
	DynCall		call;

	begin_call(&call, "RenameTable");
	lock_names(old_name, new_name);
	table = dyn_table_cache_describe(old_name, AccessShareLock);
	dyn_access_check(&call, table, DYN_ACCESS_OWN);
	dyn_access_check_create(&call, new_name);
	dyn_table_ddl_refuse_duplicate(new_name);
	dyn_job_stop(table->id);
	dyn_job_rename(table->id, new_name);
	table = dyn_table_lock_exclusive(table);
	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, dyn_text_printable(dyn_text_from_cstring(old_name)));
	dyn_access_check(&call, table, DYN_ACCESS_OWN);
	dyn_table_rename(table, new_name);
	PG_RETURN_VOID();
}

/* dynamo.adopt_relation(relation, body): body as CreateTable has it. */
Datum
dynamo_adopt_relation(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);
	Jsonb	   *body = PG_GETARG_JSONB_P(1);
	char	   *text = JsonbToCString(NULL, &body->root, VARSIZE(body));
	const DynJson *request = dyn_json_parse(text, strlen(text), true);
	const DynTable *table;
	DynTableDefinition definition;
	DynTag	   *tags;
	int			tag_count;
	DynCall		call;

	begin_call(&call, "CreateTable");
	dyn_error_bare();
	if (!dyn_json_is_object(request))
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_VALUE_TYPE);
	(void) dyn_shape_check(dyn_service_find(DYN_STR("CreateTable"))->input, request);
	dyn_table_params_read(request, &definition);
	tag_count = dyn_tag_params_read(dyn_json_get(request, "Tags"), &tags);
	dyn_access_check_create(&call, definition.name);
	if (!DYN_CLASS_OWNERCHECK(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, get_rel_name(relid));
	table = dyn_table_adopt(&definition, relid);
	if (tag_count > 0)
		dyn_tag_put(table, tags, tag_count);
	dyn_row_check_all(table);
	PG_RETURN_VOID();
}

static void
begin_call(DynCall *call, const char *operation)
{
	memset(call, 0, sizeof(DynCall));
	call->operation_name = operation;
	call->role = GetUserId();
	call->caller_name = GetUserNameFromId(call->role, false);
	call->from_sql = true;
}

/* Checked as any operation's TableName. */
static char *
read_name(text *name)
{
	const DynOperation *operation = dyn_service_find(DYN_STR("DescribeTable"));
	StringInfoData json;
	const DynJson *body;

	initStringInfo(&json);
	dyn_json_write_object_start(&json);
	dyn_json_write_string_member(&json, "TableName", text_to_cstring(name));
	dyn_json_write_object_end(&json);
	body = dyn_json_parse(json.data, json.len, true);
	dyn_error_bare();
	(void) dyn_shape_check(operation->input, body);
	return dyn_table_params_name(body);
}

static void
lock_names(const char *a, const char *b)
{
	bool		in_order = strcmp(a, b) < 0;

	dyn_table_ddl_lock_name(in_order ? a : b);
	dyn_table_ddl_lock_name(in_order ? b : a);
}
