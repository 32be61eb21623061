/*
 * Locks a table that is to be changed, without a queue behind the lock.
 *
 * While somebody waits for AccessExclusiveLock, everybody who comes later waits as well.  So the lock is polled for
 * first.  If the table is never free at such a moment, we wait for a tenth of a second at a time, with pauses between.
 */
#include "postgres.h"

#include <signal.h>

#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/guc.h"

#include "base/error.h"
#include "base/message.h"
#include "db/nested_call.h"
#include "flow/table_lock.h"
#include "work/job.h"

#define POLLS 200
#define POLL_PAUSE_US 1000
#define WAITS 10
#define WAIT "100ms"
#define WAIT_PAUSE_US 100000

static void wait_for_lock(void *arg);

const DynTable *
dyn_table_lock_exclusive(const DynTable *table)
{
	Oid			relid = table->relid;
	char	   *name = pstrdup(table->name);
	bool		locked = false;

	for (int i = 0; i < POLLS && !locked; i++)
	{
		locked = ConditionalLockRelationOid(relid, AccessExclusiveLock);
		if (!locked)
			pg_usleep(POLL_PAUSE_US);
		CHECK_FOR_INTERRUPTS();
	}
	/*
	 * an index build may wait for the end of this transaction, so the two would wait for each other; it begins again
	 * later
	 */
	if (!locked)
		dyn_job_interrupt(table->id, SIGINT);
	for (int i = 0; i < WAITS && !locked; i++)
	{
		ErrorData  *error = dyn_nested_call_run(wait_for_lock, &relid);

		locked = error == NULL;
		if (error != NULL && !dyn_nested_call_is_conflict(error))
			ReThrowError(error);
		if (!locked)
			pg_usleep(WAIT_PAUSE_US);
		CHECK_FOR_INTERRUPTS();
	}
	if (!locked)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_TABLE_BEING_UPDATED, name);
	return dyn_table_cache_find(name, AccessExclusiveLock);
}

static void
wait_for_lock(void *arg)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("lock_timeout", WAIT, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	LockRelationOid(*(Oid *) arg, AccessExclusiveLock);
	AtEOXact_GUC(false, level);
}
