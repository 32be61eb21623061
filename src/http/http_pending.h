/*
 * Replies on their way: who takes them too slowly?
 */
#ifndef DYN_HTTP_PENDING_H
#define DYN_HTTP_PENDING_H

#include "lib/ilist.h"

/* How much of a reply a client must take within each dynamo.send_timeout, until it has all of it. */
#define DYN_HTTP_SEND_BLOCK (128 * 1024)

/* One reply, a member of its request. */
typedef struct DynHttpPendingReply
{
	dlist_node	node;
	bool		listed;
	int64		moved;			/* dyn_clock_steady_ms() when the client last took a block, or the reply was made */
	size_t		memory;			/* that it keeps */
} DynHttpPendingReply;

/* The replies of one worker; those that have stood still for longest come first. */
typedef struct DynHttpPending
{
	dlist_head	replies;
	size_t		memory;
} DynHttpPending;

extern void dyn_http_pending_init(DynHttpPending *pending);
extern void dyn_http_pending_add(DynHttpPending *pending, DynHttpPendingReply *reply, size_t memory);
/* The client has taken another block. */
extern void dyn_http_pending_moved(DynHttpPending *pending, DynHttpPendingReply *reply);
/* The reply has left, or its client was cut off; may be called again. */
extern void dyn_http_pending_remove(DynHttpPending *pending, DynHttpPendingReply *reply);
/* A reply whose client is to be cut off now; NULL: none. */
extern DynHttpPendingReply *dyn_http_pending_victim(const DynHttpPending *pending);
/* After how many ms to ask again; -1: only when something has happened. */
extern long dyn_http_pending_timeout(const DynHttpPending *pending);
/* Do the replies keep so much memory that some should leave before more are made? */
extern bool dyn_http_pending_is_full(const DynHttpPending *pending);

#endif
