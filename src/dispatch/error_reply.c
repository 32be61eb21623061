/*
 * Writes errors as AWS's JSON.
 */
#include "postgres.h"

#include "base/error.h"
#include "dispatch/error_reply.h"
#include "json/json_write.h"

int
dyn_error_reply_write(StringInfo out, const ErrorData *edata, const DynCall *call)
{
	const char *message;
	const DynErrorInfo *info = dyn_error_from_data(edata, &message);

	dyn_error_log_hidden(edata);
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "__type", info->type);
	if (message[0] != '\0')
		dyn_json_write_string_member(out, info->message_member, message);
	if (call != NULL && call->error_members != NULL)
	{
		appendStringInfoChar(out, ',');
		appendBinaryStringInfo(out, call->error_members->data, call->error_members->len);
	}
	dyn_json_write_object_end(out);
	return info->http_status;
}
