/*
 * The operations' entry points, one for each row of op_list.h.
 */
#ifndef DYN_OPERATION_H
#define DYN_OPERATION_H

#include "base/call.h"

#define DYN_OPERATION(name, stem, service, writes) extern void dyn_op_##stem(DynCall *call);
#include "operation/op_list.h"

#endif
