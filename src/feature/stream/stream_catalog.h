/*
 * The catalogue of streams and shards, as the room itself needs it.
 */
#ifndef DYN_STREAM_CATALOG_H
#define DYN_STREAM_CATALOG_H

#include "catalog/table_event.h"
#include "feature/stream/stream.h"

/* What streams do when tables change. */
extern const DynTableFollower dyn_stream_catalog_follower;

/* Runs in a tick, as the extension's owner inside SPI: gives the shards of closed streams their ends. */
extern void dyn_stream_catalog_end_closed(int64 tick, Datum snapshot);
/* In a tick: is there a closed stream without its end? */
extern bool dyn_stream_catalog_has_unended(void);
/*
 * In a tick: ends the shards that are old enough with this tick, and begins their children; true when there are more
 * of them.
 */
extern bool dyn_stream_catalog_roll(int64 tick, TimestampTz now);
/* In the retention chore: deletes shards and streams whose records are gone. */
extern void dyn_stream_catalog_forget(int64 trimmed_tick, TimestampTz now);

#endif
