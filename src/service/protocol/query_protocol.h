/*
 * AWS's Query protocol: parameters of a form come in, XML goes out.
 */
#ifndef DYN_QUERY_PROTOCOL_H
#define DYN_QUERY_PROTOCOL_H

#include "service/service.h"

extern const DynProtocol dyn_query_protocol;

/*
 * The value of a parameter in "a=b&c=d", decoded; the first one of that name, as on AWS.  data is NULL when there is
 * none. A percent sign that begins no escape stands for itself.
 */
extern DynStr dyn_query_protocol_find(DynStr form, const char *name);

#endif
