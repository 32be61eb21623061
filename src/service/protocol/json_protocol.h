/*
 * AWS's JSON protocol.
 */
#ifndef DYN_JSON_PROTOCOL_H
#define DYN_JSON_PROTOCOL_H

#include "service/service.h"

extern const DynProtocol dyn_json_protocol;

#endif
