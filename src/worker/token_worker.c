/*
 * Forgets ClientRequestTokens that are older than ten minutes.
 *
 * Nothing depends on it: a claim does not look at older ones, either.  It keeps the table small.
 */
#include "postgres.h"

#include "meta/request_token.h"
#include "worker/token_worker.h"

#define TOKENS_PER_TICK 10000

bool
dyn_token_worker_tick(void)
{
	return dyn_request_token_forget(TOKENS_PER_TICK);
}
