/*
 * Replies on their way: who takes them too slowly?
 *
 * A reply is up to 16 MB of items, and more as JSON.  A client that asks and does not read, or reads a byte now and then,
 * would keep that memory for as long as it likes, and with it as many more as it may open connections.  So a client must
 * take a block in every dynamo.send_timeout; and once the replies of a worker together keep too much memory, those whose
 * clients have not moved for a moment go at once, the stillest first.  Only far beyond that, when there is no other way to
 * stay within the machine's memory, those go as well that did move.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/guc.h"
#include "http/http_pending.h"

#define MUCH_MEMORY ((size_t) 256 * 1024 * 1024)
#define TOO_MUCH_MEMORY (2 * MUCH_MEMORY)
#define STILL_MS 1000			/* with much memory kept, who has not moved for so long is cut off */

static DynHttpPendingReply *stillest(const DynHttpPending *pending);
static long patience(const DynHttpPending *pending);

void
dyn_http_pending_init(DynHttpPending *pending)
{
	dlist_init(&pending->replies);
	pending->memory = 0;
}

void
dyn_http_pending_add(DynHttpPending *pending, DynHttpPendingReply *reply, size_t memory)
{
	reply->moved = GetCurrentTimestamp();
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
	reply->moved = GetCurrentTimestamp();
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
	DynHttpPendingReply *reply = stillest(pending);
	long		limit = patience(pending);

	if (reply == NULL || limit < 0)
		return NULL;
	return GetCurrentTimestamp() >= TimestampTzPlusMilliseconds(reply->moved, limit) ? reply : NULL;
}

long
dyn_http_pending_timeout(const DynHttpPending *pending)
{
	DynHttpPendingReply *reply = stillest(pending);
	long		limit = patience(pending);

	if (reply == NULL || limit < 0)
		return -1;
	return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), TimestampTzPlusMilliseconds(reply->moved, limit));
}

bool
dyn_http_pending_is_full(const DynHttpPending *pending)
{
	return pending->memory > MUCH_MEMORY;
}

static DynHttpPendingReply *
stillest(const DynHttpPending *pending)
{
	/* ilist.h knows no constant list */
	dlist_head *replies = unconstify(dlist_head *, &pending->replies);

	return dlist_is_empty(replies) ? NULL : dlist_head_element(DynHttpPendingReply, node, replies);
}

/* For how many ms a client may stand still; -1: for ever. */
static long
patience(const DynHttpPending *pending)
{
	if (pending->memory > TOO_MUCH_MEMORY)
		return 0;
	if (pending->memory > MUCH_MEMORY)
		return STILL_MS;
	return dyn_guc_send_timeout > 0 ? dyn_guc_send_timeout * 1000L : -1;
}
