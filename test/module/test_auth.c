/*
 * SQL-callable wrappers around auth/sigv4.c and auth/credential.c: the request is given part by part, no endpoint is
 * needed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "portability/instr_time.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "auth/credential.h"
#include "auth/sigv4.h"
#include "base/clock.h"

static void read_request(FunctionCallInfo fcinfo, DynSignedRequest *request);
static DynStr read_bytes(Datum datum);
static int	read_array(ArrayType *array, Datum **datums);

PG_FUNCTION_INFO_V1(dynamo_test_sigv4_identify);
PG_FUNCTION_INFO_V1(dynamo_test_sigv4_microseconds);
PG_FUNCTION_INFO_V1(dynamo_test_sigv4_clock);
PG_FUNCTION_INFO_V1(dynamo_test_key_role);

/* "role access-key-id" of the caller, or the error that the endpoint would answer with. */
Datum
dynamo_test_sigv4_identify(PG_FUNCTION_ARGS)
{
	DynSignedRequest request;
	DynIdentity identity;

	read_request(fcinfo, &request);
	dyn_sigv4_identify(&request, &identity);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s %s", identity.role_name, identity.access_key_id)));
}

/* The time of one verification, over the given number of them. */
Datum
dynamo_test_sigv4_microseconds(PG_FUNCTION_ARGS)
{
	DynSignedRequest request;
	DynIdentity identity;
	int			times = PG_GETARG_INT32(6);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "sigv4 test", ALLOCSET_DEFAULT_SIZES);
	MemoryContext saved;
	instr_time	start;
	instr_time	end;

	read_request(fcinfo, &request);
	saved = MemoryContextSwitchTo(scratch);
	dyn_sigv4_identify(&request, &identity);
	INSTR_TIME_SET_CURRENT(start);
	for (int i = 0; i < times; i++)
	{
		dyn_sigv4_identify(&request, &identity);
		MemoryContextReset(scratch);
	}
	INSTR_TIME_SET_CURRENT(end);
	MemoryContextSwitchTo(saved);
	INSTR_TIME_SUBTRACT(end, start);
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e6 / times);
}

/* NULL lets the clock run again. */
Datum
dynamo_test_sigv4_clock(PG_FUNCTION_ARGS)
{
	dyn_clock_set(PG_ARGISNULL(0) ? 0 : PG_GETARG_TIMESTAMPTZ(0));
	PG_RETURN_VOID();
}

/* The role that requests signed with a key run as; NULL when it opens nothing. */
Datum
dynamo_test_key_role(PG_FUNCTION_ARGS)
{
	text	   *access_key_id = PG_GETARG_TEXT_PP(0);
	DynCredential *credential =
		dyn_credential_find((DynStr){VARDATA_ANY(access_key_id), VARSIZE_ANY_EXHDR(access_key_id)});

	if (credential == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(NameStr(credential->role_name)));
}

/* Arguments: method, path, query, names of headers, their values, body; all bytea. */
static void
read_request(FunctionCallInfo fcinfo, DynSignedRequest *request)
{
	Datum	   *names;
	Datum	   *values;
	int			count = read_array(PG_GETARG_ARRAYTYPE_P(3), &names);
	DynHttpHeader *headers = palloc((count + 1) * sizeof(DynHttpHeader));

	if (read_array(PG_GETARG_ARRAYTYPE_P(4), &values) != count)
		elog(ERROR, "as many values as names are needed");
	for (int i = 0; i < count; i++)
		headers[i] = (DynHttpHeader) {read_bytes(names[i]), read_bytes(values[i])};
	*request = (DynSignedRequest) {
		.method = read_bytes(PG_GETARG_DATUM(0)),
		.path = read_bytes(PG_GETARG_DATUM(1)),
		.query = read_bytes(PG_GETARG_DATUM(2)),
		.header_count = count,
		.headers = headers,
		.body = read_bytes(PG_GETARG_DATUM(5)),
		.service = "dynamodb"
	};
}

static DynStr
read_bytes(Datum datum)
{
	bytea	   *bytes = DatumGetByteaPP(datum);

	return (DynStr) {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)};
}

static int
read_array(ArrayType *array, Datum **datums)
{
	int			count;

	deconstruct_array(array, BYTEAOID, -1, false, TYPALIGN_INT, datums, NULL, &count);
	return count;
}
