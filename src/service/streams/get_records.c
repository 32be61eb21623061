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

static void read_page(const DynShardIterator *iterator, const DynTick *last, DynChangeRead *read);
static bool wants_more(const DynShardIterator *iterator, const DynTick *last, const DynChangeRead *read);

void
dyn_streams_get_records(DynCall *call)
{
	int			limit = dyn_stream_access_limit(call, MOST_RECORDS);
	StringInfo	out = call->reply;
	DynShardIterator iterator;
	DynChangeRead read = {0};
	DynTick		last = {0};

	dyn_change_tick_for_reader();
	/* looked up before the shard: a tick that comes later may be one with which the shard has ended */
	(void) dyn_change_tick_last(PG_INT64_MAX, &last);
	dyn_stream_access_iterator(call, dyn_json_get_string(call->body, "ShardIterator"), &iterator);
	read.limit = limit;
	read.byte_limit = MOST_BYTES;
	read_page(&iterator, &last, &read);
	/* what was committed before this request is in its page, unless that is full or there is too much to look through */
	if (wants_more(&iterator, &last, &read) && dyn_change_tick_catch_up(&iterator.shard->lineage, 1, &last))
	{
		dyn_stream_access_refresh(&iterator);
		read_page(&iterator, &last, &read);
	}

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

static void
read_page(const DynShardIterator *iterator, const DynTick *last, DynChangeRead *read)
{
	read->lineages = &iterator->shard->lineage;
	read->lineage_count = 1;
	read->end_tick = iterator->shard->end_tick;
	read->last_tick = last->tick;
	read->position = iterator->position;
	if (last->tick > 0)
		dyn_change_read_page(read);
}

/* Has the page come to the last tick, with room left, in a shard that goes on? */
static bool
wants_more(const DynShardIterator *iterator, const DynTick *last, const DynChangeRead *read)
{
	return iterator->shard->end_tick == 0 && read->count < read->limit && read->position.tick >= last->tick &&
		(last->tick == 0 || read->position.number == DYN_CHANGE_NUMBER_END);
}
