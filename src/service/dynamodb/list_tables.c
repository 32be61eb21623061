/*
 * ListTables: names in byte order, a page at a time.
 */
#include "postgres.h"

#include "catalog/table_cache.h"
#include "json/json.h"
#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

#define DEFAULT_LIMIT 100

void
dyn_dynamodb_list_tables(DynCall *call)
{
	int			limit = dyn_json_get_int32(call->body, "Limit", DEFAULT_LIMIT);
	char	  **names;
	int			count;

	/* one more than asked for tells whether there is another page */
	count = dyn_table_cache_list(dyn_json_get_cstring(call->body, "ExclusiveStartTableName"), limit + 1, &names);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "TableNames");
	dyn_json_write_array_start(call->reply);
	for (int i = 0; i < Min(count, limit); i++)
		dyn_json_write_cstring(call->reply, names[i]);
	dyn_json_write_array_end(call->reply);
	if (count > limit)
		dyn_json_write_string_member(call->reply, "LastEvaluatedTableName", names[limit - 1]);
	dyn_json_write_object_end(call->reply);
}
