/*
 * Forgets ClientRequestTokens that are older than ten minutes.
 */
#ifndef DYN_TOKEN_WORKER_H
#define DYN_TOKEN_WORKER_H

extern bool dyn_token_worker_tick(void);

#endif
