/*
 * AWS's Query protocol: parameters of a form come in, XML goes out.
 *
 * Operations read and write JSON here, too.  The parameters become an object of strings, and the reply's JSON becomes
 * elements of XML: members of objects by their names, elements of arrays as "member".  Line breaks and indentation are
 * those that the services send.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/error.h"
#include "base/message.h"
#include "json/json_write.h"
#include "service/protocol/query_protocol.h"

/* of errors that no service answers for */
#define FAULT_NAMESPACE "http://webservices.amazon.com/AWSFault/2005-15-09"

/* The names of errors here.  One that is not listed has its own, less "Exception", and its own status. */
static const struct
{
	DynErrorCode code;
	const char *name;
	int			http_status;
}			errors[] = {
	{DYN_ERR_VALIDATION, "ValidationError", 400},
	{DYN_ERR_SERIALIZATION, "MalformedInput", 400},
	{DYN_ERR_UNKNOWN_OPERATION, "InvalidAction", 400},
	{DYN_ERR_MISSING_AUTHENTICATION_TOKEN, "MissingAuthenticationToken", 403},
	{DYN_ERR_INCOMPLETE_SIGNATURE, "IncompleteSignature", 400},
	{DYN_ERR_INVALID_SIGNATURE, "SignatureDoesNotMatch", 403},
	{DYN_ERR_UNRECOGNIZED_CLIENT, "InvalidClientTokenId", 403},
	{DYN_ERR_ACCESS_DENIED, "AccessDenied", 403},
	{DYN_ERR_EXPIRED_TOKEN, "ExpiredToken", 403},
	{DYN_ERR_INTERNAL_SERVER_ERROR, "InternalFailure", 500},
};

static const DynJson *read_body(DynStr body);
static void write_reply(StringInfo out, const DynExchange *exchange);
static int	write_error(StringInfo out, const ErrorData *edata, const DynExchange *exchange);
static bool next_parameter(DynStr *form, DynStr *name, DynStr *value);
static bool last_parameter(DynStr *form, DynStr *name, DynStr *value);
static void split(DynStr part, DynStr *name, DynStr *value);
static DynStr decode(DynStr text);
static int	hex_value(char c);
static void write_children(StringInfo out, const DynJson *container, int depth);
static void write_text(StringInfo out, DynStr text);
static bool is_xml_character(const char *at, int size);

const DynProtocol dyn_query_protocol =
	{.content_type = "text/xml",
	 .read_body = read_body,
	 .write_reply = write_reply,
	 .write_error = write_error,
	 .unavailable = "<ErrorResponse xmlns=\"" FAULT_NAMESPACE "\">\n  <Error>\n    <Type>Receiver</Type>\n"
					"    <Code>ServiceUnavailable</Code>\n    <Message>" DYN_MSG_SERVICE_UNAVAILABLE
					"</Message>\n  </Error>\n</ErrorResponse>\n",
	 .failure = "<ErrorResponse xmlns=\"" FAULT_NAMESPACE "\">\n  <Error>\n    <Type>Receiver</Type>\n"
				"    <Code>InternalFailure</Code>\n    <Message>" DYN_MSG_REQUEST_FAILED
				"</Message>\n  </Error>\n</ErrorResponse>\n"};

DynStr
dyn_query_protocol_find(DynStr form, const char *name)
{
	DynStr		found;
	DynStr		value;

	while (next_parameter(&form, &found, &value))
		if (dyn_text_equal_cstring(decode(found), name))
			return decode(value);
	return (DynStr) {NULL, 0};
}

/* From the end: of members with one name JSON's readers take the last, and the first parameter is to win. */
static const DynJson *
read_body(DynStr body)
{
	StringInfoData json;
	DynStr		name;
	DynStr		value;

	initStringInfo(&json);
	dyn_json_write_object_start(&json);
	while (last_parameter(&body, &name, &value))
	{
		CHECK_FOR_INTERRUPTS();
		name = decode(name);
		value = decode(value);
		if (!dyn_text_is_utf8(name) || !dyn_text_is_utf8(value))
			dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_FORM_NOT_UTF8);
		dyn_json_write_name(&json, name);
		dyn_json_write_string(&json, value);
	}
	dyn_json_write_object_end(&json);
	return dyn_json_parse(json.data, json.len, false);
}

static void
write_reply(StringInfo out, const DynExchange *exchange)
{
	const DynCall *call = exchange->call;
	const char *operation = call->operation_name;

	appendStringInfo(out, "<%sResponse xmlns=\"%s\">\n", operation, exchange->service->xml_namespace);
	if (call->reply->len > 0)
	{
		const DynJson *result = dyn_json_parse(call->reply->data, call->reply->len, false);

		if (result == NULL)
			elog(ERROR, "the reply of %s is no JSON", operation);
		appendStringInfo(out, "  <%sResult>\n", operation);
		write_children(out, result, 2);
		appendStringInfo(out, "  </%sResult>\n", operation);
	}
	appendStringInfo(out, "  <ResponseMetadata>\n    <RequestId>%s</RequestId>\n  </ResponseMetadata>\n</%sResponse>\n",
					 exchange->request_id, operation);
}

static int
write_error(StringInfo out, const ErrorData *edata, const DynExchange *exchange)
{
	const char *message;
	const DynErrorInfo *info = dyn_error_from_data(edata, &message);
	DynStr		name = dyn_text_from_cstring(info->name);
	static const DynStr suffix = DYN_STR("Exception");
	int			status = info->http_status;

	dyn_error_log_hidden(edata);
	if (name.len > suffix.len && memcmp(name.data + name.len - suffix.len, suffix.data, suffix.len) == 0)
		name.len -= suffix.len;
	for (int i = 0; i < lengthof(errors); i++)
		if (errors[i].code == info->code)
		{
			name = dyn_text_from_cstring(errors[i].name);
			status = errors[i].http_status;
		}
	appendStringInfo(out, "<ErrorResponse xmlns=\"%s\">\n  <Error>\n    <Type>%s</Type>\n    <Code>%.*s</Code>\n",
					 exchange->service != NULL ? exchange->service->xml_namespace : FAULT_NAMESPACE,
					 status < 500 ? "Sender" : "Receiver", name.len, name.data);
	if (message[0] != '\0')
	{
		appendStringInfoString(out, "    <Message>");
		write_text(out, dyn_text_from_cstring(message));
		appendStringInfoString(out, "</Message>\n");
	}
	appendStringInfo(out, "  </Error>\n  <RequestId>%s</RequestId>\n</ErrorResponse>\n", exchange->request_id);
	return status;
}

/* Takes the first parameter off; false when none is left.  Name and value are as they were sent. */
static bool
next_parameter(DynStr *form, DynStr *name, DynStr *value)
{
	while (form->len > 0)
	{
		const char *end = memchr(form->data, '&', form->len);
		DynStr		part = {form->data, end != NULL ? end - form->data : form->len};
		int			taken = Min(part.len + 1, form->len);

		form->data += taken;
		form->len -= taken;
		if (part.len == 0)
			continue;
		split(part, name, value);
		return true;
	}
	return false;
}

static bool
last_parameter(DynStr *form, DynStr *name, DynStr *value)
{
	while (form->len > 0)
	{
		int			start = form->len;
		DynStr		part;

		while (start > 0 && form->data[start - 1] != '&')
			start--;
		part = (DynStr) {form->data + start, form->len - start};
		form->len = Max(start - 1, 0);
		if (part.len == 0)
			continue;
		split(part, name, value);
		return true;
	}
	return false;
}

static void
split(DynStr part, DynStr *name, DynStr *value)
{
	const char *equals = memchr(part.data, '=', part.len);

	*name = (DynStr) {part.data, equals != NULL ? equals - part.data : part.len};
	*value = equals != NULL ? (DynStr) {equals + 1, part.len - name->len - 1} : (DynStr) {"", 0};
}

static DynStr
decode(DynStr text)
{
	char	   *decoded;
	int			length = 0;

	if (text.len == 0 || (memchr(text.data, '%', text.len) == NULL && memchr(text.data, '+', text.len) == NULL))
		return text;
	decoded = palloc(text.len);
	for (int i = 0; i < text.len; i++)
	{
		int			high = text.data[i] == '%' && i + 2 < text.len ? hex_value(text.data[i + 1]) : -1;
		int			low = high >= 0 ? hex_value(text.data[i + 2]) : -1;

		if (low >= 0)
		{
			decoded[length++] = high << 4 | low;
			i += 2;
		}
		else
			decoded[length++] = text.data[i] == '+' ? ' ' : text.data[i];
	}
	return (DynStr) {decoded, length};
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static void
write_children(StringInfo out, const DynJson *container, int depth)
{
	bool		is_array = dyn_json_is_array(container);

	check_stack_depth();
	for (const DynJson *child = dyn_json_first(container); child != NULL; child = dyn_json_next(child))
	{
		DynStr		name = is_array ? DYN_STR("member") : dyn_json_name(child);

		appendStringInfoSpaces(out, 2 * depth);
		appendStringInfo(out, "<%.*s>", name.len, name.data);
		if (dyn_json_is_object(child) || dyn_json_is_array(child))
		{
			appendStringInfoChar(out, '\n');
			write_children(out, child, depth + 1);
			appendStringInfoSpaces(out, 2 * depth);
		}
		else if (dyn_json_is_string(child))
			write_text(out, dyn_json_string(child));
		else
			dyn_json_append(out, child);
		appendStringInfo(out, "</%.*s>\n", name.len, name.data);
	}
}

/* What XML cannot hold at all becomes U+FFFD. */
static void
write_text(StringInfo out, DynStr text)
{
	for (int i = 0; i < text.len;)
	{
		const char *at = text.data + i;
		int			size = pg_utf_mblen((const unsigned char *) at);

		size = Min(size, text.len - i);
		if (*at == '&')
			appendStringInfoString(out, "&amp;");
		else if (*at == '<')
			appendStringInfoString(out, "&lt;");
		else if (*at == '>')
			appendStringInfoString(out, "&gt;");
		else if (*at == '\r')
			appendStringInfoString(out, "&#13;");
		else if (is_xml_character(at, size))
			appendBinaryStringInfo(out, at, size);
		else
			appendStringInfoString(out, "\xef\xbf\xbd");
		i += size;
	}
}

static bool
is_xml_character(const char *at, int size)
{
	pg_wchar	character;

	if (!pg_utf8_islegal((const unsigned char *) at, size))
		return false;
	character = utf8_to_unicode((const unsigned char *) at);
	return (character >= 0x20 || character == '\t' || character == '\n') && character != 0xFFFE && character != 0xFFFF;
}
