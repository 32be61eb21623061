/*
 * What the endpoint answers to load balancers, monitoring and browsers: everything but operations.
 */
#ifndef DYN_HTTP_PROBE_H
#define DYN_HTTP_PROBE_H

#include "http/http_server.h"

/*
 * Answers GET and HEAD of /, /health and /metrics, and OPTIONS.  false: it is none of these.  Allocates in
 * CurrentMemoryContext; needs no transaction.
 */
extern bool dyn_http_probe_answer(DynHttpRequest *request);

#endif
