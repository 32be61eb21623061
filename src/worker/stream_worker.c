/*
 * The periodic work of streams.
 */
#include "postgres.h"

#include "store/change_tick.h"
#include "worker/stream_worker.h"

bool
dyn_stream_worker_tick(void)
{
	/* while a reader is at it, there is nothing to wait for: the signal stands, and calls again */
	(void) dyn_change_tick_make(false);
	return false;
}

bool
dyn_stream_worker_trim(void)
{
	dyn_change_tick_trim();
	return false;
}
