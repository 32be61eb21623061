/*
 * ListTagsOfResource: a table's tags.  There are at most 50, so one page holds them all.
 */
#include "postgres.h"

#include "auth/access.h"
#include "catalog/tag.h"
#include "json/json_write.h"
#include "request/tag_params.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_list_tags_of_resource(DynCall *call)
{
	const DynTable *table = dyn_tag_params_table(call->body, AccessShareLock);
	DynTag	   *tags;
	int			count;

	dyn_access_check(call, table, DYN_ACCESS_READ);
	count = dyn_tag_list(table, &tags);
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Tags");
	dyn_json_write_array_start(call->reply);
	for (int i = 0; i < count; i++)
	{
		dyn_json_write_object_start(call->reply);
		dyn_json_write_member(call->reply, "Key");
		dyn_json_write_string(call->reply, tags[i].key);
		dyn_json_write_member(call->reply, "Value");
		dyn_json_write_string(call->reply, tags[i].value);
		dyn_json_write_object_end(call->reply);
	}
	dyn_json_write_array_end(call->reply);
	dyn_json_write_object_end(call->reply);
}
