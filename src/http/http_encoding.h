/*
 * Compressed bodies, in and out.
 */
#ifndef DYN_HTTP_ENCODING_H
#define DYN_HTTP_ENCODING_H

#include "http/http_server.h"

typedef enum DynHttpDecoded
{
	DYN_HTTP_DECODED,
	DYN_HTTP_DECODED_INVALID,	/* unknown encoding, or a body that is not so encoded */
	DYN_HTTP_DECODED_TOO_LARGE
} DynHttpDecoded;

/* The body as Content-Encoding says it is to be read: *body is request->body itself, or a copy with a NUL behind it. */
extern DynHttpDecoded dyn_http_encoding_decode(const DynHttpRequest *request, DynStr *body);
/* Compresses a long reply for a client whose Accept-Encoding asks for it. */
extern void dyn_http_encoding_encode(DynHttpRequest *request);

#endif
