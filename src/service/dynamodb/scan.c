/*
 * Scan: all items of a table or an index, or one segment of them.
 */
#include "postgres.h"

#include "auth/access.h"
#include "flow/read_flow.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_scan(DynCall *call)
{
	int			which = DYN_EXPR_FILTER | DYN_EXPR_PROJECTION;
	DynExprParams params;
	DynRead		read = {0};

	dyn_expr_params_check(call->body, which);
	dyn_expr_params_read_legacy(call->body, which, &params);
	dyn_page_params_read(call->body, false, &read.page);
	dyn_expr_params_read_expressions(call->body, which, &params);
	read.table = dyn_table_cache_get(dyn_table_params_name(call->body), AccessShareLock);
	dyn_access_check(call, read.table, DYN_ACCESS_READ);

	dyn_read_flow_find_index(&read, call->body);
	dyn_read_flow_find_select(&read, call->body, &params);
	dyn_read_flow_find_start(&read);
	read.filter = params.filter;
	read.projection = params.projection;
	dyn_expr_params_check_keys(&params, read.table);
	dyn_read_flow_target(&read, call->body, &params);
	dyn_read_flow_run(call, &read);
}
