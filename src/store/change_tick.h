/*
 * Ticks: the snapshots that divide the change log.
 *
 * The records of a tick are those that its snapshot sees and the tick before did not.  What a snapshot sees stays as it
 * is, so a tick never gains a record later, however long a transaction took.
 */
#ifndef DYN_CHANGE_TICK_H
#define DYN_CHANGE_TICK_H

#include "datatype/timestamp.h"

#include "base/text.h"

typedef struct DynTick
{
	int64		tick;
	TimestampTz created;
	int64		high;			/* the highest number drawn when it was made */
	bool		quiet;			/* no transaction was in progress */
	uint64		xmin;			/* the snapshot */
	uint64		xmax;
	int			in_progress_count;
	uint64	   *in_progress;	/* ascending */
} DynTick;

/* What a feature does at each tick: as the extension's owner, inside SPI, in the transaction that makes the tick. */
typedef struct DynTickFollower
{
	/* Does the feature wait for a tick, though nobody has written? */
	bool		(*waiting) (void);
	/* waited: what waiting said before this tick was made */
	void		(*made) (const DynTick *tick, Datum snapshot, bool waited);
	/* Retention has taken the records up to this tick. */
	void		(*trimmed) (int64 tick, TimestampTz now);
} DynTickFollower;

/* From _PG_init; follower lives for ever. */
extern void dyn_change_tick_follow(const DynTickFollower *follower);

/*
 * Makes a tick if something may have been committed since the last; true when it has made one.  The tick counts from
 * the commit of the current transaction.  Does nothing while somebody else makes one.
 */
extern bool dyn_change_tick_make(void);
/* What a reader calls before it looks: makes a tick when no scheduler runs, or the scheduler is late. */
extern void dyn_change_tick_for_reader(void);
/*
 * What a reader calls when it has read all ticks: ensures that what has been committed to these lineages by now is in
 * a tick.  True when there is a later tick than *last; then *last becomes the last one.  Makes a tick only when it
 * would hold something.  Also false when no tick can be made for half a second, say while a standby that must confirm
 * it is away.
 */
extern bool dyn_change_tick_catch_up(const int64 *lineages, int count, DynTick *last);
/* Empties the partitions whose time is over, and deletes what refers to them. */
extern void dyn_change_tick_trim(void);

extern bool dyn_change_tick_sees(const DynTick *tick, uint64 xid);
/* The last tick with a number of at most most; false: there is none.  Into CurrentMemoryContext, as below. */
extern bool dyn_change_tick_last(int64 most, DynTick *tick);
/* The first ticks with numbers from first to last (0: no end), at most limit, in their order. */
extern int	dyn_change_tick_list(int64 first, int64 last, int limit, DynTick **ticks);
/* The last tick before a moment; 0: none. */
extern int64 dyn_change_tick_before(TimestampTz time);
/* The last tick that retention has taken away; 0: none. */
extern int64 dyn_change_tick_trimmed(void);
/* The key of the codes in shard iterators. */
extern DynStr dyn_change_tick_secret(void);

#endif
