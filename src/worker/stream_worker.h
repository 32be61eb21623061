/*
 * The periodic work of streams.
 */
#ifndef DYN_STREAM_WORKER_H
#define DYN_STREAM_WORKER_H

/* Makes a tick, when there is something to show; its commit wakes who listens. */
extern bool dyn_stream_worker_tick(void);
/* Retention: empties what is older than 24 hours. */
extern bool dyn_stream_worker_trim(void);

#endif
