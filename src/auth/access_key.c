/*
 * The SQL functions that make, drop and switch access keys, lasting and temporary (dynamo.create_access_key and its
 * like).
 *
 * Whoever may become a role (SET ROLE) may manage that role's keys.  The functions run as their caller and check that
 * themselves, rather than being SECURITY DEFINER: there, "who called" could only be answered with the session's user,
 * whom a SECURITY DEFINER function of somebody else could then trick into handing out a key.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "auth/credential.h"
#include "base/clock.h"
#include "base/compat.h"

#define LASTING_PREFIX "AKIA"
#define TEMPORARY_PREFIX "ASIA"
#define GENERATED_ID_BYTES 10	/* sixteen characters of five bits */
#define GENERATED_SECRET_BYTES 30	/* forty characters of six bits */
#define GENERATED_TOKEN_BYTES 144
#define MAX_GENERATED_BYTES GENERATED_TOKEN_BYTES

/* As those of STS's GetSessionToken, in s. */
#define MIN_DURATION (15 * 60)
#define MAX_DURATION (36 * 60 * 60)

static char *generate_access_key_id(const char *prefix);
static char *generate_secret(int bytes);
static void fill_random(uint8 *bytes, int count);
static char *check_access_key_id(char *access_key_id);
static char *check_secret(char *secret);
static TimestampTz check_duration(Interval *duration);
static bool is_printable(const char *text);
static void check_role(Oid role);
static void lock_key(const char *access_key_id);

PG_FUNCTION_INFO_V1(dynamo_create_access_key);
PG_FUNCTION_INFO_V1(dynamo_create_session_token);
PG_FUNCTION_INFO_V1(dynamo_drop_access_key);
PG_FUNCTION_INFO_V1(dynamo_enable_access_key);

Datum
dynamo_create_access_key(PG_FUNCTION_ARGS)
{
	Oid			role = PG_ARGISNULL(0) ? GetUserId() : PG_GETARG_OID(0);
	char	   *access_key_id = PG_ARGISNULL(1) ? NULL : check_access_key_id(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	char	   *secret = PG_ARGISNULL(2) ? NULL : check_secret(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	TupleDesc	result;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	check_role(role);
	if (access_key_id == NULL)
		access_key_id = generate_access_key_id(LASTING_PREFIX);
	if (secret == NULL)
		secret = generate_secret(GENERATED_SECRET_BYTES);

	if (!dyn_credential_insert(access_key_id, secret, role))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT), errmsg("access key \"%s\" already exists", access_key_id)));

	values[0] = CStringGetTextDatum(access_key_id);
	values[1] = CStringGetTextDatum(secret);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(result), values, nulls)));
}

Datum
dynamo_create_session_token(PG_FUNCTION_ARGS)
{
	Oid			role = PG_ARGISNULL(0) ? GetUserId() : PG_GETARG_OID(0);
	TupleDesc	result;
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};
	uint8		digest[DYN_SHA256_SIZE];

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("duration must not be null")));
	check_role(role);

	TimestampTz expires = check_duration(PG_GETARG_INTERVAL_P(1));
	char	   *access_key_id = generate_access_key_id(TEMPORARY_PREFIX);
	char	   *secret = generate_secret(GENERATED_SECRET_BYTES);
	char	   *token = generate_secret(GENERATED_TOKEN_BYTES);

	dyn_sha256_digest(dyn_text_from_cstring(token), digest);
	if (!dyn_credential_insert_temporary(access_key_id, secret, role, digest, expires))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT), errmsg("access key \"%s\" already exists", access_key_id)));

	values[0] = CStringGetTextDatum(access_key_id);
	values[1] = CStringGetTextDatum(secret);
	values[2] = CStringGetTextDatum(token);
	values[3] = TimestampTzGetDatum(expires);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(result), values, nulls)));
}

Datum
dynamo_drop_access_key(PG_FUNCTION_ARGS)
{
	char	   *access_key_id = text_to_cstring(PG_GETARG_TEXT_PP(0));

	lock_key(access_key_id);
	dyn_credential_delete(access_key_id);
	PG_RETURN_VOID();
}

Datum
dynamo_enable_access_key(PG_FUNCTION_ARGS)
{
	char	   *access_key_id = text_to_cstring(PG_GETARG_TEXT_PP(0));

	lock_key(access_key_id);
	dyn_credential_set_enabled(access_key_id, PG_GETARG_BOOL(1));
	PG_RETURN_VOID();
}

/* Like AWS's: AKIA or ASIA, and sixteen characters of base32. */
static char *
generate_access_key_id(const char *prefix)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint8		random[GENERATED_ID_BYTES];
	StringInfoData id;
	uint32		bits = 0;
	int			bit_count = 0;

	fill_random(random, sizeof(random));
	initStringInfo(&id);
	appendStringInfoString(&id, prefix);
	for (int i = 0; i < GENERATED_ID_BYTES; i++)
	{
		bits = (bits << 8) | random[i];
		for (bit_count += 8; bit_count >= 5; bit_count -= 5)
			appendStringInfoChar(&id, alphabet[(bits >> (bit_count - 5)) & 31]);
	}
	return id.data;
}

/* Like AWS's: base64, four characters for three bytes. */
static char *
generate_secret(int bytes)
{
	uint8		random[MAX_GENERATED_BYTES];
	StringInfoData secret;

	fill_random(random, bytes);
	initStringInfo(&secret);
	dyn_text_append_base64(&secret, (DynStr) {(char *) random, bytes});
	explicit_bzero(random, sizeof(random));
	return secret.data;
}

static void
fill_random(uint8 *bytes, int count)
{
	if (!pg_strong_random(bytes, count))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
}

/*
 * AWS makes identifiers of sixteen characters and more.  SDKs and tools take any, and people give their development
 * servers names such as "local".  What no signature can carry is refused: '/', ',' and '=' part a header, white space
 * ends it.
 */
static char *
check_access_key_id(char *access_key_id)
{
	size_t		len = strlen(access_key_id);

	if (len == 0 || len > DYN_MAX_ACCESS_KEY_ID || !is_printable(access_key_id) || strpbrk(access_key_id, "/,=") != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid access key identifier"),
				 errdetail("An access key identifier has 1 to %d printable ASCII characters, none of them a space, a slash, a "
						   "comma or an equal sign.", DYN_MAX_ACCESS_KEY_ID)));
	return access_key_id;
}

/* The value never appears in a message. */
static char *
check_secret(char *secret)
{
	size_t		len = strlen(secret);

	if (len == 0 || len > DYN_MAX_SECRET_ACCESS_KEY || !is_printable(secret))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid secret access key"),
				 errdetail("A secret access key has 1 to %d printable ASCII characters and no space.",
						   DYN_MAX_SECRET_ACCESS_KEY)));
	return secret;
}

/* When a key made now ends: at a whole second, as STS says it. */
static TimestampTz
check_duration(Interval *duration)
{
	TimestampTz now = dyn_clock_now();
	TimestampTz end = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(now),
															  IntervalPGetDatum(duration)));

	if (TIMESTAMP_NOT_FINITE(end) || end < now + MIN_DURATION * USECS_PER_SEC || end > now + MAX_DURATION * USECS_PER_SEC)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a session token must last for 15 minutes to 36 hours")));
	return end - end % USECS_PER_SEC;
}

static bool
is_printable(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return true;
}

static void
check_role(Oid role)
{
	const char *name = GetUserNameFromId(role, false);

	if (!DYN_MAY_BECOME_ROLE(GetUserId(), role))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be member of role \"%s\"", name)));
}

/* Finds a key that the caller may manage, and keeps others from changing it meanwhile. */
static void
lock_key(const char *access_key_id)
{
	Oid			role;

	if (!dyn_credential_lock(access_key_id, &role))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("access key \"%s\" does not exist", access_key_id)));

	if (OidIsValid(role))
		check_role(role);
	else if (!superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be superuser to change a key whose role no longer exists")));
}
