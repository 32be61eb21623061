/*
 * The catalogue of streams and shards, as the room itself needs it.
 */
#ifndef DYN_STREAM_CATALOG_H
#define DYN_STREAM_CATALOG_H

#include "catalog/table_event.h"
#include "feature/stream/stream.h"

/* What streams do when tables change. */
extern const DynTableFollower dyn_stream_catalog_follower;

/* In a tick, as the extension's owner inside SPI: gives the shards of closed streams their ends. */
extern void dyn_stream_catalog_end_closed(int64 tick, Datum snapshot);
/* The same: is there a closed stream without its end? */
extern bool dyn_stream_catalog_has_unended(void);
/* The same: shards that are old enough end with this tick, and their children begin; true when there are more of them. */
extern bool dyn_stream_catalog_roll(int64 tick, TimestampTz now);
/* The same, in the retention job: forgets shards and streams whose records are gone. */
extern void dyn_stream_catalog_forget(int64 trimmed_tick, TimestampTz now);

#endif
