/*
 * SHA-256 and HMAC-SHA-256, from OpenSSL's libcrypto (docs/decisions/0003-crypto-library.md).
 *
 * What costs time in OpenSSL 3 is not the hash but finding and allocating it.  So the algorithm is fetched once and one
 * context serves every digest of the process.  HMAC is built from two digests by hand.  With a key of 32 bytes that
 * costs two blocks more than a kept keyed context would, but no OpenSSL object has to be cached for each signing key.
 */
#include "postgres.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/sha256.h"
#include "base/compat.h"

#define BLOCK_SIZE 64

static EVP_MD *algorithm = NULL;
static EVP_MD_CTX *context = NULL;

static void digest_two(DynStr first, DynStr second, uint8 *digest);
static void prepare(void);
static void fail(void) pg_attribute_noreturn();

void
dyn_sha256_digest(DynStr data, uint8 *digest)
{
	digest_two((DynStr) {NULL, 0}, data, digest);
}

void
dyn_sha256_hmac(DynStr key, DynStr data, uint8 *digest)
{
	uint8		padded[BLOCK_SIZE] = {0};
	uint8		pad[BLOCK_SIZE];
	DynStr		pad_text = {(const char *) pad, BLOCK_SIZE};

	if (key.len > BLOCK_SIZE)
		dyn_sha256_digest(key, padded);
	else
		memcpy(padded, key.data, key.len);

	for (int i = 0; i < BLOCK_SIZE; i++)
		pad[i] = padded[i] ^ 0x36;
	digest_two(pad_text, data, digest);

	for (int i = 0; i < BLOCK_SIZE; i++)
		pad[i] = padded[i] ^ 0x5C;
	digest_two(pad_text, (DynStr) {(const char *) digest, DYN_SHA256_SIZE}, digest);

	explicit_bzero(padded, sizeof(padded));
	explicit_bzero(pad, sizeof(pad));
}

void
dyn_sha256_append_hex(StringInfo out, const uint8 *digest)
{
	static const char digits[] = "0123456789abcdef";
	char		hex[2 * DYN_SHA256_SIZE];

	for (int i = 0; i < DYN_SHA256_SIZE; i++)
	{
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	appendBinaryStringInfo(out, hex, sizeof(hex));
}

/* digest may be second's own memory: it is written last. */
static void
digest_two(DynStr first, DynStr second, uint8 *digest)
{
	if (context == NULL)
		prepare();
	if (!EVP_DigestInit_ex(context, algorithm, NULL) ||
		(first.len > 0 && !EVP_DigestUpdate(context, first.data, first.len)) ||
		(second.len > 0 && !EVP_DigestUpdate(context, second.data, second.len)) ||
		!EVP_DigestFinal_ex(context, digest, NULL))
		fail();
}

static void
prepare(void)
{
	if (algorithm == NULL)
		algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (algorithm == NULL)
		fail();
	context = EVP_MD_CTX_new();
	if (context == NULL)
		fail();
}

/* The server's own use of OpenSSL expects to find the error queue empty. */
static void
fail(void)
{
	unsigned long code = ERR_get_error();
	const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	ereport(ERROR,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("could not compute SHA-256: %s", reason ? reason : "unknown error")));
}
