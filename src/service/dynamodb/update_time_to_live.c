/*
 * UpdateTimeToLive: names the attribute that expires items, or ends that.
 *
 * The answer to the next DescribeTimeToLive is ENABLED or DISABLED already; items expire once the background has filled
 * the table's column for it.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/message.h"
#include "catalog/table_ddl.h"
#include "feature/ttl/ttl.h"
#include "flow/table_lock.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"
#include "work/job.h"

static void check_change(const DynTable *table, DynStr attribute, bool enable);

void
dyn_dynamodb_update_time_to_live(DynCall *call)
{
	const DynJson *specification = dyn_json_get(call->body, "TimeToLiveSpecification");
	DynStr		attribute = dyn_json_get_string(specification, "AttributeName");
	bool		enable = dyn_json_get_boolean(specification, "Enabled", false);
	char	   *name = dyn_table_params_name(call->body);
	const DynTable *table;
	TimestampTz now = dyn_clock_now();

	dyn_table_ddl_lock_name(name);
	table = dyn_table_cache_describe(name, AccessShareLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	check_change(table, attribute, enable);
	if (table->ttl_changed != 0 && now - table->ttl_changed < dyn_guc_ttl_change_interval * USECS_PER_SEC)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TTL_CHANGED_TOO_OFTEN);

	if (!enable)
	{
		dyn_job_stop(table->id);
		dyn_job_abandon(table, "ttl_build", NULL);
	}
	table = dyn_table_lock_exclusive(table);
	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, name);
	if (enable)
		dyn_ttl_enable(table, attribute, now);
	else
		dyn_ttl_disable(table, now);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TimeToLiveSpecification");
	dyn_json_write_object_start(call->reply);
	dyn_json_write_boolean_member(call->reply, "Enabled", enable);
	dyn_json_write_member(call->reply, "AttributeName");
	dyn_json_write_string(call->reply, attribute);
	dyn_json_write_object_end(call->reply);
	dyn_json_write_object_end(call->reply);
}

static void
check_change(const DynTable *table, DynStr attribute, bool enable)
{
	bool		enabled = table->ttl_attribute.data != NULL;

	if (!enabled && !enable)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TTL_DISABLED_ALREADY);
	if (enabled && !dyn_text_equal(table->ttl_attribute, attribute))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TTL_OTHER_ATTRIBUTE, dyn_text_printable(table->ttl_attribute));
	if (enabled && enable)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TTL_ENABLED_ALREADY);
}
