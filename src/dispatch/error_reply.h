/*
 * An error as AWS's JSON.
 */
#ifndef DYN_ERROR_REPLY_H
#define DYN_ERROR_REPLY_H

#include "base/call.h"

/*
 * Writes {"__type": ..., "message": ..., <call->error_members>} into out and returns the HTTP status.  call may be NULL
 * (an error before there was a call).  Logs errors that are not in the catalogue, with their SQLSTATE.
 */
extern int	dyn_error_reply_write(StringInfo out, const ErrorData *edata, const DynCall *call);

#endif
