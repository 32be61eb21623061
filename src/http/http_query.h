/*
 * Requests of AWS's Query protocol: which they are, and what they ask for.
 */
#ifndef DYN_HTTP_QUERY_H
#define DYN_HTTP_QUERY_H

#include "http/http_server.h"

/* Without an X-Amz-Target: a form that is posted, or an Action in the query of GET / or of a POST that has no body. */
extern bool dyn_http_query_is_one(const DynHttpRequest *request);
/* Its parameters as they were sent. */
extern DynStr dyn_http_query_form(const DynHttpRequest *request);
/* Raises what is wrong with Action and Version, and with the form as a whole. */
extern const struct DynOperation *dyn_http_query_operation(const DynHttpRequest *request);

#endif
