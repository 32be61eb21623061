/*
 * Streams: how the room hangs together with tables and ticks.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/change_signal.h"
#include "feature/stream/stream.h"
#include "feature/stream/stream_catalog.h"

#define ROLL_INTERVAL_MS 60000

static void tick_made(const DynTick *tick, Datum snapshot, bool waited);

static const DynTickFollower tick_follower = {
	.waiting = dyn_stream_catalog_has_unended,
	.made = tick_made,
	.trimmed = dyn_stream_catalog_forget
};

void
dyn_stream_init(void)
{
	dyn_table_event_follow(&dyn_stream_catalog_follower);
	dyn_change_tick_follow(&tick_follower);
}

bool
dyn_stream_tick(void)
{
	/* no need to wait while a reader makes a tick: the signal stays set, and this is called again */
	(void) dyn_change_tick_make();
	return false;
}

bool
dyn_stream_trim(void)
{
	dyn_change_tick_trim();
	return false;
}

bool
dyn_stream_target(char **arguments, int count, DynChangeTarget *target)
{
	const char *view;

	if (count != 3)
		return false;
	target->stream_id = strtoll(arguments[0], NULL, 10);
	target->shard_count = atoi(arguments[1]);
	view = arguments[2];
	target->keeps_old = strcmp(view, "OLD_IMAGE") == 0 || strcmp(view, "NEW_AND_OLD_IMAGES") == 0;
	target->keeps_new = strcmp(view, "NEW_IMAGE") == 0 || strcmp(view, "NEW_AND_OLD_IMAGES") == 0;
	return target->shard_count >= 1 && target->shard_count <= DYN_CHANGE_MAX_PARTS;
}

/* Closed streams get their ends, and once a minute old shards their children. */
static void
tick_made(const DynTick *tick, Datum snapshot, bool waited)
{
	static TimestampTz next_roll = 0;

	if (waited)
		dyn_stream_catalog_end_closed(tick->tick, snapshot);
	/* roll now, too, when the clock has been set back */
	if (tick->created < next_roll && tick->created >= TimestampTzPlusMilliseconds(next_roll, -ROLL_INTERVAL_MS))
		return;
	if (dyn_stream_catalog_roll(tick->tick, tick->created))
		next_roll = tick->created;
	else
		next_roll = TimestampTzPlusMilliseconds(tick->created, ROLL_INTERVAL_MS);
}
