/*
 * Deletes expired items, batch by batch.
 */
#ifndef DYN_TTL_WORKER_H
#define DYN_TTL_WORKER_H

/* One batch of one table after the other; true while there is more to delete. */
extern bool dyn_ttl_worker_tick(void);

#endif
