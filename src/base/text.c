/*
 * Counted strings: comparison, UTF-8, the stored form, base64.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem(); linear, where a search of our own would have a quadratic worst case */
#endif
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "base/text.h"

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* the value of each base64 digit; -1 for every other byte */
static const int8 base64_value[256] = {
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, -1, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
	-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1,
	-1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

static int	valid_character(const unsigned char *s, int left);

DynStr
dyn_text_from_cstring(const char *text)
{
	return (DynStr) {text, (int) strlen(text)};
}

char *
dyn_text_to_cstring(DynStr text)
{
	char	   *copy = palloc(text.len + 1);

	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

DynStr
dyn_text_copy(DynStr text)
{
	return (DynStr) {dyn_text_to_cstring(text), text.len};
}

bool
dyn_text_equal(DynStr a, DynStr b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

bool
dyn_text_equal_cstring(DynStr a, const char *b)
{
	return dyn_text_equal(a, dyn_text_from_cstring(b));
}

int
dyn_text_compare(DynStr a, DynStr b)
{
	int			order = memcmp(a.data, b.data, Min(a.len, b.len));

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool
dyn_text_starts_with(DynStr text, DynStr prefix)
{
	return text.len >= prefix.len && memcmp(text.data, prefix.data, prefix.len) == 0;
}

bool
dyn_text_contains(DynStr text, DynStr part)
{
	return memmem(text.data, text.len, part.data, part.len) != NULL;
}

int
dyn_text_length(DynStr text)
{
	int			count = 0;

	for (int i = 0; i < text.len; i++)
		count += ((unsigned char) text.data[i] & 0xC0) != 0x80;
	return count;
}

/*
 * PostgreSQL's verifier treats a NUL byte as an error.  Here it is valid; only JSON documents must not contain one
 * raw.
 */
bool
dyn_text_is_utf8(DynStr text)
{
	const char *at = text.data;
	int			left = text.len;

	for (;;)
	{
		int			valid = pg_encoding_verifymbstr(PG_UTF8, at, left);

		at += valid;
		left -= valid;
		if (left == 0)
			return true;
		if (*at != '\0')
			return false;
		at++;
		left--;
	}
}

char *
dyn_text_format(const char *format, va_list args)
{
	StringInfoData text;

	initStringInfo(&text);
	for (;;)
	{
		va_list		copy;
		int			needed;

		va_copy(copy, args);
		needed = appendStringInfoVA(&text, format, copy);
		va_end(copy);
		if (needed == 0)
			return text.data;
		enlargeStringInfo(&text, needed);
	}
}

char *
dyn_text_printable(DynStr text)
{
	StringInfoData out;
	const unsigned char *at = (const unsigned char *) text.data;
	int			left = text.len;

	initStringInfo(&out);
	while (left > 0)
	{
		int			size = valid_character(at, left);
		bool		control = *at < 0x20 || *at == 0x7F || (size == 2 && *at == 0xC2 && at[1] < 0xA0);

		if (size > 0 && !control)
			appendBinaryStringInfo(&out, (const char *) at, size);
		else
		{
			size = Max(size, 1);
			for (int i = 0; i < size; i++)
				appendStringInfo(&out, "\\x%02x", at[i]);
		}
		at += size;
		left -= size;
	}
	return out.data;
}

DynStr
dyn_text_to_stored(DynStr text)
{
	int			special = 0;
	char	   *stored;
	char	   *out;

	for (int i = 0; i < text.len; i++)
		special += (unsigned char) text.data[i] <= 1;
	if (special == 0)
		return text;

	stored = palloc((Size) text.len + special + 1);
	out = stored;
	for (int i = 0; i < text.len; i++)
	{
		if ((unsigned char) text.data[i] <= 1)
		{
			*out++ = 1;
			*out++ = text.data[i] + 1;
		}
		else
			*out++ = text.data[i];
	}
	*out = '\0';
	return (DynStr) {stored, (int) (out - stored)};
}

DynStr
dyn_text_from_stored(DynStr text)
{
	const char *end = text.data + text.len;
	const char *at = text.len > 0 ? memchr(text.data, 1, text.len) : NULL;
	char	   *plain;
	char	   *out;

	if (at == NULL)
		return text;

	plain = palloc((Size) text.len + 1);
	memcpy(plain, text.data, at - text.data);
	out = plain + (at - text.data);
	while (at < end)
	{
		if (*at == 1 && at + 1 < end && (at[1] == 1 || at[1] == 2))
		{
			*out++ = at[1] - 1;
			at += 2;
		}
		else
			*out++ = *at++;
	}
	*out = '\0';
	return (DynStr) {plain, (int) (out - plain)};
}

void
dyn_text_append_base64(StringInfo out, DynStr bytes)
{
	const unsigned char *in = (const unsigned char *) bytes.data;
	Size		encoded = ((Size) bytes.len + 2) / 3 * 4;
	int			whole = bytes.len - bytes.len % 3;
	char	   *to;

	if (encoded > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("binary value is too long to be encoded")));
	enlargeStringInfo(out, (int) encoded);
	to = out->data + out->len;
	for (int i = 0; i < whole; i += 3)
	{
		uint32		bits = (in[i] << 16) | (in[i + 1] << 8) | in[i + 2];

		*to++ = base64_alphabet[bits >> 18];
		*to++ = base64_alphabet[(bits >> 12) & 63];
		*to++ = base64_alphabet[(bits >> 6) & 63];
		*to++ = base64_alphabet[bits & 63];
	}
	if (whole < bytes.len)
	{
		bool		two = bytes.len - whole == 2;
		uint32		bits = (in[whole] << 16) | (two ? in[whole + 1] << 8 : 0);

		*to++ = base64_alphabet[bits >> 18];
		*to++ = base64_alphabet[(bits >> 12) & 63];
		*to++ = two ? base64_alphabet[(bits >> 6) & 63] : '=';
		*to++ = '=';
	}
	*to = '\0';
	out->len += (int) encoded;
}

/*
 * Strict: whole groups of four, padding at the end alone, and no stray bits in front of it, so that one value has one
 * encoding.
 */
bool
dyn_text_decode_base64(DynStr text, DynStr *bytes)
{
	const unsigned char *in = (const unsigned char *) text.data;
	int			digits = text.len;
	char	   *decoded;
	char	   *out;

	if (text.len % 4 != 0)
		return false;
	while (digits > 0 && text.len - digits < 2 && in[digits - 1] == '=')
		digits--;

	decoded = palloc((Size) text.len / 4 * 3 + 1);
	out = decoded;
	for (int i = 0; i < digits; i += 4)
	{
		int			count = Min(digits - i, 4);
		uint32		bits = 0;

		for (int j = 0; j < 4; j++)
		{
			int			value = j < count ? base64_value[in[i + j]] : 0;

			if (value < 0)
				return false;
			bits = (bits << 6) | value;
		}
		if ((count == 2 && (bits & 0xFFFF) != 0) || (count == 3 && (bits & 0xFF) != 0))
			return false;
		*out++ = bits >> 16;
		if (count > 2)
			*out++ = (bits >> 8) & 0xFF;
		if (count > 3)
			*out++ = bits & 0xFF;
	}
	*out = '\0';
	*bytes = (DynStr) {decoded, (int) (out - decoded)};
	return true;
}

/* String.hashCode() of its UTF-16 units, spread as HashMap does it */
static uint32
java_hash(DynStr text)
{
	const unsigned char *s = (const unsigned char *) text.data;
	uint32		hash = 0;

	for (int i = 0; i < text.len; i += pg_utf_mblen(s + i))
	{
		pg_wchar	c = utf8_to_unicode(s + i);

		if (c >= 0x10000)
		{
			hash = hash * 31 + (0xD800 + ((c - 0x10000) >> 10));
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		hash = hash * 31 + c;
	}
	return hash ^ (hash >> 16);
}

typedef struct Placed
{
	uint32		place;
	int			position;
	DynStr		text;
} Placed;

static int
compare_placed(const void *a, const void *b)
{
	const Placed *one = a;
	const Placed *two = b;

	if (one->place != two->place)
		return one->place < two->place ? -1 : 1;
	return one->position - two->position;
}

char *
dyn_text_list_set(DynStr *texts, int count, int set_size)
{
	Placed	   *placed = palloc(sizeof(Placed) * Max(count, 1));
	int64		places = 16;
	StringInfoData list;

	while (places * 3 / 4 < set_size)
		places *= 2;
	for (int i = 0; i < count; i++)
		placed[i] = (Placed) {java_hash(texts[i]) & (places - 1), i, texts[i]};
	qsort(placed, count, sizeof(Placed), compare_placed);
	initStringInfo(&list);
	for (int i = 0; i < count; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", dyn_text_printable(placed[i].text));
	pfree(placed);
	return list.data;
}

/* The length of the UTF-8 character that begins at s, or 0 when none does. */
static int
valid_character(const unsigned char *s, int left)
{
	int			size = pg_utf_mblen(s);

	return size <= left && pg_utf8_islegal(s, size) ? size : 0;
}
