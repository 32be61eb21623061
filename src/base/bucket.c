/*
 * Token buckets in shared memory.
 *
 * Every request that is limited comes here, so a look-up is one hash, one spinlock that few others want, and eight
 * comparisons.  When a set is full, the bucket that has not been asked for the longest time makes room; at worst a
 * request then starts with a fresh bucket.  Nothing here can fail.
 */
#include "postgres.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"

#include "base/bucket.h"
#include "base/clock.h"
#include "base/guc.h"
#include "base/shmem.h"

#define MILLIONTHS 1000000

/* More than any server does; times burst and millionths it stays far inside 64 bits. */
#define MAX_RATE INT64CONST(100000000)
#define MAX_DEBT (MAX_RATE * MILLIONTHS)

/*
 * Two processes may read the clock in one order and come here in the other.  Only a clock that a test has moved goes
 * back farther than this; then the bucket's time starts anew.
 */
#define CLOCK_STEP INT64CONST(1000000)

/* bits of a resource: set for an index (not the table), and set for writes */
#define IS_INDEX (UINT64CONST(1) << 63)
#define IS_WRITES UINT64CONST(1)

static DynBucketSet *find_set(const DynBucketKey *key);
static DynBucket *find(DynBucketSet *set, const DynBucketKey *key);
static DynBucket *find_place(DynBucketSet *set);
static int64 bucket_size(int64 rate);
static void refill(DynBucket *bucket, int64 rate, int64 now);
static void set_rate(DynBucket *bucket, int64 rate);
static int64 to_millionths(double units);

DynBucketKey
dyn_bucket_key(Oid relid, const char *index_name, bool writes)
{
	DynBucketKey key = {.database = MyDatabaseId, .relid = relid, .resource = writes ? IS_WRITES : 0};

	if (index_name != NULL)
		key.resource |=
			IS_INDEX | (hash_bytes_extended((const unsigned char *) index_name, strlen(index_name), 0) & ~IS_WRITES);
	return key;
}

bool
dyn_bucket_take(const DynBucketKey *key, int64 rate, double least, double units)
{
	DynBucketSet *set = find_set(key);
	int64		now = dyn_clock_steady_us();
	int64		needed = to_millionths(least);
	int64		amount = to_millionths(units);
	DynBucket  *bucket;
	bool		taken;

	rate = Min(rate, MAX_RATE);
	SpinLockAcquire(&set->lock);
	bucket = find(set, key);
	if (bucket == NULL)
	{
		bucket = find_place(set);
		*bucket = (DynBucket) {.key = *key, .rate = rate, .level = rate * MILLIONTHS, .time = now};
	}
	/* the lower of the two rates, since it is unknown when the rate has changed since the last look */
	refill(bucket, Min(bucket->rate, rate), now);
	if (bucket->rate != rate)
		set_rate(bucket, rate);
	taken = bucket->level >= Min(needed, rate * MILLIONTHS);
	if (taken)
		bucket->level = Max(bucket->level - amount, -MAX_DEBT);
	SpinLockRelease(&set->lock);
	return taken;
}

void
dyn_bucket_book(const DynBucketKey *key, double units)
{
	DynBucketSet *set = find_set(key);
	int64		amount = to_millionths(units);
	DynBucket  *bucket;

	SpinLockAcquire(&set->lock);
	bucket = find(set, key);
	if (bucket != NULL)
		bucket->level = Max(Min(bucket->level - amount, bucket_size(bucket->rate)), -MAX_DEBT);
	SpinLockRelease(&set->lock);
}

void
dyn_bucket_forget(Oid relid)
{
	if (dyn_shmem == NULL)
		return;
	for (int i = 0; i < DYN_BUCKET_SETS; i++)
	{
		DynBucketSet *set = &dyn_shmem->buckets[i];

		SpinLockAcquire(&set->lock);
		for (int j = 0; j < DYN_BUCKETS_IN_SET; j++)
			if (set->buckets[j].key.relid == relid && set->buckets[j].key.database == MyDatabaseId)
				set->buckets[j].rate = 0;
		SpinLockRelease(&set->lock);
	}
}

void
dyn_bucket_forget_index(Oid relid, const char *index_name)
{
	for (int writes = 0; dyn_shmem != NULL && writes < 2; writes++)
	{
		DynBucketKey key = dyn_bucket_key(relid, index_name, writes);
		DynBucketSet *set = find_set(&key);
		DynBucket  *bucket;

		SpinLockAcquire(&set->lock);
		bucket = find(set, &key);
		if (bucket != NULL)
			bucket->rate = 0;
		SpinLockRelease(&set->lock);
	}
}

static DynBucketSet *
find_set(const DynBucketKey *key)
{
	return &dyn_shmem->buckets[hash_bytes((const unsigned char *) key, sizeof(*key)) % DYN_BUCKET_SETS];
}

/* NULL when there is no such bucket.  The caller of this and what follows holds the set's lock. */
static DynBucket *
find(DynBucketSet *set, const DynBucketKey *key)
{
	for (int i = 0; i < DYN_BUCKETS_IN_SET; i++)
	{
		DynBucket  *bucket = &set->buckets[i];

		if (bucket->rate != 0 && bucket->key.relid == key->relid && bucket->key.resource == key->resource &&
			bucket->key.database == key->database)
			return bucket;
	}
	return NULL;
}

/* A free place, or the place of the bucket that has not been asked for the longest time. */
static DynBucket *
find_place(DynBucketSet *set)
{
	DynBucket  *oldest = &set->buckets[0];

	for (int i = 0; i < DYN_BUCKETS_IN_SET; i++)
	{
		DynBucket  *bucket = &set->buckets[i];

		if (bucket->rate == 0)
			return bucket;
		if (bucket->time < oldest->time)
			oldest = bucket;
	}
	return oldest;
}

static int64
bucket_size(int64 rate)
{
	return rate * MILLIONTHS * dyn_guc_throughput_burst;
}

static void
refill(DynBucket *bucket, int64 rate, int64 now)
{
	int64		size = bucket_size(rate);
	int64		elapsed = now - bucket->time;

	if (elapsed > 0)
	{
		/* compares times first, because elapsed times rate may overflow */
		if (bucket->level >= size || elapsed > (size - bucket->level) / rate)
			bucket->level = size;
		else
			bucket->level += elapsed * rate;
		bucket->time = now;
	}
	else if (elapsed < -CLOCK_STEP)
		bucket->time = now;
}

static void
set_rate(DynBucket *bucket, int64 rate)
{
	if (rate > bucket->rate)
		bucket->level = Max(bucket->level, rate * MILLIONTHS);
	bucket->rate = rate;
	bucket->level = Min(bucket->level, bucket_size(rate));
}

static int64
to_millionths(double units)
{
	return (int64) rint(Max(-(double) MAX_RATE, Min(units, (double) MAX_RATE)) * MILLIONTHS);
}
