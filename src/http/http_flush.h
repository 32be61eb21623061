/*
 * Durable before acknowledged, with one flush for many.
 */
#ifndef DYN_HTTP_FLUSH_H
#define DYN_HTTP_FLUSH_H

#include "access/xlogdefs.h"

#include "base/shmem.h"

extern void dyn_http_flush_start(DynHttpSlot *slot);

/*
 * Around CommitTransactionCommand; nothing may come between.  _end is also called when the commit or anything before it
 * raised an error, after the transaction has been aborted.
 */
extern void dyn_http_flush_commit_begin(void);
extern void dyn_http_flush_commit_end(void);

/*
 * Up to where the log must be on disk before the request that has just ended may be answered: its own commit, or the
 * newest commit it may have seen.  InvalidXLogRecPtr: it may be answered now.
 */
extern XLogRecPtr dyn_http_flush_horizon(void);

/*
 * Makes everything up to lsn durable, and replicated where the server asks for that.  false: the wait for the standby
 * was broken off, so no client may be told that its write is safe.
 */
extern bool dyn_http_flush_wait(XLogRecPtr lsn);

#endif
