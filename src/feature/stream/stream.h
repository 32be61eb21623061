/*
 * Streams: the records of what was written to a table, for 24 hours.
 *
 * A stream belongs to a table's id and label.  It outlives its table: until its records are gone, who owned the table
 * may read it.
 */
#ifndef DYN_STREAM_H
#define DYN_STREAM_H

#include "datatype/timestamp.h"

#include "item/item.h"
#include "store/change_log.h"
#include "store/change_read.h"
#include "store/change_tick.h"

typedef struct DynStream
{
	int64		id;
	int64		table_id;
	const char *table_name;
	const char *label;
	const char *view;
	DynStr		hash_key;
	DynStr		range_key;		/* data NULL: none */
	int			shard_count;
	Oid			owner;			/* who owned its table when that was dropped; InvalidOid: the table exists, or the owner is unknown */
	TimestampTz created;
	bool		closed;			/* disabled, or its table deleted */
	bool		ended;			/* closed, and its shards have their ends */
} DynStream;

typedef struct DynShard
{
	const char *id;
	const char *parent;			/* NULL: none */
	int64		lineage;
	int64		start_tick;		/* its records are those of the ticks after this one */
	int64		end_tick;		/* up to this one; 0: open */
} DynShard;

/* Where a reader is. */
typedef struct DynShardIterator
{
	DynStream  *stream;
	DynShard   *shard;
	DynChangePosition position;
	DynStr		secret;			/* that signs it; data NULL: not read yet */
} DynShardIterator;

/* From _PG_init: streams follow what happens to tables and to ticks. */
extern void dyn_stream_init(void);

/* The steps of background work: makes a tick; forgets old records. */
extern bool dyn_stream_tick(void);
extern bool dyn_stream_trim(void);

/* Reads the arguments of the trigger that a table with a stream has; false when they are not ours. */
extern bool dyn_stream_target(char **arguments, int count, DynChangeTarget *target);

/* These all allocate in CurrentMemoryContext; NULL when there is none. */
extern DynStream *dyn_stream_find(const char *table_name, const char *label);
/* Streams behind (table_name, label), which may be NULL, in that order; of one table unless only is NULL. */
extern int	dyn_stream_list(const char *only, const char *table_name, const char *label, int limit, DynStream **streams);
/* Shards with ids behind after (NULL: all) in their order; only the children of parent unless that is NULL. */
extern int dyn_stream_shards(const DynStream *stream, const char *after, const char *parent, int limit,
							 DynShard **shards);
extern DynShard *dyn_stream_shard(const DynStream *stream, const char *id);

/* A shard iterator as a text that only this database can make. */
extern char *dyn_stream_iterator(DynShardIterator *iterator);
/*
 * Splits such a text into its parts; false when it is no iterator.  Raises ExpiredIteratorException.  arn shares the
 * text's memory.  Sets position and secret of the iterator.  Does not check whether the caller may read that stream.
 */
extern bool dyn_stream_read_iterator(DynStr text, DynStr *arn, char **shard_id, DynShardIterator *iterator);
/* TrimmedDataAccessException when retention has taken something behind the position. */
extern void dyn_stream_check_trimmed(DynChangePosition position);

/* The first and the last sequence number of a shard. */
extern DynChangePosition dyn_stream_shard_start(const DynShard *shard);
extern DynChangePosition dyn_stream_shard_end(const DynShard *shard);

/* The key attributes of a record's item, sharing its memory. */
extern DynItem *dyn_stream_keys(const DynStream *stream, const DynChange *change);
/* One element of Records. */
extern void dyn_stream_write_record(StringInfo out, const DynStream *stream, const DynChange *change);

#endif
