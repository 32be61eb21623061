/*
 * GetRecords: a page of a shard.
 */
#include "postgres.h"

#include "base/error.h"
#include "flow/stream_access.h"
#include "json/json_write.h"
#include "service/streams/streams.h"

#define MOST_RECORDS 1000
#define MOST_BYTES (1024 * 1024)

void
dyn_streams_get_records(DynCall *call)
{
	int			limit = dyn_stream_access_limit(call, MOST_RECORDS);
	StringInfo	out = call->reply;
	DynShardIterator iterator;
	DynChangeRead read = {0};
	DynTick		last = {0};

	dyn_change_tick_for_reader(false);
	/* looked up before the shard: a tick that comes later may be one with which the shard has ended */
	(void) dyn_change_tick_last(PG_INT64_MAX, &last);
	dyn_stream_access_iterator(call, dyn_json_get_string(call->body, "ShardIterator"), &iterator);
	read.lineages = &iterator.shard->lineage;
	read.lineage_count = 1;
	read.end_tick = iterator.shard->end_tick;
	read.limit = limit;
	read.byte_limit = MOST_BYTES;
	read.last_tick = last.tick;
	read.position = iterator.position;
	if (last.tick > 0)
		dyn_change_read_page(&read);

	dyn_json_write_object_start(out);
	if (!read.at_end)
	{
		iterator.position = read.position;
		dyn_json_write_string_member(out, "NextShardIterator", dyn_stream_iterator(&iterator));
	}
	dyn_json_write_member(out, "Records");
	dyn_json_write_array_start(out);
	for (int i = 0; i < read.count; i++)
		dyn_stream_write_record(out, iterator.stream, &read.changes[i]);
	dyn_json_write_array_end(out);
	dyn_json_write_object_end(out);
}
