/*
 * The PostgreSQL names and types behind a DynamoDB table.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"

#include "catalog/table_name.h"

#define PRIMARY_KEY "pkey"
#define MAX_NAME (NAMEDATALEN - 1)
#define NAME_PREFIX 46			/* of a name that is too long, before '~' and the digest */
#define COLUMN_PREFIX 30
#define DIGEST_DIGITS 16

static char *shorten(const char *name);
static void append_digest(StringInfo out, const char *data, int len);

char *
dyn_table_name_relation(const char *table_name, const char *index_name)
{
	char	   *name;

	if (index_name == NULL)
		return shorten(table_name);
	name = psprintf("%s~%s", table_name, index_name);
	if (strcmp(index_name, PRIMARY_KEY) != 0)
		return shorten(name);

	/* an index that is called like our primary key, whose name may be shortened as well */
	StringInfoData digested;

	if (strlen(name) > MAX_NAME)
		name = psprintf("%s~%s", name, PRIMARY_KEY);

	initStringInfo(&digested);
	appendBinaryStringInfo(&digested, name, Min(strlen(name), NAME_PREFIX));
	append_digest(&digested, name, strlen(name));
	return digested.data;
}

char *
dyn_table_name_primary(const char *table_name)
{
	return shorten(psprintf("%s~%s", table_name, PRIMARY_KEY));
}

char *
dyn_table_name_column(DynStr attribute)
{
	static const char *const taken[] = {"item", "size", "tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
	DynStr		stored = dyn_text_to_stored(attribute);
	bool		plain = attribute.len >= 1 && attribute.len <= MAX_NAME && attribute.data[0] != '~';
	StringInfoData name;

	for (int i = 0; plain && i < attribute.len; i++)
		plain = (unsigned char) attribute.data[i] >= ' ' && attribute.data[i] != 0x7f;
	for (int i = 0; plain && i < lengthof(taken); i++)
		plain = !dyn_text_equal_cstring(attribute, taken[i]);
	if (plain)
		return dyn_text_to_cstring(attribute);

	initStringInfo(&name);
	appendStringInfoChar(&name, '~');
	for (int i = 0; i < attribute.len && name.len <= COLUMN_PREFIX; i++)
	{
		char		c = attribute.data[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.')
			appendStringInfoChar(&name, c);
	}
	append_digest(&name, stored.data, stored.len);
	return name.data;
}

char *
dyn_table_name_second_column(DynStr attribute, bool is_hash)
{
	const char *use = is_hash ? "~hash" : "~range";
	char	   *first = dyn_table_name_column(attribute);
	DynStr		stored = dyn_text_to_stored(attribute);
	StringInfoData name;

	initStringInfo(&name);
	appendStringInfoString(&name, use);
	if (first[0] != '~' && strlen(use) + 1 + strlen(first) <= MAX_NAME)
		appendStringInfo(&name, "~%s", first);
	else
		append_digest(&name, stored.data, stored.len);
	return name.data;
}

const char *
dyn_table_name_column_type(const DynColumn *column)
{
	if (column->is_ttl)
		return "pg_catalog.int8";
	switch (column->type)
	{
		case DYN_TYPE_S:
			return "pg_catalog.text COLLATE pg_catalog.\"C\"";
		case DYN_TYPE_N:
			return "pg_catalog.numeric";
		case DYN_TYPE_B:
			return "pg_catalog.bytea";
		default:
			elog(ERROR, "a key attribute has type %s", dyn_value_type_name(column->type));
	}
}

Oid
dyn_table_name_column_oid(const DynColumn *column)
{
	return column->is_ttl               ? INT8OID
		   : column->type == DYN_TYPE_S ? TEXTOID
		   : column->type == DYN_TYPE_N ? NUMERICOID
										: BYTEAOID;
}

/* A name that PostgreSQL takes whole, or its beginning and a digest. */
static char *
shorten(const char *name)
{
	StringInfoData shortened;

	if (strlen(name) <= MAX_NAME)
		return pstrdup(name);
	initStringInfo(&shortened);
	appendBinaryStringInfo(&shortened, name, NAME_PREFIX);
	append_digest(&shortened, name, strlen(name));
	return shortened.data;
}

/* '~' and the first digits of the SHA-256 in hex. */
static void
append_digest(StringInfo out, const char *data, int len)
{
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (context == NULL || pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (const uint8 *) data, len) < 0 ||
		pg_cryptohash_final(context, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute a SHA-256 digest");
	pg_cryptohash_free(context);
	appendStringInfoChar(out, '~');
	for (int i = 0; i < DIGEST_DIGITS / 2; i++)
		appendStringInfo(out, "%02x", digest[i]);
}
