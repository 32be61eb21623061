/*
 * Replies on their way: who takes them too slowly?
 *
 * A reply is up to 16 MB of items, and more as JSON.  A client that asks and does not read, or reads a byte now and
 * then, would keep that memory for as long as it likes, on as many connections as it may open.  So a client must take
 * a block in every dynamo.send_timeout.  Once the replies of a worker together keep too much memory, clients that have
 * taken nothing for a moment are cut off at once, the stillest first.  Far beyond that limit, clients that did take
 * something are cut off as well, because there is no other way to stay within the machine's memory.  Small replies
 * stay, because dropping them would free little.
 */
#include "postgres.h"

#include "base/clock.h"
#include "base/guc.h"
#include "http/http_pending.h"

#define MUCH_MEMORY ((size_t) 256 * 1024 * 1024)
#define TOO_MUCH_MEMORY (2 * MUCH_MEMORY)
#define LITTLE_MEMORY ((size_t) 256 * 1024)	/* of one reply */
#define STILL_MS 1000			/* with much memory kept, a client that has not moved for so long is cut off */

static DynHttpPendingReply *next_victim(const DynHttpPending *pending, long *left);
static DynHttpPendingReply *stillest(const DynHttpPending *pending, size_t least);
static long left_to(const DynHttpPendingReply *reply, long patience);

void
dyn_http_pending_init(DynHttpPending *pending)
{
	dlist_init(&pending->replies);
	pending->memory = 0;
}

void
dyn_http_pending_add(DynHttpPending *pending, DynHttpPendingReply *reply, size_t memory)
{
	reply->moved = dyn_clock_steady_ms();
	reply->memory = memory;
	reply->listed = true;
	pending->memory += memory;
	dlist_push_tail(&pending->replies, &reply->node);
}

void
dyn_http_pending_moved(DynHttpPending *pending, DynHttpPendingReply *reply)
{
	if (!reply->listed)
		return;
	reply->moved = dyn_clock_steady_ms();
	dlist_delete(&reply->node);
	dlist_push_tail(&pending->replies, &reply->node);
}

void
dyn_http_pending_remove(DynHttpPending *pending, DynHttpPendingReply *reply)
{
	if (!reply->listed)
		return;
	reply->listed = false;
	pending->memory -= reply->memory;
	dlist_delete(&reply->node);
}

DynHttpPendingReply *
dyn_http_pending_victim(const DynHttpPending *pending)
{
	long		left;
	DynHttpPendingReply *reply = next_victim(pending, &left);

	return left == 0 ? reply : NULL;
}

long
dyn_http_pending_timeout(const DynHttpPending *pending)
{
	long		left;

	(void) next_victim(pending, &left);
	return left;
}

bool
dyn_http_pending_is_full(const DynHttpPending *pending)
{
	return pending->memory > MUCH_MEMORY;
}

/* The reply whose client is cut off next unless it moves, and in how many ms; NULL and -1: none. */
static DynHttpPendingReply *
next_victim(const DynHttpPending *pending, long *left)
{
	DynHttpPendingReply *victim = dyn_guc_send_timeout > 0 ? stillest(pending, 0) : NULL;
	DynHttpPendingReply *large = pending->memory > MUCH_MEMORY ? stillest(pending, LITTLE_MEMORY) : NULL;
	long		large_left;

	*left = victim != NULL ? left_to(victim, dyn_guc_send_timeout * 1000L) : -1;
	if (large == NULL)
		return victim;
	large_left = pending->memory > TOO_MUCH_MEMORY ? 0 : left_to(large, STILL_MS);
	if (victim != NULL && *left <= large_left)
		return victim;
	*left = large_left;
	return large;
}

/* Among the replies that keep at least so much memory, the one that has stood still for longest. */
static DynHttpPendingReply *
stillest(const DynHttpPending *pending, size_t least)
{
	/* ilist.h knows no constant list */
	dlist_head *replies = unconstify(dlist_head *, &pending->replies);
	dlist_iter	iterator;

	dlist_foreach(iterator, replies)
	{
		DynHttpPendingReply *reply = dlist_container(DynHttpPendingReply, node, iterator.cur);

		if (reply->memory >= least)
			return reply;
	}
	return NULL;
}

/* In how many ms a client will have stood still for as long as patience; 0: it has. */
static long
left_to(const DynHttpPendingReply *reply, long patience)
{
	return (long) Max(reply->moved + patience - dyn_clock_steady_ms(), 0);
}
