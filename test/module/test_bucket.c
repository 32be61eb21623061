/*
 * dynamo_test.bucket_take() and its like: base/token_bucket on buckets of this module's own, so that a test can have
 * more of them than there is room for.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/shmem.h"

PG_FUNCTION_INFO_V1(dynamo_test_bucket_take);
PG_FUNCTION_INFO_V1(dynamo_test_bucket_book);
PG_FUNCTION_INFO_V1(dynamo_test_bucket_forget);

static void
make_buckets(void)
{
	if (dyn_shmem != NULL)
		return;
	dyn_shmem = MemoryContextAllocZero(TopMemoryContext, sizeof(DynShared));
	for (int i = 0; i < DYN_BUCKET_SETS; i++)
		SpinLockInit(&dyn_shmem->buckets[i].lock);
}

/* (table oid, index text, rate bigint, least float8, units float8, now timestamptz) */
Datum
dynamo_test_bucket_take(PG_FUNCTION_ARGS)
{
	char	   *index = text_to_cstring(PG_GETARG_TEXT_PP(1));
	DynBucketKey key = dyn_bucket_key(PG_GETARG_OID(0), index[0] != '\0' ? index : NULL, true);

	make_buckets();
	dyn_clock_set(PG_GETARG_TIMESTAMPTZ(5));
	PG_RETURN_BOOL(dyn_bucket_take(&key, PG_GETARG_INT64(2), PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4)));
}

Datum
dynamo_test_bucket_book(PG_FUNCTION_ARGS)
{
	DynBucketKey key = dyn_bucket_key(PG_GETARG_OID(0), NULL, true);

	make_buckets();
	dyn_bucket_book(&key, PG_GETARG_FLOAT8(1));
	PG_RETURN_VOID();
}

/* (table oid, index text), NULL: all of the table */
Datum
dynamo_test_bucket_forget(PG_FUNCTION_ARGS)
{
	make_buckets();
	if (PG_ARGISNULL(1))
		dyn_bucket_forget(PG_GETARG_OID(0));
	else
		dyn_bucket_forget_index(PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}
