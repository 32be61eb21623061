/*
 * ClientRequestTokens: rows of dynamo.request_tokens.
 *
 * A token's row is written in the transaction that does the request's work, so both are there or neither, after a crash,
 * too, and in every worker.  The primary key makes a second request with the token wait for the first one's end: it
 * finds the row and knows that the work is done, or finds none and does it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "catalog/request_token.h"
#include "catalog/table_cache.h"
#include "db/sql.h"
#include "db/scope.h"

#define MOST_PER_STEP 10000

DynRequestTokenState
dyn_request_token_claim(Oid role, DynStr token, const uint8 *digest)
{
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
	DynScope scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_run("INSERT INTO dynamo.request_tokens AS t (role, token, digest, created) VALUES ($1, $2, $3, $4) "
			"ON CONFLICT (role, token) DO UPDATE SET digest = EXCLUDED.digest, created = EXCLUDED.created WHERE t.created < $5",
			5, types, values, NULL, SPI_OK_INSERT) > 0)
		state = DYN_REQUEST_TOKEN_NEW;
	else if (dyn_sql_run("SELECT 1 FROM dynamo.request_tokens WHERE role = $1 AND token = $2 AND digest = $3",
				 3, types, values, NULL, SPI_OK_SELECT) > 0)
		state = DYN_REQUEST_TOKEN_REPEATED;
	dyn_scope_end(&scope);
	return state;
}

bool
dyn_request_token_forget(void)
{
	Oid			types[] = {TIMESTAMPTZOID, INT4OID};
	Datum		values[] = {TimestampTzGetDatum(dyn_clock_now() - DYN_REQUEST_TOKEN_SECONDS * USECS_PER_SEC), Int32GetDatum(MOST_PER_STEP)};
	DynScope scope;
	uint64		count;

	dyn_scope_begin(&scope);
	/* a row that somebody is claiming anew is left to him */
	count = dyn_sql_run("DELETE FROM dynamo.request_tokens WHERE (role, token) IN "
				"(SELECT role, token FROM dynamo.request_tokens WHERE created < $1 ORDER BY created LIMIT $2 FOR UPDATE SKIP LOCKED)",
				2, types, values, NULL, SPI_OK_DELETE);
	dyn_scope_end(&scope);
	return count >= MOST_PER_STEP;
}
