/*
 * UntagResource: removes tags from a table.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/tag.h"
#include "request/tag_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_untag_resource(DynCall *call)
{
	const DynTable *table;
	DynStr	   *keys;
	int			count;

	(void) dyn_tag_params_name(call->body);
	count = dyn_tag_params_keys(dyn_json_get(call->body, "TagKeys"), &keys);
	if (count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_KEY_MISSING);
	table = dyn_tag_params_table(call->body, RowExclusiveLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	dyn_tag_remove(table, keys, count);
}
