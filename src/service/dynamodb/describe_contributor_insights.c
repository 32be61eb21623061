/*
 * DescribeContributorInsights: off, for a table or one of its global indexes.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

static bool has_index(const DynTable *table, DynStr name);

void
dyn_dynamodb_describe_contributor_insights(DynCall *call)
{
	DynStr		index_name = dyn_json_get_string(call->body, "IndexName");
	const DynTable *table;

	if (index_name.data != NULL && (index_name.len < DYN_MIN_TABLE_NAME || index_name.len > DYN_MAX_TABLE_NAME))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INSIGHTS_INDEX_NAME);
	table = dyn_table_cache_describe(dyn_table_params_name(call->body), AccessShareLock);
	dyn_access_check(call, table, DYN_ACCESS_READ);
	if (index_name.data != NULL && !has_index(table, index_name))
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_INSIGHTS_INDEX_NOT_FOUND, dyn_text_printable(index_name), table->name);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "TableName", table->name);
	if (index_name.data != NULL)
	{
		dyn_json_write_member(call->reply, "IndexName");
		dyn_json_write_string(call->reply, index_name);
	}
	dyn_json_write_string_member(call->reply, "ContributorInsightsStatus", "DISABLED");
	dyn_json_write_object_end(call->reply);
}

/* AWS knows no insights of local indexes. */
static bool
has_index(const DynTable *table, DynStr name)
{
	for (int i = 0; i < table->index_count; i++)
		if (table->indexes[i].global && dyn_text_equal_cstring(name, table->indexes[i].name))
			return true;
	return false;
}
