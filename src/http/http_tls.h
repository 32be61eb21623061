/*
 * The endpoint's certificate and key.
 */
#ifndef DYN_HTTP_TLS_H
#define DYN_HTTP_TLS_H

#include "lib/stringinfo.h"

typedef struct DynHttpTls
{
	char	   *certificate;	/* PEM; NULL with dynamo.ssl off */
	char	   *key;
} DynHttpTls;

/* Reads the files that the settings name; false, with a message at elevel, when that fails. */
extern bool dyn_http_tls_load(DynHttpTls *tls, int elevel);
/* Forgets them; the key leaves memory. */
extern void dyn_http_tls_free(DynHttpTls *tls);
/* Appends what changes when the settings or the files do. */
extern void dyn_http_tls_fingerprint(StringInfo out);

#endif
