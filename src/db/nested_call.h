/*
 * A step in a subtransaction, its error returned as data.
 */
#ifndef DYN_NESTED_CALL_H
#define DYN_NESTED_CALL_H

typedef void (*DynNestedStep) (void *arg);

/*
 * Runs step(arg) in a subtransaction.  NULL when it went well; otherwise what it did is undone and the error is
 * returned, allocated in the caller's memory context.  Cancellation and shutdown are passed on, not returned.
 */
extern ErrorData *dyn_nested_call_run(DynNestedStep step, void *arg);
/* Is the error a lock that could not be had in time, a deadlock, or another reason to try again later? */
extern bool dyn_nested_call_is_conflict(const ErrorData *error);

#endif
