/*
 * Forgets ClientRequestTokens and temporary access keys of the past.
 */
#ifndef DYN_TOKEN_WORKER_H
#define DYN_TOKEN_WORKER_H

extern bool dyn_token_worker_tick(void);
extern bool dyn_token_worker_forget_keys(void);

#endif
