/*
 * TagResource: adds tags to a table, or changes their values.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/tag.h"
#include "request/tag_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_tag_resource(DynCall *call)
{
	const DynTable *table;
	DynTag	   *tags;
	int			count;

	(void) dyn_tag_params_name(call->body);
	count = dyn_tag_params_read(dyn_json_get(call->body, "Tags"), &tags);
	if (count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_MISSING);
	table = dyn_tag_params_table(call->body, RowExclusiveLock);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	dyn_tag_put(table, tags, count);
	if (dyn_tag_list(table, &tags) > DYN_MAX_TAGS)
		dyn_tag_params_too_many();
}
