/*
 * Throttling of transactions: either every table lets all of it in, or it is cancelled and uses up nothing.
 *
 * Each of these returns false when the transaction is refused, with the reasons in the actions.  Call them only when
 * dyn_throttle_enforced().
 */
#ifndef DYN_TRANSACT_THROTTLE_H
#define DYN_TRANSACT_THROTTLE_H

#include "flow/transact_flow.h"
#include "response/capacity.h"

/* Before anything is locked. */
extern bool dyn_transact_throttle_look(DynTransactAction *actions, int count);
/* When the actions have their new items. */
extern bool dyn_transact_throttle_take_write(DynTransactAction *actions, int count);
/* A condition has failed: each item has cost what a failed write of it costs. */
extern void dyn_transact_throttle_book_failed(const DynTransactAction *actions, int count);
/* Reads: the first takes the least that they can cost and keeps it in *least; the second books what they did cost. */
extern bool dyn_transact_throttle_begin_read(DynTransactAction *actions, int count, DynCapacitySum **least);
extern void dyn_transact_throttle_end_read(const DynTransactAction *actions, int count, DynCapacitySum *least);

#endif
