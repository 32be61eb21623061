/*
 * Writes JSON straight onto a StringInfo.
 *
 * Everything a client receives goes through here.  So the only loop that matters for speed, the search for bytes to
 * escape, looks at eight bytes at a time.
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "json/json_write.h"

#define ONES UINT64CONST(0x0101010101010101)
#define HIGHS UINT64CONST(0x8080808080808080)

static inline void separate(StringInfo out);
static inline bool needs_escape(unsigned char c);
static void write_escape(StringInfo out, unsigned char c);

void
dyn_json_write_object_start(StringInfo out)
{
	separate(out);
	appendStringInfoCharMacro(out, '{');
}

void
dyn_json_write_object_end(StringInfo out)
{
	appendStringInfoCharMacro(out, '}');
}

void
dyn_json_write_array_start(StringInfo out)
{
	separate(out);
	appendStringInfoCharMacro(out, '[');
}

void
dyn_json_write_array_end(StringInfo out)
{
	appendStringInfoCharMacro(out, ']');
}

void
dyn_json_write_name(StringInfo out, DynStr name)
{
	separate(out);
	dyn_json_write_quoted(out, name);
	appendStringInfoCharMacro(out, ':');
}

void
dyn_json_write_member(StringInfo out, const char *name)
{
	separate(out);
	appendStringInfoCharMacro(out, '"');
	appendStringInfoString(out, name);
	appendBinaryStringInfo(out, "\":", 2);
}

void
dyn_json_write_string(StringInfo out, DynStr value)
{
	separate(out);
	dyn_json_write_quoted(out, value);
}

void
dyn_json_write_cstring(StringInfo out, const char *value)
{
	dyn_json_write_string(out, dyn_text_from_cstring(value));
}

void
dyn_json_write_integer(StringInfo out, int64 value)
{
	char		text[MAXINT8LEN + 1];

	separate(out);
	appendBinaryStringInfo(out, text, pg_lltoa(value, text));
}

/* JSON knows neither infinity nor NaN; null stands for them. */
void
dyn_json_write_double(StringInfo out, double value)
{
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	separate(out);
	if (!isfinite(value))
	{
		appendBinaryStringInfo(out, "null", 4);
		return;
	}
	double_to_shortest_decimal_buf(value, text);
	appendStringInfoString(out, text);
	if (strpbrk(text, ".e") == NULL)
		appendBinaryStringInfo(out, ".0", 2);
}

void
dyn_json_write_boolean(StringInfo out, bool value)
{
	separate(out);
	if (value)
		appendBinaryStringInfo(out, "true", 4);
	else
		appendBinaryStringInfo(out, "false", 5);
}

void
dyn_json_write_null(StringInfo out)
{
	separate(out);
	appendBinaryStringInfo(out, "null", 4);
}

void
dyn_json_write_raw(StringInfo out, const char *json, int len)
{
	separate(out);
	appendBinaryStringInfo(out, json, len);
}

void
dyn_json_write_quoted(StringInfo out, DynStr value)
{
	const char *at = value.data;
	int			left = value.len;

	appendStringInfoCharMacro(out, '"');
	while (left > 0)
	{
		int			run = dyn_json_write_plain_run(at, left);

		appendBinaryStringInfo(out, at, run);
		at += run;
		left -= run;
		while (left > 0 && needs_escape(*at))
		{
			write_escape(out, *at);
			at++;
			left--;
		}
	}
	appendStringInfoCharMacro(out, '"');
}

void
dyn_json_write_string_member(StringInfo out, const char *name, const char *value)
{
	dyn_json_write_member(out, name);
	dyn_json_write_cstring(out, value);
}

void
dyn_json_write_integer_member(StringInfo out, const char *name, int64 value)
{
	dyn_json_write_member(out, name);
	dyn_json_write_integer(out, value);
}

void
dyn_json_write_double_member(StringInfo out, const char *name, double value)
{
	dyn_json_write_member(out, name);
	dyn_json_write_double(out, value);
}

void
dyn_json_write_boolean_member(StringInfo out, const char *name, bool value)
{
	dyn_json_write_member(out, name);
	dyn_json_write_boolean(out, value);
}

/*
 * x - ONES * n sets the high bit of a byte below n (and of nothing before the first such byte) unless the byte has its
 * high bit set anyway; x ^ pattern is zero where a byte equals the pattern.
 */
int
dyn_json_write_plain_run(const char *data, int len)
{
	int			i = 0;

	for (; i + 8 <= len; i += 8)
	{
		uint64		x;
		uint64		quote;
		uint64		backslash;

		memcpy(&x, data + i, 8);
		quote = x ^ (ONES * '"');
		backslash = x ^ (ONES * '\\');
		if ((((x - ONES * 0x20) & ~x) | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & HIGHS)
			break;
	}
	while (i < len && !needs_escape(data[i]))
		i++;
	return i;
}

/*
 * Appends a comma where one is needed.  A quoted text ends in a quote, so a bracket or colon as last byte is always
 * syntax.
 */
static inline void
separate(StringInfo out)
{
	if (out->len > 0)
	{
		char		last = out->data[out->len - 1];

		if (last != '{' && last != '[' && last != ':')
			appendStringInfoCharMacro(out, ',');
	}
}

static inline bool
needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

static void
write_escape(StringInfo out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char		text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

	switch (c)
	{
		case '"':
		case '\\':
			text[1] = c;
			break;
		case '\b':
			text[1] = 'b';
			break;
		case '\f':
			text[1] = 'f';
			break;
		case '\n':
			text[1] = 'n';
			break;
		case '\r':
			text[1] = 'r';
			break;
		case '\t':
			text[1] = 't';
			break;
	}
	appendBinaryStringInfo(out, text, text[1] == 'u' ? 6 : 2);
}
