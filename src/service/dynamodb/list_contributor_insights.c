/*
 * ListContributorInsights: the tables and indexes that have them, which is none.
 */
#include "postgres.h"

#include "auth/access.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_list_contributor_insights(DynCall *call)
{
	if (dyn_json_get(call->body, "TableName") != NULL)
		dyn_access_check(call, dyn_table_cache_describe(dyn_table_params_name(call->body), AccessShareLock), DYN_ACCESS_READ);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "ContributorInsightsSummaries");
	dyn_json_write_array_start(call->reply);
	dyn_json_write_array_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
