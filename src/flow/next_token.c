/*
 * Writes and reads NextToken.
 *
 * A next token is base64 of: a digest of the request (the statement, and its parameters as values), the number of the
 * range, the key as JSON, and an HMAC of all of it with the database system's identifier.  The HMAC shows whether
 * somebody has changed the token, or another server has made it.  A token grants no right: a page is read with the
 * caller's own rights.
 */
#include "postgres.h"

#include "access/xlog.h"

#include "base/error.h"
#include "base/message.h"
#include "base/sha256.h"
#include "flow/next_token.h"
#include "item/item_json.h"
#include "json/json_write.h"

#define HEAD_SIZE (DYN_SHA256_SIZE + (int) sizeof(uint32))

static void
digest_request(const DynJson *body, const DynPartiqlParameters *parameters, uint8 *digest)
{
	DynStr		statement = dyn_json_get_string(body, "Statement");
	StringInfoData text;

	initStringInfo(&text);
	appendBinaryStringInfo(&text, (const char *) &statement.len, sizeof(statement.len));
	appendBinaryStringInfo(&text, statement.data, statement.len);
	for (int i = 0; i < parameters->count; i++)
		dyn_item_json_write_value(&text, &parameters->values[i]);
	dyn_sha256_digest((DynStr) {text.data, text.len}, digest);
}

/* AWS treats lists and maps as different in every request. */
static bool
has_document(const DynPartiqlParameters *parameters)
{
	for (int i = 0; i < parameters->count; i++)
		if (parameters->values[i].type == DYN_TYPE_L || parameters->values[i].type == DYN_TYPE_M)
			return true;
	return false;
}

static void
sign(DynStr content, uint8 *signature)
{
	uint64		identifier = GetSystemIdentifier();

	dyn_sha256_hmac((DynStr) {(const char *) &identifier, sizeof(identifier)}, content, signature);
}

void
dyn_next_token_write(StringInfo out, const DynJson *body, const DynPartiqlParameters *parameters,
						  const DynStatementPosition *position)
{
	uint8		digest[DYN_SHA256_SIZE];
	uint32		range = position->range;
	StringInfoData content;
	StringInfoData key;
	StringInfoData text;

	initStringInfo(&content);
	digest_request(body, parameters, digest);
	appendBinaryStringInfo(&content, (const char *) digest, sizeof(digest));
	appendBinaryStringInfo(&content, (const char *) &range, sizeof(range));
	if (position->key != NULL)
	{
		initStringInfo(&key);
		dyn_item_json_write(&key, position->key);
		appendBinaryStringInfo(&content, key.data, key.len);
	}
	sign((DynStr) {content.data, content.len}, digest);
	appendBinaryStringInfo(&content, (const char *) digest, sizeof(digest));
	initStringInfo(&text);
	dyn_text_append_base64(&text, (DynStr) {content.data, content.len});
	dyn_json_write_member(out, "NextToken");
	dyn_json_write_string(out, (DynStr) {text.data, text.len});
}

void
dyn_next_token_read(const DynJson *body, const DynPartiqlParameters *parameters, int range_count,
						 DynStatementPosition *position)
{
	DynStr		token = dyn_json_get_string(body, "NextToken");
	uint8		digest[DYN_SHA256_SIZE];
	uint32		range;
	DynStr		content;
	const DynJson *key;

	if (token.data == NULL)
		return;
	if (!dyn_text_decode_base64(token, &content) || content.len < HEAD_SIZE + DYN_SHA256_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEXT_TOKEN_INVALID);
	content.len -= DYN_SHA256_SIZE;
	sign(content, digest);
	if (memcmp(digest, content.data + content.len, DYN_SHA256_SIZE) != 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEXT_TOKEN_INVALID);
	digest_request(body, parameters, digest);
	memcpy(&range, content.data + DYN_SHA256_SIZE, sizeof(range));
	if (has_document(parameters) || memcmp(digest, content.data, DYN_SHA256_SIZE) != 0 || range >= range_count)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEXT_TOKEN_OF_OTHER_REQUEST);
	position->range = range;
	if (content.len == HEAD_SIZE)
		return;
	key = dyn_json_parse(pnstrdup(content.data + HEAD_SIZE, content.len - HEAD_SIZE), content.len - HEAD_SIZE, false);
	if (!dyn_json_is_object(key))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEXT_TOKEN_INVALID);
	position->key = dyn_item_json_read(key);
}
