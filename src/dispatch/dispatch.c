/*
 * Runs one call.
 */
#include "postgres.h"

#include "access/xlog.h"

#include "base/error.h"
#include "dispatch/dispatch.h"
#include "request/shape.h"

void
dyn_dispatch_call(DynCall *call)
{
	dyn_error_unwrap();
	call->operation_name = call->operation->name;
	if (!dyn_json_is_object(call->body))
		dyn_error(DYN_ERR_SERIALIZATION, "Unexpected value type in payload");
	dyn_shape_check(call->operation->input, call->body);
	if (call->operation->writes && RecoveryInProgress())
		dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, "The service is currently unavailable or busy.");
	call->operation->run(call);
}
