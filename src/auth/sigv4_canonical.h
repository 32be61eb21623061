/*
 * Signature Version 4's canonical request.
 */
#ifndef DYN_SIGV4_CANONICAL_H
#define DYN_SIGV4_CANONICAL_H

#include "auth/sigv4.h"

typedef struct DynQueryParameter
{
	DynStr		name;			/* percent-decoded */
	DynStr		value;
} DynQueryParameter;

typedef struct DynSignedNames
{
	int			count;
	DynStr	   *names;			/* lower case, sorted, no duplicates */
} DynSignedNames;

/* The parameters of a query string in the order given; malformed percent escapes stand for themselves. */
extern int	dyn_sigv4_canonical_read_query(DynStr query, DynQueryParameter **parameters);
/* Reads "host;x-amz-date;...". */
extern void dyn_sigv4_canonical_read_names(DynStr list, DynSignedNames *names);
extern bool dyn_sigv4_canonical_has_name(const DynSignedNames *names, DynStr name);
/*
 * Appends the canonical request.  The payload's hash is always that of the body received, whatever X-Amz-Content-Sha256
 * says: DynamoDB has no unsigned payloads.
 */
extern void dyn_sigv4_canonical_append(StringInfo out, const DynSignedRequest *request,
									   const DynQueryParameter *parameters, int parameter_count,
									   const DynSignedNames *names);

#endif
