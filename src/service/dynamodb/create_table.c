/*
 * CreateTable.
 *
 * The reply says CREATING, as AWS's does; the table is usable as soon as the reply has arrived.
 */
#include "postgres.h"

#include "auth/access.h"
#include "catalog/table_ddl.h"
#include "catalog/tag.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "request/tag_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_create_table(DynCall *call)
{
	DynTableDefinition definition;
	const DynTable *table;
	DynTag	   *tags;
	int			tag_count;

	dyn_table_params_read(call->body, &definition);
	tag_count = dyn_tag_params_read(dyn_json_get(call->body, "Tags"), &tags);
	dyn_access_check_create(call, definition.name);

	table = dyn_table_ddl_create(&definition);
	if (tag_count > 0)
		dyn_tag_put(table, tags, tag_count);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TableDescription");
	dyn_table_reply_write(call->reply, table, DYN_TABLE_REPLY_CREATE);
	dyn_json_write_object_end(call->reply);
}
