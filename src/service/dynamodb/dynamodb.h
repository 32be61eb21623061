/*
 * The entry points of DynamoDB's operations, one for each row of op_list.h.
 */
#ifndef DYN_DYNAMODB_H
#define DYN_DYNAMODB_H

#include "base/call.h"

#define DYN_OPERATION(name, stem, writes) extern void dyn_dynamodb_##stem(DynCall *call);
#include "service/dynamodb/op_list.h"

#endif
