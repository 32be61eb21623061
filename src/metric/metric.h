/*
 * Counters in shared memory, one list for all who read them.
 */
#ifndef DYN_METRIC_H
#define DYN_METRIC_H

#include "base/shmem.h"

typedef enum DynMetric
{
#define DYN_WORKER_METRIC(constant, name, help) DYN_METRIC_##constant,
#define DYN_SERVER_METRIC(constant, name, help) DYN_METRIC_##constant,
#include "metric/metric_list.h"
	DYN_METRIC_COUNT
} DynMetric;

typedef struct DynMetricInfo
{
	const char *name;			/* Prometheus's */
	const char *help;
	bool		by_worker;
} DynMetricInfo;

extern const DynMetricInfo dyn_metric_infos[];	/* DYN_METRIC_COUNT of them */

/* Counts one for a worker's metric: called by the worker alone, so it needs no locked instruction. */
static inline void
dyn_metric_count(DynHttpSlot *slot, DynMetric metric)
{
	pg_atomic_write_u64(&slot->counters[metric], pg_atomic_read_u64(&slot->counters[metric]) + 1);
}

/* Counts one for a metric of the server, in any process; does nothing where there is no shared memory. */
static inline void
dyn_metric_count_server(DynMetric metric)
{
	if (dyn_shmem != NULL)
		pg_atomic_fetch_add_u64(&dyn_shmem->counters[metric], 1);
}

/* slot: below dyn_shmem->http_slots for a worker's metric, -1 for one of the server. */
extern uint64 dyn_metric_read(DynMetric metric, int slot);

#endif
