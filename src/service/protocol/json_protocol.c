/*
 * AWS's JSON protocol: bodies are JSON, and errors have __type and message.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "json/json_write.h"
#include "service/protocol/json_protocol.h"

static const DynJson *read_body(DynStr body);
static int	write_error(StringInfo out, const ErrorData *edata, const DynExchange *exchange);

const DynProtocol dyn_json_protocol = {
	.content_type = "application/x-amz-json-1.0",
	.read_body = read_body,
	.write_error = write_error,
	.unavailable = "{\"__type\":\"com.amazon.coral.availability#ServiceUnavailableException\","
	"\"message\":\"" DYN_MSG_SERVICE_UNAVAILABLE "\"}",
	.failure = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\","
	"\"message\":\"" DYN_MSG_REQUEST_FAILED "\"}"
};

static const DynJson *
read_body(DynStr body)
{
	return dyn_json_parse(body.data, body.len, false);
}

/*
 * {"__type": ..., "message": ..., <call->error_members>}.  Errors that are not in the catalogue are logged with their
 * SQLSTATE.
 */
static int
write_error(StringInfo out, const ErrorData *edata, const DynExchange *exchange)
{
	const DynCall *call = exchange->call;
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
