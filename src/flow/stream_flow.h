/*
 * What the stream operations share: finding a stream, shard iterators, records.
 */
#ifndef DYN_STREAM_FLOW_H
#define DYN_STREAM_FLOW_H

#include "base/call.h"
#include "item/item.h"
#include "json/json.h"
#include "meta/stream_meta.h"
#include "store/change_read.h"
#include "store/change_tick.h"

/* Where a reader is. */
typedef struct DynShardIterator
{
	DynStream  *stream;
	DynShard   *shard;
	DynChangePosition position;
} DynShardIterator;

/*
 * The stream of an ARN, which the caller may read: "Invalid StreamArn", ResourceNotFoundException "Requested resource not
 * found: Stream: <ARN> not found", AccessDeniedException.
 */
extern DynStream *dyn_stream_flow_find(const DynCall *call, DynStr arn);
/* The newest stream of a table, for SQL: also of one that is deleted. */
extern DynStream *dyn_stream_flow_of_table(const char *table_name);
/* Limit, with a default that is also its maximum. */
extern int	dyn_stream_flow_limit(const DynCall *call, int most);

extern char *dyn_stream_flow_iterator(const DynShardIterator *iterator);
/* "Invalid ShardIterator", ExpiredIteratorException, TrimmedDataAccessException, and those of dyn_stream_flow_find. */
extern void dyn_stream_flow_read_iterator(const DynCall *call, DynStr text, DynShardIterator *iterator);
/* TrimmedDataAccessException when retention has taken something behind the position. */
extern void dyn_stream_flow_check_trimmed(DynChangePosition position);

/* The first and the last sequence number of a shard. */
extern DynChangePosition dyn_stream_flow_shard_start(const DynShard *shard);
extern DynChangePosition dyn_stream_flow_shard_end(const DynShard *shard);

/* The key attributes of a record's item, sharing its memory. */
extern DynItem *dyn_stream_flow_keys(const DynStream *stream, const DynChange *change);
/* One element of Records. */
extern void dyn_stream_flow_write_record(StringInfo out, const DynStream *stream, const DynChange *change);

#endif
