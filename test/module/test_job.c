/*
 * dynamo_test.hold_job(): the lock of a job, for this session, whoever it must be waited for.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/lsyscache.h"

#include "base/lock_space.h"

PG_FUNCTION_INFO_V1(dynamo_test_hold_job);

Datum
dynamo_test_hold_job(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag;

	/* as in work/job.c */
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, get_relname_relid("job_queue", get_namespace_oid("dynamo", false)),
						 (uint32) PG_GETARG_INT64(0), DYN_LOCK_SPACE_JOB);
	(void) LockAcquire(&tag, ExclusiveLock, true, false);
	PG_RETURN_VOID();
}
