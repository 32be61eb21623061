/*
 * Header fields: what a request's mean, and which ones a reply carries.
 */
#ifndef DYN_HTTP_HEADER_H
#define DYN_HTTP_HEADER_H

#include "http/http_server.h"

/* The first field of that name, in any case; data NULL when there is none. */
extern DynStr dyn_http_header_find(const DynHttpRequest *request, const char *name);
/* The Host field, "name:port", in CurrentMemoryContext; NULL when there is none, or something strange. */
extern char *dyn_http_header_host(const DynHttpRequest *request);
/* The reply's content type, which mirrors the request's; NULL when AWS would not read such a body. */
extern const char *dyn_http_header_content_type(const DynHttpRequest *request);

/* What the reply calls the request.  Allocates the first time. */
extern const char *dyn_http_header_request_id(DynHttpRequest *request);
extern void dyn_http_header_add(DynHttpReply *reply, const char *name, const char *value);
/* The fields that every reply carries; last, because one of them is the checksum of the body.  Allocates. */
extern void dyn_http_header_finish(DynHttpRequest *request);

#endif
