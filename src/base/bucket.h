/*
 * Token buckets in shared memory: how much of a limit per second is left, for all processes together.
 *
 * A bucket belongs to the reads or the writes of a table or an index.  It fills by rate units each second up to
 * dynamo.throughput_burst seconds' worth, and a request takes out what it costs.  One that costs more than there is may
 * take a bucket below zero; then nobody gets anything until the debt is paid.  A bucket is made when it is first asked
 * for, and starts with one second's worth.
 *
 * Amounts are counted in millionths of a unit.  A rate of one unit per second adds one millionth in a microsecond, so
 * nothing is rounded, however often a bucket is asked.
 */
#ifndef DYN_BUCKET_H
#define DYN_BUCKET_H

#include "storage/spin.h"

/* Buckets are found by hash in sets of a few, each with a lock of its own, that never grow. */
#define DYN_BUCKET_SETS 2048
#define DYN_BUCKETS_IN_SET 8

typedef struct DynBucketKey
{
	Oid			database;
	Oid			relid;			/* the item table */
	uint64		resource;		/* the table or which of its indexes, and which of reads and writes */
} DynBucketKey;

typedef struct DynBucket
{
	DynBucketKey key;
	int64		rate;			/* units per second; 0: the place is free */
	int64		level;			/* millionths of a unit, below zero a debt, as of time */
	int64		time;			/* dyn_clock_steady_us() */
} DynBucket;

typedef struct DynBucketSet
{
	slock_t		lock;
	DynBucket	buckets[DYN_BUCKETS_IN_SET];
} DynBucketSet;

/* index_name NULL: the table itself. */
extern DynBucketKey dyn_bucket_key(Oid relid, const char *index_name, bool writes);

/*
 * Takes units out of a bucket if least of them are there, or one second's worth, should that be less; the rest may
 * become debt.  rate is the limit as the caller knows it: a bucket of another rate is changed to it, and after a raise
 * it holds a second's worth at least, so that a raise helps at once.
 */
extern bool dyn_bucket_take(const DynBucketKey *key, int64 rate, double least, double units);
/*
 * Takes out units that have been spent already; negative units are given back.  Does nothing when the bucket has gone.
 */
extern void dyn_bucket_book(const DynBucketKey *key, double units);
/*
 * Forgets the buckets of an item table, or of one index of it, so that a later one of that name starts with a fresh
 * bucket.
 */
extern void dyn_bucket_forget(Oid relid);
extern void dyn_bucket_forget_index(Oid relid, const char *index_name);

#endif
