/*
 * One request, from bytes to bytes.
 */
#ifndef DYN_HTTP_CALL_H
#define DYN_HTTP_CALL_H

#include "http/http_server.h"

/*
 * Handles everything that needs no database: the transport's mistakes, probes, the operation's name.  true: the
 * operation is known and dyn_http_call_run is to follow.  false: the reply is complete.
 */
extern bool dyn_http_call_prepare(DynHttpRequest *request);
/* Runs the operation in a transaction of its own, and makes the reply.  It must not leave before request->horizon. */
extern void dyn_http_call_run(DynHttpRequest *request);
/* Whether the operation may write. */
extern bool dyn_http_call_writes(const DynHttpRequest *request);

/* The reply becomes AWS's ServiceUnavailableException: nothing was done, try again (on shutdown). */
extern void dyn_http_call_refuse(DynHttpRequest *request);
/* The reply becomes AWS's InternalServerError: nobody knows whether the write will last. */
extern void dyn_http_call_doubt(DynHttpRequest *request);

#endif
