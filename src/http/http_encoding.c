/*
 * Compressed bodies, in and out.
 *
 * Both directions know gzip and deflate (the zlib format), as DynamoDB does.  A signature covers the body as it was
 * sent, and so does the checksum of a reply.  How Accept-Encoding is read, down to its malformed forms, was observed on
 * AWS.
 */
#include "postgres.h"

#include <limits.h>
#include <math.h>
#include <zlib.h>

#include "miscadmin.h"

#include "base/limits.h"
#include "http/http_encoding.h"
#include "http/http_header.h"

#define LEAST_REPLY 4096		/* shorter ones are sent as they are */
#define GZIP_WINDOW (15 + 16)	/* zlib's way to say gzip */
#define DEFLATE_WINDOW 15

typedef enum Encoding
{
	IDENTITY,
	GZIP,
	DEFLATE,
	OTHER
} Encoding;

typedef struct Choice
{
	Encoding	encoding;
	double		quality;
	bool		named[OTHER];	/* gzip and deflate: the header speaks of it */
	double		any_quality;	/* of "*"; negative: absent */
} Choice;

static DynHttpDecoded inflate_body(DynStr body, int window, bool many, DynStr *result);
static Encoding choose_encoding(const DynHttpRequest *request);
static void read_element(Choice *choice, DynStr element);
static void offer(Choice *choice, Encoding encoding, double quality);
static double read_quality(DynStr parameters);
static Encoding find_encoding(DynStr name);
static DynStr trim(DynStr text);
static voidpf zlib_allocate(voidpf unused, uInt items, uInt size);
static void zlib_free(voidpf unused, voidpf memory);

DynHttpDecoded
dyn_http_encoding_decode(const DynHttpRequest *request, DynStr *body)
{
	*body = request->body;
	switch (find_encoding(dyn_http_header_find(request, "content-encoding")))
	{
		case IDENTITY:
			return DYN_HTTP_DECODED;
		case GZIP:
			return inflate_body(request->body, GZIP_WINDOW, true, body);
		case DEFLATE:
			return inflate_body(request->body, DEFLATE_WINDOW, false, body);
		default:
			return DYN_HTTP_DECODED_INVALID;
	}
}

void
dyn_http_encoding_encode(DynHttpRequest *request)
{
	DynHttpReply *reply = &request->reply;
	z_stream	stream = {.zalloc = zlib_allocate, .zfree = zlib_free};
	Encoding	encoding;
	size_t		room;
	char	   *output;

	if (reply->length <= LEAST_REPLY || reply->length > INT_MAX)
		return;
	encoding = choose_encoding(request);
	if (encoding == IDENTITY)
		return;
	if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, encoding == GZIP ? GZIP_WINDOW : DEFLATE_WINDOW, 8,
					 Z_DEFAULT_STRATEGY) != Z_OK)
		return;					/* the reply is as good without */
	room = deflateBound(&stream, reply->length);
	output = MemoryContextAllocHuge(CurrentMemoryContext, room);
	stream.next_in = (Bytef *) unconstify(char *, reply->body);
	stream.avail_in = reply->length;
	stream.next_out = (Bytef *) output;
	stream.avail_out = room;
	if (deflate(&stream, Z_FINISH) == Z_STREAM_END)
	{
		reply->body = output;
		reply->length = stream.total_out;
		dyn_http_header_add(reply, "Content-Encoding", encoding == GZIP ? "gzip" : "deflate");
	}
	deflateEnd(&stream);
}

/* many: further streams may follow the first, as gzip allows. */
static DynHttpDecoded
inflate_body(DynStr body, int window, bool many, DynStr *result)
{
	z_stream	stream = {.zalloc = zlib_allocate, .zfree = zlib_free};
	size_t		capacity = Min((size_t) body.len * 4 + 1024, DYN_MAX_BODY_SIZE + 1);
	size_t		length = 0;
	char	   *output = palloc(capacity + 1);
	int			state = Z_OK;
	DynHttpDecoded outcome = DYN_HTTP_DECODED_INVALID;

	stream.next_in = (Bytef *) unconstify(char *, body.data);
	stream.avail_in = body.len;
	if (inflateInit2(&stream, window) != Z_OK)
		return DYN_HTTP_DECODED_INVALID;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (length == capacity)
		{
			if (capacity > DYN_MAX_BODY_SIZE)
			{
				outcome = DYN_HTTP_DECODED_TOO_LARGE;
				break;
			}
			capacity = Min(capacity * 2, DYN_MAX_BODY_SIZE + 1);
			output = repalloc(output, capacity + 1);
		}
		stream.next_out = (Bytef *) output + length;
		stream.avail_out = capacity - length;
		state = inflate(&stream, Z_NO_FLUSH);
		length = (char *) stream.next_out - output;
		if (state == Z_STREAM_END && stream.avail_in > 0 && many)
			state = inflateReset(&stream);
		else if (state == Z_STREAM_END && stream.avail_in == 0)
		{
			outcome = length > DYN_MAX_BODY_SIZE ? DYN_HTTP_DECODED_TOO_LARGE : DYN_HTTP_DECODED;
			break;
		}
		else if (state == Z_STREAM_END)
			break;				/* something follows that does not belong there */
		if (state != Z_OK && !(state == Z_BUF_ERROR && stream.avail_out == 0))
			break;
	}
	inflateEnd(&stream);
	output[length] = '\0';
	*result = (DynStr) {output, (int) length};
	return outcome;
}

/*
 * The best quality wins, the first of equals.  "*" stands behind everything that was named.  identity is no candidate:
 * a client that names it beside another encoding gets the other one.  The first of several such headers counts.
 */
static Encoding
choose_encoding(const DynHttpRequest *request)
{
	Choice		choice = {.encoding = IDENTITY, .quality = 0, .any_quality = -1};
	DynStr		header = dyn_http_header_find(request, "accept-encoding");
	const char *position = header.data;
	const char *end = position + header.len;

	while (position < end)
	{
		const char *comma = memchr(position, ',', end - position);

		if (comma == NULL)
			comma = end;
		read_element(&choice, (DynStr) {position, (int) (comma - position)});
		position = comma + 1;
	}
	if (choice.any_quality > 0 && !choice.named[GZIP])
		offer(&choice, GZIP, choice.any_quality);
	if (choice.any_quality > 0 && !choice.named[DEFLATE])
		offer(&choice, DEFLATE, choice.any_quality);
	return choice.encoding;
}

static void
read_element(Choice *choice, DynStr element)
{
	const char *semicolon = memchr(element.data, ';', element.len);
	DynStr		name = element;
	double		quality = 1;
	Encoding	encoding;

	if (semicolon != NULL)
	{
		name.len = semicolon - element.data;
		quality = read_quality((DynStr) {semicolon + 1, element.len - name.len - 1});
	}
	name = trim(name);
	encoding = find_encoding(name);
	if (dyn_text_equal_cstring(name, "*"))
		choice->any_quality = quality;
	else if (encoding == GZIP || encoding == DEFLATE)
	{
		choice->named[encoding] = true;
		offer(choice, encoding, quality);
	}
}

static void
offer(Choice *choice, Encoding encoding, double quality)
{
	if (quality <= choice->quality)
		return;
	choice->encoding = encoding;
	choice->quality = quality;
}

/* The number after the first "q=".  A text that is no number counts as if none were given. */
static double
read_quality(DynStr parameters)
{
	for (int i = 0; i + 1 < parameters.len; i++)
	{
		const char *start = parameters.data + i + 2;
		const char *semicolon;
		DynStr		number;
		char		text[16];
		char	   *end;
		double		quality;

		if (parameters.data[i] != 'q' || parameters.data[i + 1] != '=')
			continue;
		number = (DynStr) {start, parameters.len - i - 2};
		semicolon = memchr(start, ';', number.len);
		if (semicolon != NULL)
			number.len = semicolon - start;
		number = trim(number);
		if (number.len == 0 || number.len >= sizeof(text))
			return 1;
		memcpy(text, number.data, number.len);
		text[number.len] = '\0';
		quality = strtod(text, &end);
		return *end != '\0' || isnan(quality) ? 1 : Min(quality, 1);
	}
	return 1;
}

static Encoding
find_encoding(DynStr name)
{
	name = trim(name);
	if (name.len == 0 || (name.len == 8 && pg_strncasecmp(name.data, "identity", 8) == 0))
		return IDENTITY;
	if (name.len == 4 && pg_strncasecmp(name.data, "gzip", 4) == 0)
		return GZIP;
	if (name.len == 7 && pg_strncasecmp(name.data, "deflate", 7) == 0)
		return DEFLATE;
	return OTHER;
}

static DynStr
trim(DynStr text)
{
	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
	{
		text.data++;
		text.len--;
	}
	while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* zlib must not use malloc here: an error in between would leak it. */
static voidpf
zlib_allocate(voidpf unused, uInt items, uInt size)
{
	return palloc_extended((Size) items * size, MCXT_ALLOC_NO_OOM);
}

static void
zlib_free(voidpf unused, voidpf memory)
{
	pfree(memory);
}
