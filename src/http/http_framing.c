/*
 * Does everybody on the way read this request alike?
 *
 * A proxy, a firewall and this server may differ about a malformed request: where its body ends, which of two headers
 * counts, what stands behind a NUL.  An attacker who knows how they differ can hide a request from one of them in what
 * another takes for a body or a header.  So we refuse whatever can be read in two ways, even where RFC 9112 would let
 * us choose.
 *
 * libmicrohttpd before 1.0 is generous: it joins folded lines, takes a line feed alone for a line end, and cuts a
 * value at its first NUL.  But it works in place: each name and value stays where it has arrived, and the library
 * overwrites the separators with NULs.  So the distances tell whether anything else was there.  Between a name and its
 * value there must be exactly one byte (the colon) and white space, and between a value and the next name two bytes (a
 * line end).  Newer versions refuse all this themselves.
 */
#include "postgres.h"

#include "http/http_framing.h"

#define LINE_END 2
#define HEAD_ROOM (64 * 1024)	/* more than the memory of a request's head: anything farther away is elsewhere */

/* Fields that may come once: with two of them nobody knows which one counts. */
static const DynStr single_fields[] = {
	DYN_STR("host"), DYN_STR("content-length"), DYN_STR("transfer-encoding"),
	DYN_STR("authorization"), DYN_STR("content-encoding"), DYN_STR("content-type"), DYN_STR("date"),
	DYN_STR("x-amz-date"), DYN_STR("x-amz-security-token"), DYN_STR("x-amz-target"),
};

/* The places of those that are spoken of below. */
enum
{
	HOST,
	CONTENT_LENGTH,
	TRANSFER_ENCODING
};

/* What a byte may be part of: a name, a value. */
#define FIELD 1
#define TOKEN 3					/* which is also a part of values */
static const uint8 classes[256] = {
	['\t'] = FIELD,[' '] = FIELD,['!'] = TOKEN,['"'] = FIELD,['#' ... '\''] = TOKEN,['(' ... ')'] = FIELD,
	['*' ... '+'] = TOKEN,[','] = FIELD,['-' ... '.'] = TOKEN,['/'] = FIELD,['0' ... '9'] = TOKEN,[':' ... '@'] = FIELD,
	['A' ... 'Z'] = TOKEN,['[' ... ']'] = FIELD,['^' ... 'z'] = TOKEN,['{'] = FIELD,['|'] = TOKEN,['}'] = FIELD,
	['~'] = TOKEN,[0x80 ... 0xff] = FIELD,
};

static bool is_in_place(const DynHttpFraming *framing, DynStr name, DynStr value);
static bool is_token(DynStr text);
static bool is_field_value(DynStr text);
static bool is_http_1_0(const char *version);
static bool read_target(const DynHttpFraming *framing, DynStr method, DynStr *path);
static bool is_target_text(DynStr text);
static bool equals(DynStr text, DynStr any_case);

void
dyn_http_framing_begin(DynHttpFraming *framing, const char *method, DynStr target, const char *version, bool in_place)
{
	memset(framing, 0, sizeof(*framing));
	framing->in_place = in_place;
	if (!in_place)
		return;
	framing->doubtful = target.data != method + strlen(method) + 1 || version != target.data + target.len + 1;
	framing->next = version + strlen(version) + LINE_END;
}

void
dyn_http_framing_header(DynHttpFraming *framing, DynStr name, DynStr value)
{
	if (framing->in_place)
	{
		if (!is_in_place(framing, name, value))
			framing->doubtful = true;
		framing->next = value.data + value.len + LINE_END;
	}
	if (!is_token(name) || !is_field_value(value))
		framing->doubtful = true;
	for (int i = 0; i < lengthof(single_fields); i++)
	{
		if (!equals(name, single_fields[i]))
			continue;
		if (framing->seen & (1 << i))
			framing->doubtful = true;
		framing->seen |= 1 << i;
		if (i == HOST)
			framing->host = value;
		/* The library knows no other coding.  With white space behind this one, it would wait for ever. */
		else if (i == TRANSFER_ENCODING && equals(value, DYN_STR("chunked")))
			framing->chunked = true;
	}
}

bool
dyn_http_framing_end(DynHttpFraming *framing, DynStr method, DynStr *path, DynStr query, const char *version)
{
	bool		coded = (framing->seen & (1 << TRANSFER_ENCODING)) != 0;
	bool		counted = (framing->seen & (1 << CONTENT_LENGTH)) != 0;

	/* An empty line ended the head: the library also takes a line that begins with a colon for the end. */
	if (framing->in_place && !framing->doubtful && (framing->next[0] != '\0' || framing->next[1] != '\0'))
		framing->doubtful = true;
	while (framing->host.len > 0 && strchr(" \t", framing->host.data[framing->host.len - 1]) != NULL)
		framing->host.len--;
	if (coded && (!framing->chunked || counted || is_http_1_0(version)))
		framing->doubtful = true;
	if ((framing->seen & (1 << HOST)) == 0 && !is_http_1_0(version))
		framing->doubtful = true;
	if (!read_target(framing, method, path) || !is_target_text(*path) || !is_target_text(query))
		framing->doubtful = true;
	return !framing->doubtful;
}

/*
 * The body, or the first chunk's length, begins behind the last header and an empty line.  When the last value was cut
 * off, the NULs that cut it are in between; anything else has been refused as no header.
 */
bool
dyn_http_framing_body(const DynHttpFraming *framing, const char *data)
{
	const char *expected = framing->next + LINE_END;

	if (!framing->in_place || data <= expected || data - expected > HEAD_ROOM)
		return true;
	return framing->chunked && *expected != '\0';
}

static bool
is_in_place(const DynHttpFraming *framing, DynStr name, DynStr value)
{
	const char *position = name.data + name.len + 1;

	if (name.data != framing->next || value.data < position || value.data - position > HEAD_ROOM)
		return false;
	while (position < value.data && (*position == ' ' || *position == '\t'))
		position++;
	return position == value.data;
}

static bool
is_token(DynStr text)
{
	for (int i = 0; i < text.len; i++)
		if (classes[(unsigned char) text.data[i]] != TOKEN)
			return false;
	return text.len > 0;
}

static bool
is_field_value(DynStr text)
{
	for (int i = 0; i < text.len; i++)
		if (classes[(unsigned char) text.data[i]] == 0)
			return false;
	return true;
}

static bool
is_http_1_0(const char *version)
{
	return strcmp(version, "HTTP/1.0") == 0;
}

/*
 * "/path", "*" to ask for the server's options, or "http://host/path" as one asks a proxy.  The host of the last form
 * must equal that of the header.
 */
static bool
read_target(const DynHttpFraming *framing, DynStr method, DynStr *path)
{
	static const DynStr schemes[] = {DYN_STR("http://"), DYN_STR("https://")};

	if (path->len > 0 && path->data[0] == '/')
		return true;
	if (dyn_text_equal_cstring(*path, "*"))
		return dyn_text_equal_cstring(method, "OPTIONS");
	for (int i = 0; i < lengthof(schemes); i++)
	{
		DynStr		rest = {path->data + schemes[i].len, path->len - schemes[i].len};
		const char *slash;

		if (rest.len <= 0 || !equals((DynStr) {path->data, schemes[i].len}, schemes[i]))
			continue;
		slash = memchr(rest.data, '/', rest.len);
		if (!equals((DynStr) {rest.data, slash != NULL ? slash - rest.data : rest.len}, framing->host))
			return false;
		*path = slash != NULL ? (DynStr) {slash, path->data + path->len - slash} : DYN_STR("/");
		return true;
	}
	return false;
}

/* No white space, no control bytes, and no fragment, because clients do not send fragments. */
static bool
is_target_text(DynStr text)
{
	for (int i = 0; i < text.len; i++)
	{
		unsigned char c = text.data[i];

		if (c <= ' ' || c == 0x7f || c == '#')
			return false;
	}
	return true;
}

static bool
equals(DynStr text, DynStr any_case)
{
	return text.len == any_case.len && pg_strncasecmp(text.data, any_case.data, text.len) == 0;
}
