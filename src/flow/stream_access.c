/*
 * Which stream does a request name, and may the caller read it?
 */
#include "postgres.h"

#include "miscadmin.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "flow/stream_access.h"

static void find_shard(DynShardIterator *iterator, const char *id);
static void check_access(const DynCall *call, const DynStream *stream);
static void not_found(DynStr arn) pg_attribute_noreturn();

DynStream *
dyn_stream_access_find(const DynCall *call, DynStr arn)
{
	DynStr		table_name;
	DynStr		label;
	DynStream  *stream;

	if (!dyn_arn_parse_stream(arn, &table_name, &label))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_ARN_INVALID);
	/* another region's or account's */
	if (!dyn_text_equal_cstring(arn, dyn_arn_stream(dyn_text_to_cstring(table_name), dyn_text_to_cstring(label))))
		not_found(arn);
	stream = dyn_stream_access_label(call, dyn_text_to_cstring(table_name), dyn_text_to_cstring(label));
	if (stream == NULL)
		not_found(arn);
	return stream;
}

DynStream *
dyn_stream_access_label(const DynCall *call, const char *table_name, const char *label)
{
	DynStream  *stream = dyn_stream_find(table_name, label);

	if (stream != NULL)
		check_access(call, stream);
	return stream;
}

DynStream *
dyn_stream_access_of_table(const char *table_name)
{
	const DynTable *table = dyn_table_cache_find_damaged(table_name, AccessShareLock);
	DynCall		call = {.operation_name = "GetRecords", .role = GetUserId()};
	DynStream  *stream = NULL;

	call.caller_name = GetUserNameFromId(call.role, false);
	if (table != NULL && table->stream_label != NULL)
		stream = dyn_stream_access_label(&call, table_name, table->stream_label);
	else if (table == NULL)
	{
		DynStream  *streams;
		int			count = dyn_stream_list(table_name, NULL, NULL, PG_INT32_MAX, &streams);

		if (count > 0)
		{
			stream = &streams[count - 1];
			check_access(&call, stream);
		}
	}
	if (stream == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_WITHOUT_STREAM,
				  dyn_text_printable(dyn_text_from_cstring(table_name)));
	return stream;
}

void
dyn_stream_access_iterator(const DynCall *call, DynStr text, DynShardIterator *iterator)
{
	DynStr		arn;
	char	   *shard_id;

	if (!dyn_stream_read_iterator(text, &arn, &shard_id, iterator))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITERATOR_INVALID);
	iterator->stream = dyn_stream_access_find(call, arn);
	find_shard(iterator, shard_id);
	dyn_stream_check_trimmed(iterator->position);
}

void
dyn_stream_access_refresh(DynShardIterator *iterator)
{
	find_shard(iterator, iterator->shard->id);
}

static void
find_shard(DynShardIterator *iterator, const char *id)
{
	iterator->shard = dyn_stream_shard(iterator->stream, id);
	if (iterator->shard == NULL)
		dyn_error(DYN_ERR_TRIMMED_DATA_ACCESS, DYN_MSG_RECORDS_TRIMMED);
}

int
dyn_stream_access_limit(const DynCall *call, int most)
{
	int64		limit = dyn_json_get_int32(call->body, "Limit", most);

	if (limit > most)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RECORD_LIMIT, (long long) limit, most);
	return limit;
}

/* A table of the same name need not be the stream's. */
static void
check_access(const DynCall *call, const DynStream *stream)
{
	const DynTable *table = dyn_table_cache_find_damaged(stream->table_name, AccessShareLock);

	if (table != NULL && table->id == stream->table_id)
		dyn_access_check(call, table, DYN_ACCESS_READ);
	else
		dyn_access_check_left(call, stream->table_name, stream->owner);
}

static void
not_found(DynStr arn)
{
	dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_STREAM_NOT_FOUND, dyn_text_printable(arn));
}
