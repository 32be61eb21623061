/*
 * The one list of background work.
 */
#include "postgres.h"

#include "auth/credential.h"
#include "base/change_signal.h"
#include "base/guc.h"
#include "catalog/request_token.h"
#include "feature/index/index.h"
#include "feature/stream/stream.h"
#include "feature/ttl/ttl.h"
#include "worker/job_process.h"
#include "worker/work_list.h"

#define SECOND 1000
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

const DynWork dyn_work_list[] = {{"access_keys", DYN_WORK_CHORE, .interval = HOUR,
								  .step = dyn_credential_forget_expired},
								 {"request_tokens", DYN_WORK_CHORE, .interval = MINUTE,
								  .step = dyn_request_token_forget},
								 {"ttl", DYN_WORK_CHORE, .setting = &dyn_guc_ttl_interval, .step = dyn_ttl_expire_step},
								 {"jobs", DYN_WORK_CHORE, .interval = 10 * SECOND, .step = dyn_job_process_step,
								  .dispatch = dyn_job_process_dispatch, .queued = true},
								 {"stream_tick", DYN_WORK_CHORE, .interval = 5 * SECOND, .step = dyn_stream_tick,
								  .wanted = dyn_change_signal_pending},
								 {"stream_trim", DYN_WORK_CHORE, .interval = MINUTE, .step = dyn_stream_trim},
								 {"index_build", DYN_WORK_JOB, dyn_index_build_step},
								 {"index_drop", DYN_WORK_JOB, dyn_index_drop_step},
								 {"ttl_build", DYN_WORK_JOB, dyn_ttl_build_step},
								 {NULL}};

StaticAssertDecl(lengthof(dyn_work_list) <= DYN_WORK_LIST_MOST, "raise DYN_WORK_LIST_MOST");

const DynWork *
dyn_work_list_find(const char *name, DynWorkKind kind)
{
	for (const DynWork *work = dyn_work_list; work->name != NULL; work++)
		if (work->kind == kind && strcmp(work->name, name) == 0)
			return work;
	return NULL;
}
