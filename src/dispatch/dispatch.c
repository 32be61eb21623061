/*
 * Runs one call.
 */
#include "postgres.h"

#include "access/xlog.h"

#include "base/error.h"
#include "base/message.h"
#include "dispatch/dispatch.h"
#include "request/error_layer.h"
#include "request/shape.h"

void
dyn_dispatch_call(DynCall *call)
{
	DynErrorLayer outer;
	bool		odd;

	dyn_error_bare();
	call->operation_name = call->operation->name;
	if (!dyn_json_is_object(call->body))
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_VALUE_TYPE);
	odd = dyn_shape_check(call->operation->input, call->body);
	if (call->operation->writes && RecoveryInProgress())
		dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE);
	outer = dyn_error_layer_begin((DynErrorLayer) {call->operation_name, odd, DYN_PHASE_REQUEST});
	call->operation->run(call);
	(void) dyn_error_layer_begin(outer);
}
