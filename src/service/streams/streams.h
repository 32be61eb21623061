/*
 * The entry points of DynamoDB Streams's operations, one for each row of op_list.h.
 */
#ifndef DYN_STREAMS_H
#define DYN_STREAMS_H

#include "base/call.h"

#define DYN_OPERATION(name, stem, writes) extern void dyn_streams_##stem(DynCall *call);
#include "service/streams/op_list.h"

#endif
