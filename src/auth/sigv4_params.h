/*
 * Where a request carries its signature: the Authorization header, or the query of a presigned URL.
 */
#ifndef DYN_SIGV4_PARAMS_H
#define DYN_SIGV4_PARAMS_H

#include "auth/sigv4_canonical.h"

#define DYN_SIGV4_TIME_SIZE 17	/* "20260101T000000Z" and its end */

typedef struct DynSigv4Params
{
	bool		presigned;
	DynStr		algorithm;
	DynStr		credential;		/* keyid/date/region/service/term */
	DynStr		signed_headers;
	DynStr		signature;
	DynStr		date;			/* as sent */
	DynStr		expires;		/* presigned alone; empty: not given */
	DynStr		token;			/* X-Amz-Security-Token; empty: none */
	int			query_count;
	DynQueryParameter *query;
} DynSigv4Params;

/*
 * Raises MissingAuthenticationTokenException, IncompleteSignatureException, or InvalidSignatureException for two
 * signatures.
 */
extern void dyn_sigv4_params_read(const DynSignedRequest *request, DynSigv4Params *params);
/* Seconds since 1970; false when the text is neither ISO 8601's basic format nor an HTTP date. */
extern bool dyn_sigv4_params_read_time(DynStr text, int64 *time);
extern void dyn_sigv4_params_write_time(int64 time, char *text);

#endif
