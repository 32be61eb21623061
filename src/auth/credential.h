/*
 * Access keys: the rows of dynamo.access_keys, and what this process remembers of them.
 */
#ifndef DYN_CREDENTIAL_H
#define DYN_CREDENTIAL_H

#include "datatype/timestamp.h"

#include "base/sha256.h"

#define DYN_MAX_ACCESS_KEY_ID 128
#define DYN_MAX_SECRET_ACCESS_KEY 128

/*
 * A signing key, which holds for one day, region and service: AWS's derivation takes four HMACs, so the last ones are
 * kept.
 */
#define DYN_SIGNING_KEYS 4
#define DYN_SIGNING_REGION_SIZE 32
#define DYN_SIGNING_SERVICE_SIZE 32
typedef struct DynSigningKey
{
	int			region_len;
	char		region[DYN_SIGNING_REGION_SIZE];
	int			service_len;
	char		service[DYN_SIGNING_SERVICE_SIZE];
	char		day[8];			/* first byte 0: the slot is free */
	uint8		key[DYN_SHA256_SIZE];
} DynSigningKey;

typedef struct DynCredential
{
	char		access_key_id[DYN_MAX_ACCESS_KEY_ID + 1];
	char		secret[DYN_MAX_SECRET_ACCESS_KEY + 1];
	Oid			role;
	NameData	role_name;
	bool		temporary;		/* requests need its session token, until it expires */
	uint8		token_digest[DYN_SHA256_SIZE];
	TimestampTz expires;
	int			next_signing_key;	/* the slot to use next */
	DynSigningKey signing_keys[DYN_SIGNING_KEYS];
} DynCredential;

/*
 * NULL when there is no such key, it is disabled, or its role does not exist or is another one of that name; one that
 * has expired is found.  Valid until the next call; needs a transaction.  Only the signing keys may be written to.
 */
extern DynCredential *dyn_credential_find(DynStr access_key_id);

/* False when the identifier is taken. */
extern bool dyn_credential_insert(const char *access_key_id, const char *secret, Oid role);
extern bool dyn_credential_insert_temporary(const char *access_key_id, const char *secret, Oid role,
											const uint8 *token_digest, TimestampTz expires);
/*
 * The role of a key, InvalidOid when it is gone or is another one of that name.  Locks the key's row until the end of
 * the transaction; false when there is no such key.
 */
extern bool dyn_credential_lock(const char *access_key_id, Oid *role);
extern void dyn_credential_delete(const char *access_key_id);
extern void dyn_credential_set_enabled(const char *access_key_id, bool enabled);
/*
 * A step of background work: removes temporary keys that ended a week ago, true when more may be left.  They are kept
 * so long that who still uses one is told so.
 */
extern bool dyn_credential_forget_expired(void);

#endif
