/*
 * UntagResource: removes tags from a table.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "meta/tag_meta.h"
#include "operation/operation.h"
#include "request/table_params.h"

void
dyn_op_untag_resource(DynCall *call)
{
	const DynTable *table = dyn_table_params_resource(call->body, RowExclusiveLock);
	const DynJson *json = dyn_json_get(call->body, "TagKeys");
	DynStr	   *keys = palloc(sizeof(DynStr) * Max(dyn_json_count(json), 1));
	int			count = 0;

	dyn_access_check(call, table, DYN_ACCESS_OWN);
	for (const DynJson *key = dyn_json_first(json); key != NULL; key = dyn_json_next(key))
		keys[count++] = dyn_json_string(key);
	if (count == 0)
		dyn_error(DYN_ERR_VALIDATION, "Atleast one Tag Key needs to be provided as Input.");
	dyn_tag_meta_remove(table, keys, count);
}
