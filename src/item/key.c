/*
 * Key schemas and key values.
 *
 * The encoding of a key is the concatenation of its parts, each of which ends itself, so that memcmp on whole keys
 * compares part by part:
 *
 *   type byte, then
 *   S, B   the bytes, 00 written as 00 FF, then 00 01
 *   N      01 negative, 02 zero, 03 positive; the exponent plus 130; the digits plus one; 00
 *          (of a negative number everything behind the sign is complemented)
 *
 * A value that is a prefix of another sorts first, because 00 01 is less than any byte that may follow it there.
 */
#include "postgres.h"

#include <openssl/evp.h>

#include "item/key.h"

#define SHA256_SIZE 32

static void append_encoded_text(StringInfo out, DynStr text);
static void append_encoded_number(StringInfo out, const DynNumber *number);
static void sha256(DynStr bytes, unsigned char *digest);

int
dyn_key_part_count(const DynKeySchema *schema)
{
	return schema->hash_count + schema->range_count;
}

const DynKeyPart *
dyn_key_part_find(const DynKeySchema *schema, DynStr name)
{
	for (int i = 0; i < dyn_key_part_count(schema); i++)
	{
		if (dyn_text_equal(schema->parts[i].name, name))
			return &schema->parts[i];
	}
	return NULL;
}

bool
dyn_key_from_item(const DynKeySchema *schema, const DynItem *item, DynKey *key)
{
	key->count = dyn_key_part_count(schema);
	for (int i = 0; i < key->count; i++)
	{
		const DynValue *value = dyn_item_get(item, schema->parts[i].name);

		if (value == NULL || value->type != schema->parts[i].type)
			return false;
		key->values[i] = *value;
	}
	return true;
}

bool
dyn_key_equal(const DynKey *a, const DynKey *b)
{
	return dyn_key_compare(a, b) == 0;
}

int
dyn_key_compare(const DynKey *a, const DynKey *b)
{
	for (int i = 0; i < Min(a->count, b->count); i++)
	{
		int			order = (int) a->values[i].type - (int) b->values[i].type;

		if (order == 0)
			order = dyn_value_compare(&a->values[i], &b->values[i]);
		if (order != 0)
			return order;
	}
	return a->count - b->count;
}

void
dyn_key_append_encoded(StringInfo out, const DynKey *key)
{
	for (int i = 0; i < key->count; i++)
	{
		const DynValue *value = &key->values[i];

		appendStringInfoChar(out, value->type + 1);
		if (value->type == DYN_TYPE_N)
			append_encoded_number(out, value->number);
		else
			append_encoded_text(out, value->text);
	}
}

void
dyn_key_to_item(const DynKeySchema *schema, const DynKey *key, DynItem *item)
{
	for (int i = 0; i < key->count; i++)
		dyn_item_set(item, schema->parts[i].name, key->values[i]);
}

/*
 * A value that is kept whole is always shorter than a digested one, so that the two cannot be mistaken for each other.
 */
DynStr
dyn_key_hash_column(const DynValue *value)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_SIZE];
	DynStr		whole = value->text;
	int			cut = DYN_HASH_COLUMN_PREFIX;
	char	   *column;

	if (value->type == DYN_TYPE_N)
		return dyn_number_text(value->number);
	if (whole.len <= DYN_HASH_COLUMN_PREFIX)
		return whole;

	sha256(whole, digest);
	column = palloc(DYN_HASH_COLUMN_PREFIX + 2 * SHA256_SIZE + 1);
	if (value->type == DYN_TYPE_S)
	{
		while (cut > 0 && ((unsigned char) whole.data[cut] & 0xC0) == 0x80)
			cut--;
		for (int i = 0; i < SHA256_SIZE; i++)
		{
			column[cut + 2 * i] = hex[digest[i] >> 4];
			column[cut + 2 * i + 1] = hex[digest[i] & 15];
		}
	}
	else
		memcpy(column + cut, digest, SHA256_SIZE);
	memcpy(column, whole.data, cut);
	return (DynStr) {column, cut + (value->type == DYN_TYPE_S ? 2 * SHA256_SIZE : SHA256_SIZE)};
}

static void
append_encoded_text(StringInfo out, DynStr text)
{
	const char *at = text.data;
	const char *end = text.data + text.len;
	const char *zero;

	while (at < end && (zero = memchr(at, 0, end - at)) != NULL)
	{
		appendBinaryStringInfo(out, at, zero - at);
		appendBinaryStringInfo(out, "\x00\xff", 2);
		at = zero + 1;
	}
	appendBinaryStringInfo(out, at, end - at);
	appendBinaryStringInfo(out, "\x00\x01", 2);
}

static void
append_encoded_number(StringInfo out, const DynNumber *number)
{
	unsigned char bytes[DYN_MAX_NUMBER_DIGITS + 3];
	int			len = 0;

	bytes[len++] = number->count == 0 ? 2 : number->negative ? 1 : 3;
	if (number->count > 0)
	{
		bytes[len++] = number->exponent - DYN_MIN_NUMBER_EXPONENT;
		for (int i = 0; i < number->count; i++)
			bytes[len++] = number->digits[i] + 1;
		bytes[len++] = 0;
		for (int i = 1; number->negative && i < len; i++)
			bytes[i] = ~bytes[i];
	}
	appendBinaryStringInfo(out, (char *) bytes, len);
}

static void
sha256(DynStr bytes, unsigned char *digest)
{
	if (EVP_Digest(bytes.data, bytes.len, digest, NULL, EVP_sha256(), NULL) != 1)
		elog(ERROR, "could not compute SHA-256");
}
