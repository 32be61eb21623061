/*
 * Requests of AWS's Query protocol: which they are, and what they ask for.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "http/http_header.h"
#include "http/http_query.h"
#include "service/protocol/query_protocol.h"

#define MAX_FORM (1024 * 1024)	/* bytes */
#define MAX_SHOWN 64			/* bytes of a name that is none */

static bool is_form(const DynHttpRequest *request);
static const char *shown(DynStr name);

bool
dyn_http_query_is_one(const DynHttpRequest *request)
{
	bool		posted = dyn_text_equal_cstring(request->method, "POST");

	if (dyn_http_header_find(request, "x-amz-target").data != NULL)
		return false;
	if (posted && (is_form(request) || request->body.len > 0))
		return is_form(request);
	return (posted || (dyn_text_equal_cstring(request->method, "GET") && dyn_text_equal_cstring(request->path, "/"))) &&
		dyn_query_protocol_find(request->query, "Action").data != NULL;
}

DynStr
dyn_http_query_form(const DynHttpRequest *request)
{
	return dyn_text_equal_cstring(request->method, "POST") && request->body.len > 0 ? request->body : request->query;
}

const DynOperation *
dyn_http_query_operation(const DynHttpRequest *request)
{
	DynStr		form = dyn_http_query_form(request);
	const DynOperation *operation;
	DynStr		action;
	DynStr		version;

	if (form.len > MAX_FORM)
		dyn_error(DYN_ERR_REQUEST_TOO_LARGE, DYN_MSG_FORM_TOO_LARGE, MAX_FORM);
	if (dyn_http_header_find(request, "content-encoding").len > 0)
		dyn_error(DYN_ERR_MALFORMED_REQUEST, DYN_MSG_MALFORMED_REQUEST);
	action = dyn_query_protocol_find(form, "Action");
	version = dyn_query_protocol_find(form, "Version");
	if (action.data == NULL)
		dyn_error(DYN_ERR_MISSING_ACTION, DYN_MSG_ACTION_MISSING);
	if (version.data == NULL)
		version = DYN_STR("NO_VERSION_SPECIFIED");
	operation = dyn_service_find_action(action, version);
	if (operation == NULL)
		dyn_error(DYN_ERR_UNKNOWN_OPERATION, DYN_MSG_ACTION_UNKNOWN, shown(action), shown(version));
	return operation;
}

static bool
is_form(const DynHttpRequest *request)
{
	static const DynStr type = DYN_STR("application/x-www-form-urlencoded");
	DynStr		given = dyn_http_header_find(request, "content-type");

	return given.len >= type.len && pg_strncasecmp(given.data, type.data, type.len) == 0 &&
		(given.len == type.len || given.data[type.len] == ';' || given.data[type.len] == ' ');
}

static const char *
shown(DynStr name)
{
	return dyn_text_printable((DynStr) {name.data, Min(name.len, MAX_SHOWN)});
}
