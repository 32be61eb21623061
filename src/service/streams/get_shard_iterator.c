/*
 * GetShardIterator: a place in a shard from which GetRecords goes on.
 */
#include "postgres.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/message.h"
#include "flow/stream_access.h"
#include "json/json_write.h"
#include "service/streams/streams.h"

static void check_sequence(const DynCall *call, bool wanted);
static TimestampTz read_time(const DynCall *call);
static DynChangePosition behind_sequence(const DynCall *call, const DynShard *shard, bool inclusive);
static DynChangePosition behind_tick(const DynShard *shard, int64 tick);

void
dyn_streams_get_shard_iterator(DynCall *call)
{
	DynStr		type = dyn_json_get_string(call->body, "ShardIteratorType");
	bool		at = dyn_text_equal_cstring(type, "AT_SEQUENCE_NUMBER");
	bool		after = dyn_text_equal_cstring(type, "AFTER_SEQUENCE_NUMBER");
	bool		at_time = dyn_text_equal_cstring(type, "AT_TIMESTAMP");
	TimestampTz time = 0;
	DynShardIterator iterator;

	check_sequence(call, at || after);
	if (at_time)
		time = read_time(call);
	iterator.stream = dyn_stream_access_find(call, dyn_json_get_string(call->body, "StreamArn"));
	iterator.shard = dyn_stream_shard(iterator.stream, dyn_json_get_cstring(call->body, "ShardId"));
	if (iterator.shard == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_SHARD_NOT_FOUND);

	if (at || after)
		iterator.position = behind_sequence(call, iterator.shard, at);
	else if (at_time)
		iterator.position = behind_tick(iterator.shard, Max(dyn_change_tick_before(time), dyn_change_tick_trimmed()));
	else if (dyn_text_equal_cstring(type, "LATEST"))
	{
		DynTick		last = {0};

		dyn_change_tick_for_reader(true);
		(void) dyn_change_tick_last(PG_INT64_MAX, &last);
		iterator.position = behind_tick(iterator.shard, Max(last.tick, dyn_change_tick_trimmed()));
	}
	else
		iterator.position = behind_tick(iterator.shard, dyn_change_tick_trimmed());

	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "ShardIterator", dyn_stream_iterator(&iterator));
	dyn_json_write_object_end(call->reply);
}

static void
check_sequence(const DynCall *call, bool wanted)
{
	bool		given = dyn_json_get(call->body, "SequenceNumber") != NULL;

	if (given && !wanted)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITERATOR_SURPLUS_SEQUENCE_NUMBER);
	if (wanted && !given)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITERATOR_NO_SEQUENCE_NUMBER);
}

static TimestampTz
read_time(const DynCall *call)
{
	const DynJson *given = dyn_json_get(call->body, "Timestamp");
	TimestampTz time;

	if (given == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITERATOR_NO_TIMESTAMP);
	time = dyn_clock_from_epoch(dyn_json_double(given));
	if (time > dyn_clock_now())
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITERATOR_FUTURE_TIMESTAMP);
	return time;
}

static DynChangePosition
behind_sequence(const DynCall *call, const DynShard *shard, bool inclusive)
{
	DynChangePosition position;

	if (!dyn_change_read_parse_sequence(dyn_json_get_string(call->body, "SequenceNumber"), &position) ||
		position.tick <= shard->start_tick || (shard->end_tick > 0 && position.tick > shard->end_tick))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SEQUENCE_NUMBER_INVALID);
	dyn_stream_check_trimmed(position);
	if (inclusive && position.number > 0)
		position.number--;
	return position;
}

/* Behind a tick, but not outside the shard. */
static DynChangePosition
behind_tick(const DynShard *shard, int64 tick)
{
	tick = Max(tick, shard->start_tick);
	if (shard->end_tick > 0)
		tick = Min(tick, shard->end_tick);
	return (DynChangePosition) {tick, DYN_CHANGE_NUMBER_END};
}
