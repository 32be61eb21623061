/*
 * The one shared-memory struct and its hooks.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shmem.h"

#include "base/shmem.h"

#define TRANCHE "dynamo"

DynShared  *dyn_shmem = NULL;

static shmem_request_hook_type previous_request_hook = NULL;
static shmem_startup_hook_type previous_startup_hook = NULL;

static void request_space(void);
static void start_up(void);
static void init_counters(pg_atomic_uint64 *counters);

void
dyn_shmem_install(void)
{
	previous_request_hook = shmem_request_hook;
	shmem_request_hook = request_space;
	previous_startup_hook = shmem_startup_hook;
	shmem_startup_hook = start_up;
}

uint32
dyn_shmem_my_procno(void)
{
	return (uint32) (MyProc - ProcGlobal->allProcs);
}

void
dyn_shmem_wake(pg_atomic_uint32 *procno)
{
	uint32		number = pg_atomic_read_u32(procno);

	if (number != DYN_NO_PROCESS)
		SetLatch(&ProcGlobal->allProcs[number].procLatch);
}

void
dyn_shmem_wake_all(void)
{
	dyn_shmem_wake(&dyn_shmem->launcher_procno);
	dyn_shmem_wake(&dyn_shmem->scheduler_procno);
	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
		dyn_shmem_wake(&dyn_shmem->http[i].procno);
}

static void
request_space(void)
{
	if (previous_request_hook)
		previous_request_hook();
	RequestAddinShmemSpace(sizeof(DynShared));
	RequestNamedLWLockTranche(TRANCHE, 1);
}

static void
start_up(void)
{
	bool		found;

	if (previous_startup_hook)
		previous_startup_hook();

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	dyn_shmem = ShmemInitStruct("dynamo", sizeof(DynShared), &found);
	if (!found)
	{
		memset(dyn_shmem, 0, sizeof(DynShared));
		dyn_shmem->lock = &GetNamedLWLockTranche(TRANCHE)->lock;
		pg_atomic_init_u32(&dyn_shmem->launcher_procno, DYN_NO_PROCESS);
		pg_atomic_init_u32(&dyn_shmem->scheduler_procno, DYN_NO_PROCESS);
		pg_atomic_init_u32(&dyn_shmem->scheduler_pid, 0);
		pg_atomic_init_u32(&dyn_shmem->scheduler_held, 0);
		pg_atomic_init_u32(&dyn_shmem->database_state, DYN_DATABASE_UNKNOWN);
		pg_atomic_init_u32(&dyn_shmem->extension_generation, 0);
		pg_atomic_init_u32(&dyn_shmem->job_generation, 0);
		/* changes that were committed before a crash may lack a tick */
		pg_atomic_init_u32(&dyn_shmem->changes_pending, 1);
		pg_atomic_init_u64(&dyn_shmem->changes_since, 0);
		pg_atomic_init_u32(&dyn_shmem->http_slots, 0);
		init_counters(dyn_shmem->counters);
		for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
		{
			DynHttpSlot *slot = &dyn_shmem->http[i];

			pg_atomic_init_u64(&slot->commit_lsn, 0);
			pg_atomic_init_u32(&slot->pid, 0);
			pg_atomic_init_u32(&slot->procno, DYN_NO_PROCESS);
			pg_atomic_init_u32(&slot->port, 0);
			pg_atomic_init_u32(&slot->connections, 0);
			pg_atomic_init_u32(&slot->stalled, 0);
			pg_atomic_init_u32(&slot->held, 0);
			init_counters(slot->counters);
		}
		for (int i = 0; i < DYN_BUCKET_SETS; i++)
			SpinLockInit(&dyn_shmem->buckets[i].lock);
	}
	LWLockRelease(AddinShmemInitLock);
}

static void
init_counters(pg_atomic_uint64 *counters)
{
	for (int i = 0; i < DYN_MAX_METRICS; i++)
		pg_atomic_init_u64(&counters[i], 0);
}
