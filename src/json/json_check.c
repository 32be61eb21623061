/*
 * Decides whether a text is JSON, and rewrites the few things in valid JSON that cJSON or jsonb cannot take.
 *
 * The check is one pass without recursion over the grammar of RFC 8259; most documents need nothing else.
 */
#include "postgres.h"

#include <ctype.h>
#include <float.h>

#include "common/shortest_dec.h"
#include "mb/pg_wchar.h"

#include "json/json_check.h"
#include "json/json_write.h"

#define MAX_PLAIN_NUMBER 60		/* cJSON copies a number to a buffer of 64 bytes and would cut a longer one */

typedef struct Scan
{
	const char *at;
	const char *end;
	bool		stored_form;
	bool		rewrite;
	bool		decimals;
} Scan;

static bool scan_document(Scan *scan);
static bool scan_scalar(Scan *scan);
static bool scan_string(Scan *scan);
static bool scan_number(Scan *scan);
static int	special_character(const char *at, const char *end, int *size);
static const char *rewrite_special(StringInfo out, const char *at, const char *end, bool stored_form, bool for_jsonb);
static void rewrite_number(StringInfo out, const char *text, int len);

bool
dyn_json_check_document(const char *text, int len, bool stored_form, bool *rewrite, bool *decimals)
{
	Scan		scan = {text, text + len, stored_form, false, false};
	/* the verifier also refuses NUL bytes */
	bool		valid = pg_encoding_verifymbstr(PG_UTF8, text, len) == len && scan_document(&scan);

	*rewrite = scan.rewrite;
	*decimals = scan.decimals;
	return valid;
}

const char *
dyn_json_check_next_number(const char *at, const char *end, int *length)
{
	bool		in_string = false;

	for (; at < end; at++)
	{
		if (in_string && *at == '\\')
			at++;
		else if (*at == '"')
			in_string = !in_string;
		else if (!in_string && (*at == '-' || (*at >= '0' && *at <= '9')))
			break;
	}
	for (*length = 0; at + *length < end && at[*length] != '\0' && strchr("0123456789+-.eE", at[*length]); (*length)++)
		;
	return Min(at, end);
}

void
dyn_json_check_rewrite(StringInfo out, const char *text, int len, bool stored_form, bool for_jsonb)
{
	const char *at = text;
	const char *end = text + len;
	bool		in_string = false;

	enlargeStringInfo(out, len);
	while (at < end)
	{
		int			size = 1;

		if (!in_string)
		{
			if (!for_jsonb && (*at == '-' || (*at >= '0' && *at <= '9')))
			{
				while (at + size < end && strchr("0123456789+-.eE", at[size]) && at[size] != '\0')
					size++;
				rewrite_number(out, at, size);
				at += size;
				continue;
			}
			in_string = *at == '"';
		}
		else if (*at == '"')
			in_string = false;
		else if (special_character(at, end, &size) <= 1)
		{
			at = rewrite_special(out, at, end, stored_form, for_jsonb);
			continue;
		}
		else if (*at == '\\' && size == 1)
			size = 2;
		else if (size == 1)
		{
			size = dyn_json_write_plain_run(at, end - at);
			size = Max(size, 1);
		}
		appendBinaryStringInfo(out, at, size);
		at += size;
	}
}

static inline void
skip_space(Scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
}

static inline bool
skip_byte(Scan *scan, char byte)
{
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

/* Is the text from at to end one JSON document?  closers[] holds the bracket that ends each open container. */
static bool
scan_document(Scan *scan)
{
	char		closers[DYN_JSON_MAX_DEPTH];
	int			depth = 0;

	for (;;)
	{
		bool		complete = true;	/* a value has ended: look at what may follow it */

		skip_space(scan);
		if (depth > 0 && closers[depth - 1] == '}')
		{
			if (!scan_string(scan))
				return false;
			skip_space(scan);
			if (!skip_byte(scan, ':'))
				return false;
			skip_space(scan);
		}
		if (scan->at == scan->end)
			return false;
		if (*scan->at == '{' || *scan->at == '[')
		{
			if (depth == DYN_JSON_MAX_DEPTH)
				return false;
			closers[depth++] = *scan->at++ == '{' ? '}' : ']';
			skip_space(scan);
			complete = scan->at < scan->end && *scan->at == closers[depth - 1];
			if (complete)
			{
				scan->at++;
				depth--;
			}
		}
		else if (!scan_scalar(scan))
			return false;

		while (complete)
		{
			skip_space(scan);
			if (depth == 0)
				return scan->at == scan->end;
			if (skip_byte(scan, ','))
				break;
			if (!skip_byte(scan, closers[depth - 1]))
				return false;
			depth--;
		}
	}
}

static bool
scan_scalar(Scan *scan)
{
	const char *literal;

	switch (*scan->at)
	{
		case '"':
			return scan_string(scan);
		case 't':
			literal = "true";
			break;
		case 'f':
			literal = "false";
			break;
		case 'n':
			literal = "null";
			break;
		default:
			return scan_number(scan);
	}
	for (; *literal != '\0'; literal++)
	{
		if (!skip_byte(scan, *literal))
			return false;
	}
	return true;
}

/* A raw U+0001 and U+0002 may stand in stored form alone. */
static bool
scan_string(Scan *scan)
{
	if (!skip_byte(scan, '"'))
		return false;
	for (;;)
	{
		scan->at += dyn_json_write_plain_run(scan->at, scan->end - scan->at);
		if (scan->at == scan->end)
			return false;
		if (skip_byte(scan, '"'))
			return true;
		if (*scan->at == '\\')
		{
			if (scan->end - scan->at < 2)
				return false;
			if (scan->at[1] == 'u')
			{
				if (scan->end - scan->at < 6)
					return false;
				for (int i = 2; i < 6; i++)
				{
					if (!isxdigit((unsigned char) scan->at[i]))
						return false;
				}
				if (memcmp(scan->at, "\\u000", 5) == 0 && scan->at[5] <= '1')
					scan->rewrite = true;
				scan->at += 6;
			}
			else if (scan->at[1] != '\0' && strchr("\"\\/bfnrt", scan->at[1]))
				scan->at += 2;
			else
				return false;
		}
		else if (scan->stored_form && (*scan->at == 1 || *scan->at == 2))
		{
			scan->rewrite = true;
			scan->at++;
		}
		else
			return false;
	}
}

static bool
scan_digits(Scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > start;
}

static bool
scan_number(Scan *scan)
{
	const char *start = scan->at;

	skip_byte(scan, '-');
	if (!skip_byte(scan, '0') && !scan_digits(scan))
		return false;
	if (skip_byte(scan, '.'))
	{
		scan->decimals = true;
		if (!scan_digits(scan))
			return false;
	}
	if (skip_byte(scan, 'e') || skip_byte(scan, 'E'))
	{
		scan->decimals = true;
		if (!skip_byte(scan, '+'))
			skip_byte(scan, '-');
		if (!scan_digits(scan))
			return false;
	}
	if (scan->at - start > MAX_PLAIN_NUMBER)
		scan->rewrite = true;
	return true;
}

/* Which of U+0000 to U+0002 is at the place, raw or escaped, and the size of its spelling; otherwise 3. */
static int
special_character(const char *at, const char *end, int *size)
{
	*size = 1;
	if (at < end && *at > 0 && *at <= 2)
		return *at;
	if (end - at >= 6 && memcmp(at, "\\u000", 5) == 0 && at[5] <= '2')
	{
		*size = 6;
		return at[5] - '0';
	}
	return 3;
}

/* at is a U+0000 or U+0001; returns what follows it (and the second half of its pair). */
static const char *
rewrite_special(StringInfo out, const char *at, const char *end, bool stored_form, bool for_jsonb)
{
	int			size;
	int			character = special_character(at, end, &size);

	at += size;
	if (stored_form && character == 1)
	{
		int			second = special_character(at, end, &size);

		if (second == 1 || second == 2)
		{
			character = second - 1;
			at += size;
		}
	}
	if (for_jsonb)
		appendStringInfo(out, "\\u0001\\u000%d", character + 1);
	else
	{
		appendStringInfoCharMacro(out, 1);
		appendStringInfoCharMacro(out, character + 1);
	}
	return at;
}

/* A number with more bytes than cJSON takes becomes the same double in fewer. */
static void
rewrite_number(StringInfo out, const char *text, int len)
{
	char		shortest[DOUBLE_SHORTEST_DECIMAL_LEN];
	double		value;

	if (len <= MAX_PLAIN_NUMBER)
	{
		appendBinaryStringInfo(out, text, len);
		return;
	}
	value = strtod(dyn_text_to_cstring((DynStr) {text, len}), NULL);
	double_to_shortest_decimal_buf(Max(Min(value, DBL_MAX), -DBL_MAX), shortest);
	appendStringInfoString(out, shortest);
}
