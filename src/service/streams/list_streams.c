/*
 * ListStreams: the streams of all tables or of one, a page at a time.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "flow/stream_access.h"
#include "json/json_write.h"
#include "service/streams/streams.h"

#define MOST_STREAMS 100

void
dyn_streams_list_streams(DynCall *call)
{
	int			limit = dyn_stream_access_limit(call, MOST_STREAMS);
	DynStr		start = dyn_json_get_string(call->body, "ExclusiveStartStreamArn");
	DynStr		table_name = {NULL, 0};
	DynStr		label = {NULL, 0};
	StringInfo	out = call->reply;
	DynStream  *streams;
	int			count;

	if (start.data != NULL && !dyn_arn_parse_stream(start, &table_name, &label))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_ARN_INVALID);
	count = dyn_stream_list(dyn_json_get_cstring(call->body, "TableName"),
								 start.data ? dyn_text_to_cstring(table_name) : NULL,
								 start.data ? dyn_text_to_cstring(label) : NULL, limit + 1, &streams);

	dyn_json_write_object_start(out);
	if (count > limit)
		dyn_json_write_string_member(out, "LastEvaluatedStreamArn",
									 dyn_arn_stream(streams[limit - 1].table_name, streams[limit - 1].label));
	dyn_json_write_member(out, "Streams");
	dyn_json_write_array_start(out);
	for (int i = 0; i < Min(count, limit); i++)
	{
		dyn_json_write_object_start(out);
		dyn_json_write_string_member(out, "StreamArn", dyn_arn_stream(streams[i].table_name, streams[i].label));
		dyn_json_write_string_member(out, "StreamLabel", streams[i].label);
		dyn_json_write_string_member(out, "TableName", streams[i].table_name);
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
	dyn_json_write_object_end(out);
}
