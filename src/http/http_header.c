/*
 * Header fields: what a request's mean, and which ones a reply carries.
 *
 * Names, values and the rules for CORS are AWS's: its SDKs check x-amz-crc32 and log x-amzn-RequestId.
 */
#include "postgres.h"

#include <zlib.h>

#include "common/pg_prng.h"

#include "http/http_header.h"

#define MAX_HOST 255
#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define REQUEST_ID_LENGTH 52	/* 256 random bits, 5 in each character */

static bool is_host(DynStr text);
static int	count_of(DynStr text, const char *set);
static const char *make_request_id(void);
static void add_cors(DynHttpRequest *request);

DynStr
dyn_http_header_find(const DynHttpRequest *request, const char *name)
{
	int			length = strlen(name);

	for (int i = 0; i < request->header_count; i++)
	{
		const DynHttpHeader *header = &request->headers[i];

		if (header->name.len == length && pg_strncasecmp(header->name.data, name, length) == 0)
			return header->value;
	}
	return (DynStr) {NULL, 0};
}

char *
dyn_http_header_host(const DynHttpRequest *request)
{
	DynStr		host = dyn_http_header_find(request, "host");

	return is_host(host) ? dyn_text_to_cstring(host) : NULL;
}

/* A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
static bool
is_host(DynStr text)
{
	int			name;
	int			digits;

	if (text.len == 0 || text.len > MAX_HOST)
		return false;
	if (text.data[0] == '[')
	{
		name = 1 + count_of((DynStr) {text.data + 1, text.len - 1}, HEX_DIGITS ":.");
		if (name == 1 || name == text.len || text.data[name] != ']')
			return false;
		name++;
	}
	else
		name = count_of(text, LETTERS DIGITS "-._");
	if (name == 0 || name == text.len)
		return name > 0;
	digits = count_of((DynStr) {text.data + name + 1, text.len - name - 1}, DIGITS);
	return text.data[name] == ':' && digits > 0 && digits <= 5 && name + 1 + digits == text.len;
}

/* How many characters of the set the text begins with. */
static int
count_of(DynStr text, const char *set)
{
	int			count = 0;

	while (count < text.len && text.data[count] != '\0' && strchr(set, text.data[count]) != NULL)
		count++;
	return count;
}

const char *
dyn_http_header_content_type(const DynHttpRequest *request)
{
	static const char *const types[] = {
		"application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json"
	};
	DynStr		given = dyn_http_header_find(request, "content-type");
	int			length = 0;

	while (length < given.len && given.data[length] != ';' && given.data[length] != ' ')
		length++;
	for (int i = 0; i < lengthof(types); i++)
	{
		if (length == strlen(types[i]) && pg_strncasecmp(given.data, types[i], length) == 0)
			return types[i];
	}
	return request->body.len == 0 ? "application/json" : NULL;
}

void
dyn_http_header_add(DynHttpReply *reply, const char *name, const char *value)
{
	if (reply->header_count == DYN_MAX_REPLY_HEADERS)
		elog(ERROR, "too many header fields in a reply");
	reply->headers[reply->header_count++] = (DynHttpReplyHeader) {name, value};
}

void
dyn_http_header_finish(DynHttpRequest *request)
{
	DynHttpReply *reply = &request->reply;

	dyn_http_header_add(reply, "Server", "Server");
	dyn_http_header_add(reply, "x-amzn-RequestId", dyn_http_header_request_id(request));
	dyn_http_header_add(reply, "x-amz-crc32",
						psprintf("%lu", crc32(crc32(0, NULL, 0), (const Bytef *) reply->body, reply->length)));
	add_cors(request);
}

const char *
dyn_http_header_request_id(DynHttpRequest *request)
{
	if (request->id == NULL)
		request->id = make_request_id();
	return request->id;
}

static const char *
make_request_id(void)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
	char	   *id = palloc(REQUEST_ID_LENGTH + 1);
	uint64		bits = 0;

	for (int i = 0; i < REQUEST_ID_LENGTH; i++)
	{
		if (i % 12 == 0)
			bits = pg_prng_uint64(&pg_global_prng_state);
		id[i] = alphabet[bits & 31];
		bits >>= 5;
	}
	id[REQUEST_ID_LENGTH] = '\0';
	return id;
}

/* A web page of another origin may call.  Its browser first asks with OPTIONS, and we allow everything. */
static void
add_cors(DynHttpRequest *request)
{
	DynHttpReply *reply = &request->reply;
	DynStr		headers = dyn_http_header_find(request, "access-control-request-headers");
	DynStr		method = dyn_http_header_find(request, "access-control-request-method");

	if (dyn_http_header_find(request, "origin").len == 0)
		return;
	dyn_http_header_add(reply, "Access-Control-Allow-Origin", "*");
	dyn_http_header_add(reply, "Access-Control-Expose-Headers",
						"x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
	if (!dyn_text_equal_cstring(request->method, "OPTIONS"))
		return;
	/* The connection's pool has room for an echo, beside the request. */
	if (headers.len > 0 && headers.len <= 4096)
		dyn_http_header_add(reply, "Access-Control-Allow-Headers", dyn_text_to_cstring(headers));
	if (method.len > 0 && method.len <= 64)
		dyn_http_header_add(reply, "Access-Control-Allow-Methods", dyn_text_to_cstring(method));
	dyn_http_header_add(reply, "Access-Control-Max-Age", "172800");
}
