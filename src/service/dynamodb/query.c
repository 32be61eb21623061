/*
 * Query: the items of one hash key, in the order of the range key.
 *
 * The order of the calls is the order in which AWS finds fault with a request (docs/errors.md): parameters that do not
 * go together, legacy parameters, the page, expressions, the table, the index, the start key, the key condition, and
 * then what filter and projection say of keys and of what the index holds.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "flow/read_flow.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_query(DynCall *call)
{
	int			which = DYN_EXPR_KEY_CONDITION | DYN_EXPR_FILTER | DYN_EXPR_PROJECTION;
	DynExprParams params;
	DynRead		read = {0};
	DynKeyRange range;

	dyn_expr_params_check(call->body, which);
	dyn_expr_params_read_legacy(call->body, which, &params);
	dyn_page_params_read(call->body, true, &read.page);
	if (dyn_json_get(call->body, "KeyConditionExpression") == NULL && dyn_json_get(call->body, "KeyConditions") == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_QUERY_WITHOUT_KEY_CONDITION);
	dyn_expr_params_read_expressions(call->body, which, &params);
	read.table = dyn_table_cache_get(dyn_table_params_name(call->body), AccessShareLock);
	dyn_access_check(call, read.table, DYN_ACCESS_READ);

	dyn_read_flow_find_index(&read, call->body);
	dyn_read_flow_find_start(&read);
	dyn_key_condition_fit(params.key_condition, read.index ? &read.index->keys : &read.table->keys,
						  read.index != NULL, &range);
	read.range = &range;
	dyn_read_flow_check_start(&read);
	read.backward = !dyn_json_get_boolean(call->body, "ScanIndexForward", true);
	read.filter = params.filter;
	read.projection = params.projection;
	dyn_expr_params_check_projection_keys(&params, read.table);
	dyn_read_flow_check_filter_keys(&read, dyn_json_get(call->body, "QueryFilter") != NULL);
	dyn_expr_params_check_keys(&params, read.table);
	dyn_read_flow_find_select(&read, call->body, &params);
	dyn_read_flow_target(&read, call->body, &params);
	dyn_read_flow_check_filter(&read);
	dyn_read_flow_run(call, &read);
}
