/*
 * DescribeStream: a stream and its shards, a page at a time.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "flow/stream_access.h"
#include "json/json_write.h"
#include "response/reply.h"
#include "service/streams/streams.h"

#define MOST_SHARDS 100

static const char *status_of(const DynStream *stream);
static void write_key_schema(StringInfo out, const DynStream *stream);
static void write_shard(StringInfo out, const DynShard *shard);

void
dyn_streams_describe_stream(DynCall *call)
{
	int			limit = dyn_stream_access_limit(call, MOST_SHARDS);
	const DynJson *filter = dyn_json_get(call->body, "ShardFilter");
	char	   *parent = dyn_json_get_cstring(filter, "ShardId");
	DynStream  *stream;
	StringInfo	out = call->reply;
	DynShard   *shards;
	int			count;

	if (filter != NULL && (parent == NULL || dyn_json_get(filter, "Type") == NULL))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SHARD_FILTER_INCOMPLETE);
	stream = dyn_stream_access_find(call, dyn_json_get_string(call->body, "StreamArn"));
	dyn_change_tick_for_reader();
	if (parent != NULL && dyn_stream_shard(stream, parent) == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_SHARD_NOT_FOUND);
	count = dyn_stream_shards(stream, dyn_json_get_cstring(call->body, "ExclusiveStartShardId"), parent, limit + 1,
							  &shards);

	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "StreamDescription");
	dyn_json_write_object_start(out);
	dyn_reply_timestamp_member(out, "CreationRequestDateTime", stream->created);
	write_key_schema(out, stream);
	if (count > limit)
		dyn_json_write_string_member(out, "LastEvaluatedShardId", shards[limit - 1].id);
	dyn_json_write_member(out, "Shards");
	dyn_json_write_array_start(out);
	for (int i = 0; i < Min(count, limit); i++)
		write_shard(out, &shards[i]);
	dyn_json_write_array_end(out);
	dyn_json_write_string_member(out, "StreamArn", dyn_arn_stream(stream->table_name, stream->label));
	dyn_json_write_string_member(out, "StreamLabel", stream->label);
	dyn_json_write_string_member(out, "StreamStatus", status_of(stream));
	dyn_json_write_string_member(out, "StreamViewType", stream->view);
	dyn_json_write_string_member(out, "TableName", stream->table_name);
	dyn_json_write_object_end(out);
	dyn_json_write_object_end(out);
}

static const char *
status_of(const DynStream *stream)
{
	return stream->ended ? "DISABLED" : stream->closed ? "DISABLING" : "ENABLED";
}

static void
write_key_schema(StringInfo out, const DynStream *stream)
{
	const DynStr names[] = {stream->hash_key, stream->range_key};

	dyn_json_write_member(out, "KeySchema");
	dyn_json_write_array_start(out);
	for (int i = 0; i < lengthof(names); i++)
	{
		if (names[i].data == NULL)
			continue;
		dyn_json_write_object_start(out);
		dyn_json_write_member(out, "AttributeName");
		dyn_json_write_string(out, names[i]);
		dyn_json_write_string_member(out, "KeyType", i == 0 ? "HASH" : "RANGE");
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
}

static void
write_shard(StringInfo out, const DynShard *shard)
{
	dyn_json_write_object_start(out);
	if (shard->parent != NULL)
		dyn_json_write_string_member(out, "ParentShardId", shard->parent);
	dyn_json_write_member(out, "SequenceNumberRange");
	dyn_json_write_object_start(out);
	if (shard->end_tick > 0)
		dyn_json_write_string_member(out, "EndingSequenceNumber", dyn_change_read_sequence(dyn_stream_shard_end(shard)));
	dyn_json_write_string_member(out, "StartingSequenceNumber", dyn_change_read_sequence(dyn_stream_shard_start(shard)));
	dyn_json_write_object_end(out);
	dyn_json_write_string_member(out, "ShardId", shard->id);
	dyn_json_write_object_end(out);
}
