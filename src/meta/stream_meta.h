/*
 * The catalogue of streams and shards.
 *
 * A stream belongs to a table's id and label.  It outlives its table: until its records are gone, who owned the table may
 * read it.
 */
#ifndef DYN_STREAM_META_H
#define DYN_STREAM_META_H

#include "datatype/timestamp.h"

#include "meta/table_meta.h"

/* The triggers of a table with a stream. */
#define DYN_STREAM_ROW_TRIGGER "!dynamo_stream"
#define DYN_STREAM_TRUNCATE_TRIGGER "!dynamo_truncate"

#define DYN_STREAM_MAX_SHARDS 256

/* What the trigger on an item table is told in its arguments. */
typedef struct DynStreamTarget
{
	int64		stream_id;
	int			shard_count;
	bool		keeps_old;
	bool		keeps_new;
} DynStreamTarget;

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
	Oid			owner;			/* of its table when that was dropped; InvalidOid: it is there, or nobody knows */
	TimestampTz created;
	bool		closed;			/* disabled, or its table deleted */
	bool		ended;			/* and its shards have their ends */
} DynStream;

typedef struct DynShard
{
	const char *id;
	const char *parent;			/* NULL: none */
	int64		lineage;
	int64		start_tick;		/* its records are those of the ticks after this one */
	int64		end_tick;		/* up to this one; 0: open */
} DynShard;

/*
 * Makes the streams follow a change of a table's StreamViewType: old_view NULL had no stream, new_view NULL has none from
 * now on.  label is the new stream's.  To be called in the transaction that changes the table; waits for its writers.
 */
extern void dyn_stream_meta_apply(const DynTable *table, const char *old_view, const char *new_view, const char *label);
/* When a table is dropped: its streams are its last owner's from now on. */
extern void dyn_stream_meta_bequeath(int64 table_id, Oid owner);
/* Closes the streams whose tables have left the catalogue in this transaction. */
extern void dyn_stream_meta_close_dropped(void);

/* 2026-01-02T03:04:05.678, in UTC, or the first free one behind it that no stream of such a table has; palloc'd. */
extern char *dyn_stream_meta_label(const char *table_name, TimestampTz time);
/* Reads the arguments of the trigger dyn_stream_meta_apply makes; false when they are not ours. */
extern bool dyn_stream_meta_read_target(char **arguments, int count, DynStreamTarget *target);

/* All into CurrentMemoryContext; NULL when there is none. */
extern DynStream *dyn_stream_meta_find(const char *table_name, const char *label);
/* Streams behind (table_name, label), which may be NULL, in that order; of one table unless only is NULL. */
extern int	dyn_stream_meta_list(const char *only, const char *table_name, const char *label, int limit, DynStream **streams);
/* Shards with ids behind after (NULL: all) in their order; only the children of parent unless that is NULL. */
extern int	dyn_stream_meta_shards(const DynStream *stream, const char *after, const char *parent, int limit, DynShard **shards);
extern DynShard *dyn_stream_meta_shard(const DynStream *stream, const char *id);

/* In a tick, as the extension's owner inside SPI: gives the shards of closed streams their ends. */
extern void dyn_stream_meta_end_closed(int64 tick, Datum snapshot);
/* The same: is there a closed stream without its end? */
extern bool dyn_stream_meta_has_unended(void);
/* The same: shards that are old enough end with this tick, and their children begin; true when there are more of them. */
extern bool dyn_stream_meta_roll(int64 tick, TimestampTz now);
/* The same, in the retention job: forgets shards and streams whose records are gone. */
extern void dyn_stream_meta_forget(int64 trimmed_tick, TimestampTz now);

#endif
