/*
 * Signature Version 4's canonical request: what both sides hash, so that a proxy may reorder or refold a request.
 *
 *	POST					method
 *	/						path: dot segments and double slashes removed, percent-encoded once more
 *	a=1&b=2					query: decoded, encoded again in one way, sorted; X-Amz-Signature left out
 *	host:localhost			signed headers: lower case, sorted, white space folded, repeated ones joined by commas
 *	x-amz-date:2026...
 *							(an empty line)
 *	host;x-amz-date			their names
 *	e3b0c442...				SHA-256 of the body
 *
 * All of it comes from strangers and is read before anything proves who they are.  Each header goes out at most once,
 * however often its name is listed, and sorting has no bad case, so the work stays in proportion to the request.
 */
#include "postgres.h"

#include "base/sha256.h"
#include "auth/sigv4_canonical.h"

/* Something to sort: by first, then by second. */
typedef struct Pair
{
	DynStr		first;
	DynStr		second;
} Pair;

static void append_path(StringInfo out, DynStr path);
static void append_query(StringInfo out, const DynQueryParameter *parameters, int count);
static void append_headers(StringInfo out, const DynSignedRequest *request, const DynSignedNames *names);
static void append_header_value(StringInfo out, DynStr value);
static void append(StringInfo out, DynStr text);
static DynStr encode(DynStr text);
static bool is_unreserved(char c);
static DynStr decode(DynStr text);
static int	hex_value(char c);
static int	find_name(const DynSignedNames *names, DynStr name);
static int	compare_lower(DynStr any_case, DynStr lower);
static void sort_pairs(Pair *pairs, int count);
static int	compare_pairs(const Pair *a, const Pair *b);

int
dyn_sigv4_canonical_read_query(DynStr query, DynQueryParameter **parameters)
{
	int			count = 0;
	int			capacity = 1;
	int			start = 0;

	*parameters = NULL;
	if (query.len == 0)
		return 0;
	for (int i = 0; i < query.len; i++)
		capacity += query.data[i] == '&';
	*parameters = palloc_extended(capacity * sizeof(DynQueryParameter), MCXT_ALLOC_HUGE);

	while (start < query.len)
	{
		const char *part = query.data + start;
		const char *end = memchr(part, '&', query.len - start);
		int			len = end ? end - part : query.len - start;
		const char *equals = memchr(part, '=', len);
		int			name_len = equals ? equals - part : len;
		int			value_start = equals ? name_len + 1 : len;

		if (len > 0)
			(*parameters)[count++] = (DynQueryParameter) {
				decode((DynStr) {part, name_len}),
				decode((DynStr) {part + value_start, len - value_start})
			};
		start += len + 1;
	}
	return count;
}

void
dyn_sigv4_canonical_read_names(DynStr list, DynSignedNames *names)
{
	char	   *lower = palloc(list.len + 1);
	int			capacity = 1;
	int			count = 0;
	int			start = 0;
	Pair	   *pairs;

	for (int i = 0; i < list.len; i++)
	{
		lower[i] = list.data[i] >= 'A' && list.data[i] <= 'Z' ? list.data[i] + ('a' - 'A') : list.data[i];
		capacity += list.data[i] == ';';
	}
	pairs = palloc_extended(capacity * sizeof(Pair), MCXT_ALLOC_HUGE);
	while (start < list.len)
	{
		const char *end = memchr(lower + start, ';', list.len - start);
		int			len = end ? end - (lower + start) : list.len - start;

		if (len > 0)
			pairs[count++] = (Pair) {{lower + start, len}, {"", 0}};
		start += len + 1;
	}
	sort_pairs(pairs, count);

	names->count = 0;
	names->names = palloc_extended(capacity * sizeof(DynStr), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		if (i == 0 || !dyn_text_equal(pairs[i].first, pairs[i - 1].first))
			names->names[names->count++] = pairs[i].first;
}

bool
dyn_sigv4_canonical_has_name(const DynSignedNames *names, DynStr name)
{
	return find_name(names, name) >= 0;
}

void
dyn_sigv4_canonical_append(StringInfo out, const DynSignedRequest *request,
						   const DynQueryParameter *parameters, int parameter_count, const DynSignedNames *names)
{
	uint8		digest[DYN_SHA256_SIZE];

	append(out, request->method);
	appendStringInfoChar(out, '\n');
	append_path(out, request->path);
	appendStringInfoChar(out, '\n');
	append_query(out, parameters, parameter_count);
	appendStringInfoChar(out, '\n');
	append_headers(out, request, names);
	appendStringInfoChar(out, '\n');
	for (int i = 0; i < names->count; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ';');
		append(out, names->names[i]);
	}
	appendStringInfoChar(out, '\n');
	dyn_sha256_digest(request->body, digest);
	dyn_sha256_append_hex(out, digest);
}

/*
 * The path is on the wire percent-encoded already; all services but S3 encode it once more.  "." goes, ".." takes the
 * segment before it along, empty segments go, and a slash at the end stays.
 */
static void
append_path(StringInfo out, DynStr path)
{
	DynStr	   *segments;
	int			capacity = 1;
	int			count = 0;
	int			start = 0;

	if (path.len == 0 || dyn_text_equal(path, DYN_STR("/")))
	{
		appendStringInfoChar(out, '/');
		return;
	}
	for (int i = 0; i < path.len; i++)
		capacity += path.data[i] == '/';
	segments = palloc_extended(capacity * sizeof(DynStr), MCXT_ALLOC_HUGE);
	while (start < path.len)
	{
		const char *end = memchr(path.data + start, '/', path.len - start);
		DynStr		segment = {path.data + start, end ? end - (path.data + start) : path.len - start};

		if (dyn_text_equal(segment, DYN_STR("..")))
			count = Max(count - 1, 0);
		else if (segment.len > 0 && !dyn_text_equal(segment, DYN_STR(".")))
			segments[count++] = segment;
		start += segment.len + 1;
	}
	for (int i = 0; i < count; i++)
	{
		appendStringInfoChar(out, '/');
		append(out, encode(segments[i]));
	}
	if (count == 0 || path.data[path.len - 1] == '/')
		appendStringInfoChar(out, '/');
}

static void
append_query(StringInfo out, const DynQueryParameter *parameters, int count)
{
	Pair	   *pairs;
	int			pair_count = 0;

	if (count == 0)
		return;
	pairs = palloc_extended(count * sizeof(Pair), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		if (!dyn_text_equal(parameters[i].name, DYN_STR("X-Amz-Signature")))
			pairs[pair_count++] = (Pair) {encode(parameters[i].name), encode(parameters[i].value)};
	sort_pairs(pairs, pair_count);
	for (int i = 0; i < pair_count; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, '&');
		append(out, pairs[i].first);
		appendStringInfoChar(out, '=');
		append(out, pairs[i].second);
	}
}

/* Chains the headers of each signed name, in the order received, so that no name looks through all headers. */
static void
append_headers(StringInfo out, const DynSignedRequest *request, const DynSignedNames *names)
{
	int		   *first = palloc_extended((names->count + 1) * sizeof(int), MCXT_ALLOC_HUGE);
	int		   *next = palloc_extended((request->header_count + 1) * sizeof(int), MCXT_ALLOC_HUGE);

	for (int i = 0; i < names->count; i++)
		first[i] = -1;
	for (int header = request->header_count - 1; header >= 0; header--)
	{
		int			name = find_name(names, request->headers[header].name);

		if (name < 0)
			continue;
		next[header] = first[name];
		first[name] = header;
	}

	for (int i = 0; i < names->count; i++)
	{
		append(out, names->names[i]);
		appendStringInfoChar(out, ':');
		for (int header = first[i]; header >= 0; header = next[header])
		{
			if (header != first[i])
				appendStringInfoChar(out, ',');
			append_header_value(out, request->headers[header].value);
		}
		appendStringInfoChar(out, '\n');
	}
}

/*
 * Trims, and makes each run of white space one space.  A line end counts as white space too: no value can pretend to be
 * the next line of the canonical request.
 */
static void
append_header_value(StringInfo out, DynStr value)
{
	int			start = out->len;
	bool		space = false;

	enlargeStringInfo(out, value.len + 1);
	for (int i = 0; i < value.len; i++)
	{
		char		c = value.data[i];

		if (c == ' ' || (c >= '\t' && c <= '\r'))
		{
			space = true;
			continue;
		}
		if (space && out->len > start)
			out->data[out->len++] = ' ';
		space = false;
		out->data[out->len++] = c;
	}
	out->data[out->len] = '\0';
}

static void
append(StringInfo out, DynStr text)
{
	appendBinaryStringInfo(out, text.data, text.len);
}

/* Percent-encodes everything but the unreserved characters; text itself when there is nothing to encode. */
static DynStr
encode(DynStr text)
{
	static const char digits[] = "0123456789ABCDEF";
	int			special = 0;
	char	   *encoded;
	char	   *to;

	for (int i = 0; i < text.len; i++)
		special += !is_unreserved(text.data[i]);
	if (special == 0)
		return text;

	encoded = palloc((Size) text.len + 2 * (Size) special);
	to = encoded;
	for (int i = 0; i < text.len; i++)
	{
		unsigned char c = text.data[i];

		if (is_unreserved(c))
		{
			*to++ = c;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return (DynStr) {encoded, (int) (to - encoded)};
}

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '_' || c == '.' || c == '~';
}

static DynStr
decode(DynStr text)
{
	char	   *decoded;
	int			len = 0;

	if (memchr(text.data, '%', text.len) == NULL && memchr(text.data, '+', text.len) == NULL)
		return text;
	decoded = palloc(text.len + 1);
	for (int i = 0; i < text.len; i++)
	{
		char		c = text.data[i];

		if (c == '+')
			c = ' ';
		else if (c == '%' && i + 2 < text.len && hex_value(text.data[i + 1]) >= 0 && hex_value(text.data[i + 2]) >= 0)
		{
			c = (char) (hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2]));
			i += 2;
		}
		decoded[len++] = c;
	}
	return (DynStr) {decoded, len};
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

/* The index of a name, given in any case; -1 when it is not signed. */
static int
find_name(const DynSignedNames *names, DynStr name)
{
	int			low = 0;
	int			high = names->count - 1;

	while (low <= high)
	{
		int			middle = low + (high - low) / 2;
		int			order = compare_lower(name, names->names[middle]);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

static int
compare_lower(DynStr any_case, DynStr lower)
{
	int			len = Min(any_case.len, lower.len);

	for (int i = 0; i < len; i++)
	{
		unsigned char c = any_case.data[i];
		unsigned char other = lower.data[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != other)
			return c < other ? -1 : 1;
	}
	return any_case.len < lower.len ? -1 : any_case.len > lower.len;
}

/* A merge sort from the bottom up.  The server's qsort can be driven to quadratic time by a chosen input. */
static void
sort_pairs(Pair *pairs, int count)
{
	bool		sorted = true;
	Pair	   *from = pairs;
	Pair	   *to;

	for (int i = 1; i < count && sorted; i++)
		sorted = compare_pairs(&pairs[i - 1], &pairs[i]) <= 0;
	if (sorted)
		return;

	to = palloc_extended(count * sizeof(Pair), MCXT_ALLOC_HUGE);
	for (int64 width = 1; width < count; width *= 2)
	{
		Pair	   *swap = from;

		for (int64 start = 0; start < count; start += 2 * width)
		{
			int64		left = start;
			int64		middle = Min(start + width, count);
			int64		right = middle;
			int64		end = Min(start + 2 * width, count);

			for (int64 i = start; i < end; i++)
			{
				if (right >= end || (left < middle && compare_pairs(&from[left], &from[right]) <= 0))
					to[i] = from[left++];
				else
					to[i] = from[right++];
			}
		}
		from = to;
		to = swap;
	}
	if (from != pairs)
		memcpy(pairs, from, count * sizeof(Pair));
}

static int
compare_pairs(const Pair *a, const Pair *b)
{
	int			order = dyn_text_compare(a->first, b->first);

	return order != 0 ? order : dyn_text_compare(a->second, b->second);
}
