/*
 * Tells the scheduler that changes have been committed which no tick has seen yet.
 */
#ifndef DYN_CHANGE_SIGNAL_H
#define DYN_CHANGE_SIGNAL_H

/* This transaction changes a stream: its commit wakes the scheduler. */
extern void dyn_change_signal_at_commit(void);
/* Are there changes for a tick?  Without the library preloaded nobody knows, and the answer is true. */
extern bool dyn_change_signal_pending(void);
/* Has the signal been set for longer than a scheduler needs that nothing holds up? */
extern bool dyn_change_signal_overdue(void);
/*
 * The maker of a tick clears the signal before the tick's snapshot.  A commit after that sets it again, and so does
 * this transaction when it fails.
 */
extern void dyn_change_signal_take(void);
/* Clears the signal where no tick is made, so that the next commit sets it again. */
extern void dyn_change_signal_drop(void);
/* Asks the scheduler for a tick now. */
extern void dyn_change_signal_now(void);

#endif
