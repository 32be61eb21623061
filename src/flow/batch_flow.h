/*
 * BatchGetItem and BatchWriteItem: many items of many tables, without a promise that all succeed.
 */
#ifndef DYN_BATCH_FLOW_H
#define DYN_BATCH_FLOW_H

#include "base/call.h"

extern void dyn_batch_flow_get(DynCall *call);
extern void dyn_batch_flow_write(DynCall *call);

#endif
