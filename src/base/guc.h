/*
 * Every dynamo.* setting (docs/settings.md).
 */
#ifndef DYN_GUC_H
#define DYN_GUC_H

typedef enum DynAuthentication
{
	DYN_AUTH_SIGV4,
	DYN_AUTH_NONE
} DynAuthentication;

extern char *dyn_guc_account_id;
extern char *dyn_guc_anonymous_role;	/* empty: the database's owner */
extern int	dyn_guc_authentication; /* DynAuthentication */
extern char *dyn_guc_database;
extern bool dyn_guc_enforce_region;
extern bool dyn_guc_enforce_throughput;
extern int	dyn_guc_http_workers;	/* as configured; 0: one per CPU, at least 2 */
extern int	dyn_guc_idle_timeout;	/* s, 0: none */
extern char *dyn_guc_listen_addresses;
extern int	dyn_guc_lock_timeout;	/* ms */
extern int	dyn_guc_max_connections;
extern int	dyn_guc_port;
extern char *dyn_guc_region;
extern int	dyn_guc_request_timeout;	/* ms */
extern int	dyn_guc_send_timeout;	/* s, 0: none */
extern bool dyn_guc_ssl;
extern char *dyn_guc_ssl_cert_file; /* empty: the server's own */
extern char *dyn_guc_ssl_key_file;
extern int	dyn_guc_stream_shards;
extern int	dyn_guc_throughput_burst;	/* s */
extern int	dyn_guc_ttl_change_interval;	/* s */
extern int	dyn_guc_ttl_interval;	/* ms */

extern void dyn_guc_define(void);
/* dynamo.http_workers with 0 resolved. */
extern int	dyn_guc_http_worker_count(void);

#endif
