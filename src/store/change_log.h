/*
 * Writing the change log: one record per change of an item of a table with a stream.
 *
 * A record is written in the transaction of its change while the item's row is locked.  The item tables' triggers
 * write it, so every way to change a row is covered.  Tables without a stream have no such trigger and pay nothing.
 */
#ifndef DYN_CHANGE_LOG_H
#define DYN_CHANGE_LOG_H

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "catalog/table.h"

/* Numbers of log and tick partitions, and the hours that each holds. */
#define DYN_CHANGE_SLOTS 8
#define DYN_CHANGE_SLOT_HOURS 4

/*
 * Where the changes of a table go.  A lineage is a part of the hash keys; its number is DYN_CHANGE_MAX_PARTS times that
 * of the stream, and the part.
 */
#define DYN_CHANGE_MAX_PARTS 256

typedef struct DynChangeTarget
{
	int64		stream_id;
	int			shard_count;
	bool		keeps_old;
	bool		keeps_new;
} DynChangeTarget;

/* A stored row, as the change log wants it. */
typedef struct DynChangeImage
{
	Jsonb	   *item;
	int			size;			/* DynamoDB's */
	uint32		hash;			/* of the hash key: decides the shard */
} DynChangeImage;

/*
 * Records one change: old NULL is an insert, new NULL a removal.  Does nothing when the two are equal.  Both have the
 * same key; a change of the key is a removal and an insert.
 */
extern void dyn_change_log_append(const DynTable *table, const DynChangeTarget *target, const DynChangeImage *old,
								  const DynChangeImage *new);

/*
 * Marks changes as DynamoDB's own (an item has expired), and their records say so.  This holds until it is switched
 * off again, or the transaction ends or rolls back a part.
 */
extern void dyn_change_log_by_service(bool on);

/* The number of the partition for a moment. */
extern int	dyn_change_log_slot(TimestampTz time);

#endif
