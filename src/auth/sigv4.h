/*
 * AWS Signature Version 4: who is calling?
 */
#ifndef DYN_SIGV4_H
#define DYN_SIGV4_H

#include "base/text.h"

typedef struct DynHttpHeader
{
	DynStr		name;			/* as received, any case */
	DynStr		value;			/* surrounding white space removed */
} DynHttpHeader;

/* The parts of an HTTP request that a signature covers. */
typedef struct DynSignedRequest
{
	DynStr		method;
	DynStr		path;			/* as on the request line, still percent-encoded, without the query */
	DynStr		query;			/* as on the request line, without the '?'; empty when none */
	int			header_count;
	const DynHttpHeader *headers;
	DynStr		body;
	const char *service;		/* that the operation belongs to, as signatures call it */
} DynSignedRequest;

typedef struct DynIdentity
{
	Oid			role;
	char	   *role_name;		/* in CurrentMemoryContext */
	char	   *access_key_id;
} DynIdentity;

/*
 * dynamo.authentication = sigv4: verifies the signature and finds the key's role; raises AWS's errors
 * (MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException,
 * UnrecognizedClientException, ...).  = none: dynamo.anonymous_role, whatever the request carries.
 * Needs a transaction.  Keys, and their signing keys per day, region and service, are cached in the process and
 * invalidated when dynamo.access_keys changes.
 */
extern void dyn_sigv4_identify(const DynSignedRequest *request, DynIdentity *identity);

#endif
