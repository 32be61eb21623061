/*
 * ClientRequestTokens: rows of dynamo.request_tokens.
 *
 * A token's row is written in the transaction that does the request's work, so both are there or neither, after a crash,
 * too, and in every worker.  The primary key makes a second request with the token wait for the first one's end: it
 * finds the row and knows that the work is done, or finds none and does it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "meta/owner_scope.h"
#include "meta/request_token.h"
#include "meta/table_meta.h"

static uint64 run(SPIPlanPtr *plan, const char *sql, int count, Oid *types, Datum *values);

DynRequestTokenState
dyn_request_token_claim(Oid role, DynStr token, const uint8 *digest)
{
	static SPIPlanPtr claim = NULL;
	static SPIPlanPtr look = NULL;
	DynStr		stored = dyn_text_to_stored(token);
	TimestampTz now = dyn_clock_now();
	bytea	   *digest_bytes = (bytea *) cstring_to_text_with_len((const char *) digest, DYN_REQUEST_TOKEN_DIGEST);
	Oid			types[] = {OIDOID, TEXTOID, BYTEAOID, TIMESTAMPTZOID, TIMESTAMPTZOID};
	Datum		values[] = {
		ObjectIdGetDatum(role),
		PointerGetDatum(cstring_to_text_with_len(stored.data, stored.len)),
		PointerGetDatum(digest_bytes),
		TimestampTzGetDatum(now),
		TimestampTzGetDatum(now - DYN_REQUEST_TOKEN_SECONDS * USECS_PER_SEC)
	};
	DynRequestTokenState state = DYN_REQUEST_TOKEN_MISMATCH;
	DynOwnerScope scope;

	dyn_owner_scope_begin(&scope);
	if (run(&claim, "INSERT INTO dynamo.request_tokens AS t (role, token, digest, created) VALUES ($1, $2, $3, $4) "
			"ON CONFLICT (role, token) DO UPDATE SET digest = EXCLUDED.digest, created = EXCLUDED.created WHERE t.created < $5",
			5, types, values) > 0)
		state = DYN_REQUEST_TOKEN_NEW;
	else if (run(&look, "SELECT 1 FROM dynamo.request_tokens WHERE role = $1 AND token = $2 AND digest = $3",
				 3, types, values) > 0)
		state = DYN_REQUEST_TOKEN_REPEATED;
	dyn_owner_scope_end(&scope);
	return state;
}

bool
dyn_request_token_forget(int limit)
{
	static SPIPlanPtr forget = NULL;
	Oid			types[] = {TIMESTAMPTZOID, INT4OID};
	Datum		values[] = {TimestampTzGetDatum(dyn_clock_now() - DYN_REQUEST_TOKEN_SECONDS * USECS_PER_SEC), Int32GetDatum(limit)};
	DynOwnerScope scope;
	uint64		count;

	dyn_owner_scope_begin(&scope);
	/* a row that somebody is claiming anew is left to him */
	count = run(&forget, "DELETE FROM dynamo.request_tokens WHERE (role, token) IN "
				"(SELECT role, token FROM dynamo.request_tokens WHERE created < $1 ORDER BY created LIMIT $2 FOR UPDATE SKIP LOCKED)",
				2, types, values);
	dyn_owner_scope_end(&scope);
	return count >= limit;
}

static uint64
run(SPIPlanPtr *plan, const char *sql, int count, Oid *types, Datum *values)
{
	int			result;

	if (*plan == NULL)
	{
		SPIPlanPtr	made = SPI_prepare(sql, count, types);

		if (made == NULL)
			elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
		SPI_keepplan(made);
		*plan = made;
	}
	result = SPI_execute_plan(*plan, values, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "could not run \"%s\": %s", sql, SPI_result_code_string(result));
	return SPI_processed;
}
