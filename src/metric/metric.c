/*
 * Counters in shared memory, one list for all who read them.
 */
#include "postgres.h"

#include "metric/metric.h"

const DynMetricInfo dyn_metric_infos[] = {
#define DYN_WORKER_METRIC(constant, name, help) {name, help, true},
#define DYN_SERVER_METRIC(constant, name, help) {name, help, false},
#include "metric/metric_list.h"
};

StaticAssertDecl(DYN_METRIC_COUNT <= DYN_MAX_METRICS, "raise DYN_MAX_METRICS");

uint64
dyn_metric_read(DynMetric metric, int slot)
{
	return pg_atomic_read_u64(slot < 0 ? &dyn_shmem->counters[metric] : &dyn_shmem->http[slot].counters[metric]);
}
