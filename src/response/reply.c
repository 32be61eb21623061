/*
 * Pieces of replies that operations share.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "item/item_json.h"
#include "json/json_write.h"
#include "response/reply.h"

void
dyn_reply_timestamp_member(StringInfo out, const char *name, TimestampTz time)
{
	int64		ms = time / 1000 + ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * SECS_PER_DAY * 1000;
	char		text[40];

	snprintf(text, sizeof(text), INT64_FORMAT ".%03d", ms / 1000, (int) (ms % 1000));
	dyn_json_write_member(out, name);
	dyn_json_write_raw(out, text, strlen(text));
}

void
dyn_reply_error_item(DynCall *call, const DynItem *item)
{
	MemoryContext old = MemoryContextSwitchTo(call->context);

	call->error_members = makeStringInfo();
	appendStringInfoString(call->error_members, "\"Item\":");
	dyn_item_json_write(call->error_members, item);
	MemoryContextSwitchTo(old);
}

static void
add_keys(DynItem *entry, const DynKeySchema *schema, const DynItem *item)
{
	for (int i = 0; i < dyn_key_part_count(schema); i++)
	{
		const DynValue *value = dyn_item_get(item, schema->parts[i].name);

		if (value != NULL)
			dyn_item_append(entry, schema->parts[i].name, *value);
	}
}

const DynItem *
dyn_reply_index_entry(const DynTable *table, const DynIndex *index, const DynItem *item)
{
	DynItem    *entry;

	if (index->projection == DYN_PROJECT_ALL)
		return item;
	entry = dyn_item_make(8 + index->non_key_count);
	add_keys(entry, &table->keys, item);
	add_keys(entry, &index->keys, item);
	for (int i = 0; i < index->non_key_count; i++)
	{
		const DynValue *value = dyn_item_get(item, index->non_key[i]);

		if (value != NULL)
			dyn_item_append(entry, index->non_key[i], *value);
	}
	(void) dyn_item_sort(entry);
	return entry;
}

DynItem *
dyn_reply_last_key_item(const DynTable *table, const DynIndex *index, const DynItem *item)
{
	DynItem    *key = dyn_item_make(8);

	add_keys(key, &table->keys, item);
	if (index != NULL)
		add_keys(key, &index->keys, item);
	(void) dyn_item_sort(key);
	return key;
}

void
dyn_reply_last_key(StringInfo out, const DynTable *table, const DynIndex *index, const DynItem *item)
{
	dyn_json_write_member(out, "LastEvaluatedKey");
	dyn_item_json_write(out, dyn_reply_last_key_item(table, index, item));
}
