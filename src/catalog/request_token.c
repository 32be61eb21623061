/*
 * ClientRequestTokens: rows of dynamo.request_tokens.
 *
 * A token's row is written in the transaction that does the request's work, so both are there or neither, after a
 * crash, too, and in every worker.  The primary key makes a second request with the token wait for the first one's end:
 * it finds the row and knows that the work is done, or finds none and does it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "catalog/request_token.h"
#include "catalog/table_cache.h"
#include "db/sql.h"
#include "db/scope.h"

#define MOST_PER_STEP 10000

static Datum token_datum(DynStr token);

DynRequestTokenState
dyn_request_token_claim(Oid role, DynStr token, const uint8 *digest)
{
	TimestampTz now = dyn_clock_now();
	bytea	   *digest_bytes = (bytea *) cstring_to_text_with_len((const char *) digest, DYN_REQUEST_TOKEN_DIGEST);
	Oid			types[] = {OIDOID, TEXTOID, BYTEAOID, TIMESTAMPTZOID, TIMESTAMPTZOID};
	Datum		values[] = {
		ObjectIdGetDatum(role),
		token_datum(token),
		PointerGetDatum(digest_bytes),
		TimestampTzGetDatum(now),
		TimestampTzGetDatum(now - DYN_REQUEST_TOKEN_SECONDS * USECS_PER_SEC)
	};
	DynRequestTokenState state = DYN_REQUEST_TOKEN_MISMATCH;
	DynScope scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_run("INSERT INTO dynamo.request_tokens AS t (role, token, digest, created) VALUES ($1, $2, $3, $4) "
					"ON CONFLICT (role, token) DO UPDATE SET digest = EXCLUDED.digest, created = EXCLUDED.created, "
					"item_sizes = NULL WHERE t.created < $5", 5, types, values, NULL, SPI_OK_INSERT) > 0)
		state = DYN_REQUEST_TOKEN_NEW;
	else if (dyn_sql_run("SELECT 1 FROM dynamo.request_tokens WHERE role = $1 AND token = $2 AND digest = $3",
				 3, types, values, NULL, SPI_OK_SELECT) > 0)
		state = DYN_REQUEST_TOKEN_REPEATED;
	dyn_scope_end(&scope);
	return state;
}

void
dyn_request_token_keep_sizes(Oid role, DynStr token, const int *sizes, int count)
{
	Oid			types[] = {OIDOID, TEXTOID, INT4ARRAYOID};
	Datum	   *elements = palloc(Max(count, 1) * sizeof(Datum));
	Datum		values[] = {ObjectIdGetDatum(role), token_datum(token), (Datum) 0};
	DynScope scope;

	for (int i = 0; i < count; i++)
		elements[i] = Int32GetDatum(sizes[i]);
	values[2] = PointerGetDatum(construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.request_tokens SET item_sizes = $3 WHERE role = $1 AND token = $2", 3, types, values,
				NULL, SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

void
dyn_request_token_read_sizes(Oid role, DynStr token, int *sizes, int count)
{
	Oid			types[] = {OIDOID, TEXTOID};
	Datum		values[] = {ObjectIdGetDatum(role), token_datum(token)};
	DynScope scope;

	memset(sizes, 0, count * sizeof(int));
	dyn_scope_begin(&scope);
	if (dyn_sql_run(
			"SELECT item_sizes FROM dynamo.request_tokens WHERE role = $1 AND token = $2 AND item_sizes IS NOT NULL", 2,
			types, values, NULL, SPI_OK_SELECT) > 0)
	{
		bool		isnull;
		Datum		array = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
		Datum	   *elements;
		bool	   *nulls;
		int			length;

		deconstruct_array(DatumGetArrayTypeP(array), INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, &nulls, &length);
		for (int i = 0; i < Min(length, count); i++)
			sizes[i] = nulls[i] ? 0 : DatumGetInt32(elements[i]);
	}
	dyn_scope_end(&scope);
}

bool
dyn_request_token_forget(void)
{
	Oid			types[] = {TIMESTAMPTZOID, INT4OID};
	Datum		values[] = {TimestampTzGetDatum(dyn_clock_now() - DYN_REQUEST_TOKEN_SECONDS * USECS_PER_SEC),
					  Int32GetDatum(MOST_PER_STEP)};
	DynScope scope;
	uint64		count;

	dyn_scope_begin(&scope);
	/* a row that somebody is claiming anew is left to him */
	count = dyn_sql_run(
		"DELETE FROM dynamo.request_tokens WHERE (role, token) IN "
		"(SELECT role, token FROM dynamo.request_tokens WHERE created < $1 ORDER BY created LIMIT $2 FOR UPDATE SKIP LOCKED)",
		2, types, values, NULL, SPI_OK_DELETE);
	dyn_scope_end(&scope);
	return count >= MOST_PER_STEP;
}

static Datum
token_datum(DynStr token)
{
	DynStr		stored = dyn_text_to_stored(token);

	return PointerGetDatum(cstring_to_text_with_len(stored.data, stored.len));
}
