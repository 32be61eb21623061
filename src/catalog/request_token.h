/*
 * ClientRequestTokens: which requests have been done already.
 */
#ifndef DYN_REQUEST_TOKEN_H
#define DYN_REQUEST_TOKEN_H

#include "base/text.h"

#define DYN_REQUEST_TOKEN_DIGEST 32
#define DYN_REQUEST_TOKEN_SECONDS (10 * 60)

typedef enum DynRequestTokenState
{
	DYN_REQUEST_TOKEN_NEW,		/* ours now, if this transaction commits */
	DYN_REQUEST_TOKEN_REPEATED, /* the same request has been done */
	DYN_REQUEST_TOKEN_MISMATCH	/* another request had this token */
} DynRequestTokenState;

/*
 * Claims a role's token for the request with this digest, in the current transaction: a failed request leaves no trace.
 * Waits while another transaction is about to use the same token, as for any lock.
 */
extern DynRequestTokenState dyn_request_token_claim(Oid role, DynStr token, const uint8 *digest);
/*
 * The sizes that the request's items had, for the cost of its repetitions: kept with a token that was claimed in this
 * transaction, and read back from one that is repeated.  A token without sizes gives zeros.
 */
extern void dyn_request_token_keep_sizes(Oid role, DynStr token, const int *sizes, int count);
extern void dyn_request_token_read_sizes(Oid role, DynStr token, int *sizes, int count);
/*
 * A step of background work: deletes tokens older than ten minutes, true when more may be left.  Nothing depends on it,
 * since older ones are not looked at; it keeps the table small.
 */
extern bool dyn_request_token_forget(void);

#endif
