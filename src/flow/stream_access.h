/*
 * Which stream does a request name, and may the caller read it?
 */
#ifndef DYN_STREAM_ACCESS_H
#define DYN_STREAM_ACCESS_H

#include "base/call.h"
#include "feature/stream/stream.h"
#include "json/json.h"

/*
 * The stream of an ARN, which the caller may read.  Errors: "Invalid StreamArn", ResourceNotFoundException "Requested
 * resource not found: Stream: <ARN> not found", AccessDeniedException.
 */
extern DynStream *dyn_stream_access_find(const DynCall *call, DynStr arn);
/* The stream of that label, which the caller may read; NULL when there is none. */
extern DynStream *dyn_stream_access_label(const DynCall *call, const char *table_name, const char *label);
/* The newest stream of a table, for SQL; the table may be deleted. */
extern DynStream *dyn_stream_access_of_table(const char *table_name);
/*
 * "Invalid ShardIterator", ExpiredIteratorException, TrimmedDataAccessException, and those of dyn_stream_access_find.
 */
extern void dyn_stream_access_iterator(const DynCall *call, DynStr text, DynShardIterator *iterator);
/* Looks again at the iterator's shard, which may have ended with a tick made since: TrimmedDataAccessException. */
extern void dyn_stream_access_refresh(DynShardIterator *iterator);
/* Limit, with a default that is also its maximum. */
extern int	dyn_stream_access_limit(const DynCall *call, int most);

#endif
