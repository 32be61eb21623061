/*
 * dynamo.request(operation, body): any operation from SQL, in the caller's transaction and with the caller's rights.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "base/error.h"
#include "base/message.h"
#include "service/service.h"

PG_FUNCTION_INFO_V1(dynamo_request);

static const DynOperation *
find_operation(DynStr name)
{
	const DynOperation *operation = dyn_service_find(name);

	if (operation == NULL)
		dyn_error(DYN_ERR_UNKNOWN_OPERATION, DYN_MSG_SQL_OPERATION_UNKNOWN, dyn_text_printable(name));
	return operation;
}

/*
 * What an error's body carries beyond its message, such as the item a condition failed on, becomes the error's DETAIL:
 * a JSON object.
 */
static void
add_error_members(void *arg)
{
	const DynCall *call = arg;
	char	   *object;

	if (call->error_members == NULL)
		return;
	object = psprintf("{%s}", call->error_members->data);
	errdetail_internal("%s", dyn_json_stored_text(object, strlen(object)));
}

Datum
dynamo_request(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	Jsonb	   *body = PG_GETARG_JSONB_P(1);
	char	   *body_text = JsonbToCString(NULL, &body->root, VARSIZE(body));
	const char *reply_text;
	DynCall		call = {0};
	ErrorContextCallback on_error = {error_context_stack, add_error_members, &call};

	call.operation = find_operation((DynStr) {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)});
	call.body = dyn_json_parse(body_text, strlen(body_text), true);
	if (call.body == NULL)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_SQL_BODY_NO_JSON);
	call.reply = makeStringInfo();
	call.context = CurrentMemoryContext;
	call.role = GetUserId();
	call.caller_name = GetUserNameFromId(call.role, false);
	call.from_sql = true;
	error_context_stack = &on_error;
	dyn_service_run(&call);
	error_context_stack = on_error.previous;

	/* some operations answer nothing at all */
	if (call.reply->len == 0)
		appendStringInfoString(call.reply, "{}");
	reply_text = dyn_json_stored_text(call.reply->data, call.reply->len);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(reply_text)));
}
