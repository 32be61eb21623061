/*
 * Access keys: the rows of dynamo.access_keys, and what this process remembers of them.
 *
 * A key that was looked up stays in a hash table of the process, so that a request costs no SQL.  The table is thrown
 * away as a whole when a row of dynamo.access_keys changes (its triggers send a relcache invalidation of it) and when
 * any role changes (pg_authid): a key must not outlive its role, and roles change rarely.  Invalidations arrive when a
 * transaction starts, so a change holds from the next request on.
 *
 * Unknown identifiers are not remembered: a client could invent any number of them.
 *
 * Every statement here runs as the extension's owner, whom dynamo.access_keys lets in alone.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "auth/credential.h"
#include "base/clock.h"
#include "catalog/table_cache.h"
#include "db/sql.h"
#include "db/scope.h"

/* More keys than this in use by one process, and the table starts anew. */
#define MAX_CREDENTIALS 10000
#define MOST_PER_STEP 10000
#define EXPIRED_KEPT (7 * USECS_PER_DAY)

static HTAB *credentials = NULL;
static Oid	access_keys_relid = InvalidOid;

/* counts invalidations; the table holds what was true at credentials_generation */
static uint64 generation = 0;
static uint64 credentials_generation = 0;

static void start_cache(void);
static void forget_all(void);
static bool load(const char *access_key_id, DynCredential *credential);
static void read_token(DynCredential *credential, const bytea *digest, bool expires, TimestampTz end);
static void relation_changed(Datum arg, Oid relid);
static void role_changed(Datum arg, int cache, uint32 hash);
static bool insert(const char *sql, int count, Oid *types, Datum *values, Oid role);
static uint64 execute(const char *sql, int count, Oid *types, Datum *values, int expected, Oid *role);

DynCredential *
dyn_credential_find(DynStr access_key_id)
{
	char		name[DYN_MAX_ACCESS_KEY_ID + 1];
	DynCredential *credential;
	DynCredential loaded;
	uint64		before;

	if (access_key_id.len == 0 || access_key_id.len > DYN_MAX_ACCESS_KEY_ID ||
		memchr(access_key_id.data, '\0', access_key_id.len) != NULL ||
		!dyn_text_is_utf8(access_key_id))
		return NULL;
	memcpy(name, access_key_id.data, access_key_id.len);
	name[access_key_id.len] = '\0';

	if (credentials == NULL)
		start_cache();
	if (generation != credentials_generation || hash_get_num_entries(credentials) >= MAX_CREDENTIALS)
		forget_all();

	credential = hash_search(credentials, name, HASH_FIND, NULL);
	if (credential != NULL)
		return credential;

	before = generation;
	if (!load(name, &loaded))
		return NULL;
	if (generation == before)
		credential = hash_search(credentials, name, HASH_ENTER, NULL);
	else
		credential = palloc(sizeof(DynCredential));	/* it changed while it was read: good for this once */
	*credential = loaded;
	explicit_bzero(&loaded, sizeof(loaded));
	return credential;
}

bool
dyn_credential_insert(const char *access_key_id, const char *secret, Oid role)
{
	Oid			types[] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[] = {CStringGetTextDatum(access_key_id), CStringGetTextDatum(secret),
		CStringGetTextDatum(GetUserNameFromId(role, false))};

	return insert("INSERT INTO dynamo.access_keys (access_key_id, secret_access_key, role_name)"
				  " VALUES ($1, $2, $3::pg_catalog.name) ON CONFLICT DO NOTHING RETURNING role",
				  lengthof(types), types, values, role);
}

bool
dyn_credential_insert_temporary(const char *access_key_id, const char *secret, Oid role,
								const uint8 *token_digest, TimestampTz expires)
{
	bytea	   *digest = (bytea *) cstring_to_text_with_len((const char *) token_digest, DYN_SHA256_SIZE);
	Oid			types[] = {TEXTOID, TEXTOID, TEXTOID, BYTEAOID, TIMESTAMPTZOID};
	Datum		values[] = {
		CStringGetTextDatum(access_key_id), CStringGetTextDatum(secret), CStringGetTextDatum(GetUserNameFromId(role, false)),
		PointerGetDatum(digest), TimestampTzGetDatum(expires)
	};

	return insert("INSERT INTO dynamo.access_keys (access_key_id, secret_access_key, role_name, token_digest, expires)"
				  " VALUES ($1, $2, $3::pg_catalog.name, $4, $5) ON CONFLICT DO NOTHING RETURNING role",
				  lengthof(types), types, values, role);
}

bool
dyn_credential_lock(const char *access_key_id, Oid *role)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(access_key_id)};

	return execute("SELECT r.oid FROM dynamo.access_keys k "
				   "LEFT JOIN pg_catalog.pg_roles r ON r.oid = k.role AND r.rolname = k.role_name "
				   "WHERE k.access_key_id = $1 FOR UPDATE OF k", lengthof(types), types, values, SPI_OK_SELECT, role) == 1;
}

void
dyn_credential_delete(const char *access_key_id)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(access_key_id)};

	execute("DELETE FROM dynamo.access_keys WHERE access_key_id = $1", lengthof(types), types, values, SPI_OK_DELETE,
			NULL);
}

void
dyn_credential_set_enabled(const char *access_key_id, bool enabled)
{
	Oid			types[] = {TEXTOID, BOOLOID};
	Datum		values[] = {CStringGetTextDatum(access_key_id), BoolGetDatum(enabled)};

	execute("UPDATE dynamo.access_keys SET enabled = $2 WHERE access_key_id = $1", lengthof(types), types, values,
			SPI_OK_UPDATE, NULL);
}

bool
dyn_credential_forget_expired(void)
{
	Oid			types[] = {TIMESTAMPTZOID, INT4OID};
	Datum		values[] = {TimestampTzGetDatum(dyn_clock_now() - EXPIRED_KEPT), Int32GetDatum(MOST_PER_STEP)};

	/* a key that somebody is dropping or switching is left for the next time */
	return execute("DELETE FROM dynamo.access_keys WHERE access_key_id IN (SELECT access_key_id FROM dynamo.access_keys"
				   " WHERE expires < $1 ORDER BY expires LIMIT $2 FOR UPDATE SKIP LOCKED)",
				   lengthof(types), types, values, SPI_OK_DELETE, NULL) >= MOST_PER_STEP;
}

PG_FUNCTION_INFO_V1(dynamo_access_keys_changed);

/* Trigger of dynamo.access_keys: makes every process forget its keys when this transaction commits. */
Datum
dynamo_access_keys_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.access_keys_changed() can only be called as a trigger")));
	CacheInvalidateRelcacheByRelid(RelationGetRelid(((TriggerData *) fcinfo->context)->tg_relation));
	PG_RETURN_POINTER(NULL);
}

PG_FUNCTION_INFO_V1(dynamo_access_keys_role);

/* Trigger of dynamo.access_keys: binds a key to the role that has its role_name now; null when there is none. */
Datum
dynamo_access_keys_role(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc	descriptor;
	HeapTuple	row;
	int			column;
	Datum		value;
	bool		is_null;
	Oid			role;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.access_keys_role() must be fired before INSERT or UPDATE for each row")));
	if (RelationGetNamespace(trigger->tg_relation) != get_namespace_oid("dynamo", true))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("dynamo.access_keys_role() is for dynamo.access_keys")));
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	descriptor = RelationGetDescr(trigger->tg_relation);
	value = heap_getattr(row, SPI_fnumber(descriptor, "role_name"), descriptor, &is_null);
	role = is_null ? InvalidOid : get_role_oid(NameStr(*DatumGetName(value)), true);
	column = SPI_fnumber(descriptor, "role");
	value = ObjectIdGetDatum(role);
	is_null = !OidIsValid(role);
	return PointerGetDatum(heap_modify_tuple_by_cols(row, descriptor, 1, &column, &value, &is_null));
}

static void
start_cache(void)
{
	static bool registered = false;
	HASHCTL		control = {.keysize = DYN_MAX_ACCESS_KEY_ID + 1, .entrysize = sizeof(DynCredential)};

	if (!registered)
	{
		CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHOID, role_changed, (Datum) 0);
		registered = true;
	}
	credentials = hash_create("dynamo access keys", 16, &control, HASH_ELEM | HASH_STRINGS);
	credentials_generation = generation;
}

static void
forget_all(void)
{
	HASH_SEQ_STATUS scan;
	DynCredential *credential;

	hash_seq_init(&scan, credentials);
	while ((credential = hash_seq_search(&scan)) != NULL)
	{
		explicit_bzero(credential->secret, sizeof(credential->secret));
		explicit_bzero(credential->signing_keys, sizeof(credential->signing_keys));
	}
	hash_destroy(credentials);
	credentials = NULL;
	start_cache();
}

static bool
load(const char *access_key_id, DynCredential *credential)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(access_key_id)};
	Oid			bound = InvalidOid;
	DynScope	scope;
	bool		found;

	memset(credential, 0, sizeof(*credential));
	access_keys_relid = get_relname_relid("access_keys", get_namespace_oid("dynamo", true));

	dyn_scope_begin(&scope);
	found = dyn_sql_run("SELECT secret_access_key, role_name, token_digest, expires, role FROM dynamo.access_keys"
						  " WHERE access_key_id = $1 AND enabled", 1, types, values, NULL, SPI_OK_SELECT) == 1;
	if (found)
	{
		bool		nulls[5];
		Datum		columns[5];

		for (int i = 0; i < lengthof(columns); i++)
			columns[i] = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &nulls[i]);
		if (nulls[0] || nulls[1])
			elog(ERROR, "unexpected null in dynamo.access_keys");
		strlcpy(credential->access_key_id, access_key_id, sizeof(credential->access_key_id));
		text_to_cstring_buffer(DatumGetTextPP(columns[0]), credential->secret, sizeof(credential->secret));
		namestrcpy(&credential->role_name, NameStr(*DatumGetName(columns[1])));
		bound = nulls[4] ? InvalidOid : DatumGetObjectId(columns[4]);
		read_token(credential, nulls[2] ? NULL : DatumGetByteaPP(columns[2]), !nulls[3],
				   nulls[3] ? 0 : DatumGetTimestampTz(columns[3]));
	}
	dyn_scope_end(&scope);

	if (found)
		credential->role = get_role_oid(NameStr(credential->role_name), true);
	return found && OidIsValid(credential->role) && credential->role == bound;
}

/*
 * A key that has a token or an end is temporary.  With one of them missing, or a digest of another length (somebody
 * wrote the row by hand), it opens nothing.
 */
static void
read_token(DynCredential *credential, const bytea *digest, bool expires, TimestampTz end)
{
	credential->temporary = digest != NULL || expires;
	credential->expires = DT_NOBEGIN;
	if (digest == NULL || VARSIZE_ANY_EXHDR(digest) != DYN_SHA256_SIZE || !expires)
		return;
	memcpy(credential->token_digest, VARDATA_ANY(digest), DYN_SHA256_SIZE);
	credential->expires = end;
}

static void
relation_changed(Datum arg, Oid relid)
{
	if (relid == InvalidOid || relid == access_keys_relid)
		generation++;
}

static void
role_changed(Datum arg, int cache, uint32 hash)
{
	generation++;
}

/*
 * RETURNING: the role that the key belongs to by its name, which could have changed hands since the caller was given
 * role.
 */
static bool
insert(const char *sql, int count, Oid *types, Datum *values, Oid role)
{
	Oid			bound = InvalidOid;

	if (execute(sql, count, types, values, SPI_OK_INSERT_RETURNING, &bound) == 0)
		return false;
	if (bound != role)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the role was renamed or dropped while its access key was made")));
	return true;
}

/* Runs one statement as the owner; role, if any, gets the first column, InvalidOid for null. */
static uint64
execute(const char *sql, int count, Oid *types, Datum *values, int expected, Oid *role)
{
	DynScope	scope;
	uint64		processed;

	dyn_scope_begin(&scope);
	processed = dyn_sql_run(sql, count, types, values, NULL, expected);
	if (role != NULL && processed == 1)
	{
		bool		is_null;
		Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);

		*role = is_null ? InvalidOid : DatumGetObjectId(value);
	}
	dyn_scope_end(&scope);
	return processed;
}
