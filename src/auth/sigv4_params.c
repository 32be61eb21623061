/*
 * Reads where a request carries its signature: the Authorization header, or the query of a presigned URL.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/datetime.h"

#include "auth/sigv4_params.h"
#include "base/error.h"
#include "base/message.h"

#define SECONDS_PER_DAY 86400

static const DynStr *find_header(const DynSignedRequest *request, const char *name);
static const DynStr *find_parameter(const DynSigv4Params *params, const char *name);
static void read_header(DynStr header, const DynSignedRequest *request, DynSigv4Params *params);
static void read_query(DynSigv4Params *params);
static void read_pair(DynStr pair, DynStr header, DynSigv4Params *params);
static DynStr next_token(DynStr text, int *position);
static bool is_separator(char c);
static bool take_number(DynStr *text, int digits, int *number);
static bool take_text(DynStr *text, DynStr expected);
static bool take_name(DynStr *text, const char *names, int count, int *index);

void
dyn_sigv4_params_read(const DynSignedRequest *request, DynSigv4Params *params)
{
	const DynStr *header = find_header(request, "authorization");
	const DynStr *found;

	memset(params, 0, sizeof(*params));
	params->query_count = dyn_sigv4_canonical_read_query(request->query, &params->query);
	params->presigned = find_parameter(params, "X-Amz-Algorithm") != NULL;

	if (header != NULL && header->len == 0)
		header = NULL;
	if (header != NULL && params->presigned)
		dyn_error(DYN_ERR_INVALID_SIGNATURE, DYN_MSG_BOTH_QUERY_AND_HEADER);
	if (params->presigned)
		read_query(params);
	else if (header != NULL && dyn_text_starts_with(*header, DYN_STR("AWS4-")))
	{
		found = find_header(request, "x-amz-security-token");
		if (found != NULL)
			params->token = *found;
		read_header(*header, request, params);
	}
	else
		dyn_error(DYN_ERR_MISSING_AUTHENTICATION_TOKEN, DYN_MSG_MISSING_AUTHENTICATION_TOKEN);
}

bool
dyn_sigv4_params_read_time(DynStr text, int64 *time)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int			year,
				month,
				day,
				hour,
				minute,
				second,
				weekday;
	DynStr		iso = text;
	DynStr		http = text;

	if (!(take_number(&iso, 4, &year) && take_number(&iso, 2, &month) && take_number(&iso, 2, &day) &&
		  take_text(&iso, DYN_STR("T")) && take_number(&iso, 2, &hour) && take_number(&iso, 2, &minute) &&
		  take_number(&iso, 2, &second) && take_text(&iso, DYN_STR("Z")) && iso.len == 0))
	{
		/* Sun, 06 Nov 1994 08:49:37 GMT */
		if (!(take_name(&http, days, 7, &weekday) && take_text(&http, DYN_STR(", ")) &&
			  take_number(&http, 2, &day) && take_text(&http, DYN_STR(" ")) &&
			  take_name(&http, months, 12, &month) && take_text(&http, DYN_STR(" ")) &&
			  take_number(&http, 4, &year) && take_text(&http, DYN_STR(" ")) &&
			  take_number(&http, 2, &hour) && take_text(&http, DYN_STR(":")) &&
			  take_number(&http, 2, &minute) && take_text(&http, DYN_STR(":")) &&
			  take_number(&http, 2, &second) &&
			  (take_text(&http, DYN_STR(" GMT")) || take_text(&http, DYN_STR(" +0000")) ||
			   take_text(&http, DYN_STR(" -0000"))) &&
			  http.len == 0))
			return false;
		month++;
	}
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > day_tab[isleap(year)][month - 1] ||
		hour > 23 || minute > 59 || second > 59)
		return false;
	*time = (int64) (date2j(year, month, day) - UNIX_EPOCH_JDATE) * SECONDS_PER_DAY +
		hour * 3600 + minute * 60 + second;
	return true;
}

void
dyn_sigv4_params_write_time(int64 time, char *text)
{
	int64		day = time / SECONDS_PER_DAY;
	int			second = (int) (time % SECONDS_PER_DAY);
	int			year,
				month,
				day_of_month;

	if (second < 0)
	{
		second += SECONDS_PER_DAY;
		day--;
	}
	j2date((int) day + UNIX_EPOCH_JDATE, &year, &month, &day_of_month);
	snprintf(text, DYN_SIGV4_TIME_SIZE, "%04d%02d%02dT%02d%02d%02dZ",
			 year, month, day_of_month, second / 3600, second / 60 % 60, second % 60);
}

/* The first header of that name (lower case), or NULL. */
static const DynStr *
find_header(const DynSignedRequest *request, const char *name)
{
	int			len = strlen(name);

	for (int i = 0; i < request->header_count; i++)
		if (request->headers[i].name.len == len &&
			pg_strncasecmp(request->headers[i].name.data, name, len) == 0)
			return &request->headers[i].value;
	return NULL;
}

static const DynStr *
find_parameter(const DynSigv4Params *params, const char *name)
{
	DynStr		wanted = dyn_text_from_cstring(name);

	for (int i = 0; i < params->query_count; i++)
		if (dyn_text_equal(params->query[i].name, wanted))
			return &params->query[i].value;
	return NULL;
}

/*
 * "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...": commas and spaces separate alike, of repeated
 * parameters the last one counts, and unknown ones are ignored.
 */
static void
read_header(DynStr header, const DynSignedRequest *request, DynSigv4Params *params)
{
	const DynStr *date = find_header(request, "x-amz-date");
	int			position = 0;
	DynStr		pair;
	StringInfoData missing;

	if (date == NULL)
		date = find_header(request, "date");

	params->algorithm = next_token(header, &position);
	while ((pair = next_token(header, &position)).len > 0)
		read_pair(pair, header, params);
	if (params->credential.len > 0 && params->signature.len > 0 && params->signed_headers.data != NULL && date != NULL)
	{
		params->date = *date;
		return;
	}

	initStringInfo(&missing);
	if (params->credential.len == 0)
		appendStringInfoString(&missing, DYN_MSG_HEADER_NEEDS_CREDENTIAL);
	if (params->signature.len == 0)
		appendStringInfoString(&missing, DYN_MSG_HEADER_NEEDS_SIGNATURE);
	if (params->signed_headers.data == NULL)
		appendStringInfoString(&missing, DYN_MSG_HEADER_NEEDS_SIGNED_HEADERS);
	if (date == NULL)
		appendStringInfoString(&missing, DYN_MSG_HEADER_NEEDS_DATE);
	dyn_error(DYN_ERR_INCOMPLETE_SIGNATURE, "%sAuthorization=%s", missing.data, dyn_text_printable(header));
}

static void
read_query(DynSigv4Params *params)
{
	struct
	{
		const char *name;
		DynStr	   *value;
	}			required[] = {
		{"X-Amz-Algorithm", &params->algorithm},
		{"X-Amz-Credential", &params->credential},
		{"X-Amz-Signature", &params->signature},
		{"X-Amz-SignedHeaders", &params->signed_headers},
		{"X-Amz-Date", &params->date}
	};
	const DynStr *found;
	StringInfoData missing;

	initStringInfo(&missing);
	for (int i = 0; i < lengthof(required); i++)
	{
		found = find_parameter(params, required[i].name);
		if (found != NULL && found->len > 0)
			*required[i].value = *found;
		else
			appendStringInfo(&missing, DYN_MSG_QUERY_MUST_INCLUDE, required[i].name);
	}
	if (missing.len > 0)
		dyn_error(DYN_ERR_INCOMPLETE_SIGNATURE, DYN_MSG_REEXAMINE_QUERY, missing.data);

	found = find_parameter(params, "X-Amz-Expires");
	if (found != NULL)
		params->expires = *found;
	found = find_parameter(params, "X-Amz-Security-Token");
	if (found != NULL)
		params->token = *found;
}

static void
read_pair(DynStr pair, DynStr header, DynSigv4Params *params)
{
	const char *equals = memchr(pair.data, '=', pair.len);
	DynStr		name;
	DynStr		value;

	if (equals == NULL)
		dyn_error(DYN_ERR_INCOMPLETE_SIGNATURE, DYN_MSG_HEADER_NO_EQUAL_SIGN,
				  dyn_text_printable(pair), dyn_text_printable(header));
	name = (DynStr) {pair.data, equals - pair.data};
	value = (DynStr) {equals + 1, pair.data + pair.len - (equals + 1)};
	if (dyn_text_equal(name, DYN_STR("Credential")))
		params->credential = value;
	else if (dyn_text_equal(name, DYN_STR("SignedHeaders")))
		params->signed_headers = value;
	else if (dyn_text_equal(name, DYN_STR("Signature")))
		params->signature = value;
}

/* The next run without commas and white space; empty at the end. */
static DynStr
next_token(DynStr text, int *position)
{
	int			start = *position;
	int			end;

	while (start < text.len && is_separator(text.data[start]))
		start++;
	end = start;
	while (end < text.len && !is_separator(text.data[end]))
		end++;
	*position = end;
	return (DynStr) {text.data + start, end - start};
}

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

static bool
take_number(DynStr *text, int digits, int *number)
{
	if (text->len < digits)
		return false;
	*number = 0;
	for (int i = 0; i < digits; i++)
	{
		if (text->data[i] < '0' || text->data[i] > '9')
			return false;
		*number = *number * 10 + (text->data[i] - '0');
	}
	*text = (DynStr) {text->data + digits, text->len - digits};
	return true;
}

static bool
take_text(DynStr *text, DynStr expected)
{
	if (!dyn_text_starts_with(*text, expected))
		return false;
	*text = (DynStr) {text->data + expected.len, text->len - expected.len};
	return true;
}

/* One of count names of three letters, which follow each other in names. */
static bool
take_name(DynStr *text, const char *names, int count, int *index)
{
	for (*index = 0; *index < count; (*index)++)
		if (take_text(text, (DynStr) {names + 3 * *index, 3}))
			return true;
	return false;
}
