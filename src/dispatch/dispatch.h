/*
 * Runs one call: request checks, the operation, its reply.
 */
#ifndef DYN_DISPATCH_H
#define DYN_DISPATCH_H

#include "dispatch/op_table.h"
#include "json/json.h"

/*
 * call: operation, body, context, role, caller_name and from_sql are set; reply is an empty StringInfo in context.
 * Runs in a transaction, with the current user already call->role.  Raises errors; on return, reply is complete.
 */
extern void dyn_dispatch_call(DynCall *call);

#endif
