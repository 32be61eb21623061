/*
 * The entry points of STS's operations, one for each row of op_list.h.
 */
#ifndef DYN_STS_H
#define DYN_STS_H

#include "base/call.h"

#define DYN_OPERATION(name, stem, writes) extern void dyn_sts_##stem(DynCall *call);
#include "service/sts/op_list.h"

#endif
