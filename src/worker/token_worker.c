/*
 * Forgets tokens of the past: ClientRequestTokens that are older than ten minutes, and access keys whose session token
 * expired a week ago.
 *
 * Nothing depends on it: older ones are not looked at, or refused.  It keeps the tables small.  Expired keys are kept for
 * a while, so that who still uses one is told so.
 */
#include "postgres.h"

#include "auth/credential.h"
#include "base/clock.h"
#include "meta/request_token.h"
#include "worker/token_worker.h"

#define TOKENS_PER_TICK 10000
#define EXPIRED_KEYS_KEPT (7 * USECS_PER_DAY)

bool
dyn_token_worker_tick(void)
{
	return dyn_request_token_forget(TOKENS_PER_TICK);
}

bool
dyn_token_worker_forget_keys(void)
{
	return dyn_credential_forget(dyn_clock_now() - EXPIRED_KEYS_KEPT, TOKENS_PER_TICK);
}
