/*
 * SHA-256 and HMAC-SHA-256, from OpenSSL's libcrypto.
 */
#ifndef DYN_SHA256_H
#define DYN_SHA256_H

#include "base/text.h"

#define DYN_SHA256_SIZE 32

extern void dyn_sha256_digest(DynStr data, uint8 *digest);
extern void dyn_sha256_hmac(DynStr key, DynStr data, uint8 *digest);
/* Sixty-four lower-case hexadecimal digits. */
extern void dyn_sha256_append_hex(StringInfo out, const uint8 *digest);

#endif
