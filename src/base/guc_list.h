/*
 * Every dynamo.* setting, in alphabetical order (docs/settings.md).
 *
 * DYN_GUC_BOOL(name, default, what it is, more about it)
 * DYN_GUC_ENUM(name, default, options, ...)
 * DYN_GUC_INT(name, default, least, most, unit, ...)
 * DYN_GUC_STRING(name, default, context, flags, check, ...)
 *
 * guc.c defines the options, checks and the context that are named here.
 *
 * The variable of a setting is called dyn_guc_ and its name.  The endpoint's own settings are SIGHUP: a reload reaches
 * the workers, which open their sockets anew where that is needed.  Nothing here is settable by a session, so that no
 * SQL user can change what the endpoint does.
 */
#ifndef DYN_GUC_INT
#error "define DYN_GUC_BOOL, DYN_GUC_ENUM, DYN_GUC_INT and DYN_GUC_STRING before including guc_list.h"
#endif

DYN_GUC_STRING(account_id, "000000000000", PGC_SIGHUP, 0, check_account_id,
	"The AWS account number in ARNs.",
	"Twelve digits.  DynamoDB clients see it in every ARN; nothing is checked against it.")
DYN_GUC_STRING(anonymous_role, "", PGC_SIGHUP, 0, NULL,
	"The role that runs every request when dynamo.authentication is none.",
	"Empty: the owner of the database that dynamo.database names.")
DYN_GUC_ENUM(authentication, DYN_AUTH_SIGV4, authentication_options,
	"How the endpoint finds out who is calling.",
	"sigv4: every request carries a valid AWS Signature Version 4 of a key in dynamo.access_keys.  none: every "
	"request is accepted as dynamo.anonymous_role; the endpoint then refuses to listen beyond the loopback addresses.")
DYN_GUC_INT(cancel_grace, 5000, 1, 60 * 60 * 1000, GUC_UNIT_MS,
	"How long what has been cancelled may go on before its process is ended.",
	"Code of SQL users can catch a cancel, but not the end of the process, which is started again at once.")
DYN_GUC_STRING(database, "postgres", database_context, 0, NULL,
	"The database that the endpoint serves.",
	"Its encoding must be UTF8.  Requests are served once CREATE EXTENSION dynamo has run there.")
DYN_GUC_BOOL(enforce_region, false,
	"Refuses requests that were signed for another region than dynamo.region.",
	"Off: a client may name any region; only the signature counts.")
DYN_GUC_BOOL(enforce_throughput, false,
	"Refuses requests beyond the throughput that is configured for a table or an index.",
	"Provisioned throughput, and the maxima of tables on demand.  Needs the library to be preloaded.")
DYN_GUC_INT(http_workers, 0, 0, DYN_MAX_HTTP_WORKERS, 0,
	"The number of processes that serve HTTP requests.",
	"0: one per processor, at least 2, as far as max_worker_processes leaves room.")
DYN_GUC_INT(idle_timeout, 60, 0, 24 * 60 * 60, GUC_UNIT_S,
	"Ends an HTTP connection on which nothing has moved for this long.",
	"0: never.")
DYN_GUC_STRING(listen_addresses, "127.0.0.1", PGC_SIGHUP, GUC_LIST_INPUT, NULL,
	"The host names or addresses the endpoint listens on.",
	"A list separated by commas.  * stands for all interfaces, 0.0.0.0 for all of IPv4, :: for all of IPv6.  Empty: "
	"no endpoint.")
DYN_GUC_INT(lock_timeout, 1000, 1, INT_MAX, GUC_UNIT_MS,
	"How long a request at the endpoint waits for a lock.",
	"It then fails with the error that makes an AWS SDK try again, so that a long SQL transaction cannot stop the "
	"endpoint.")
DYN_GUC_INT(max_connections, 1000, 1, 100000, 0,
	"The number of HTTP connections that are open at once, over all workers.",
	"One more is closed as soon as it arrives.")
DYN_GUC_INT(port, 8000, 1, 65535, 0,
	"The TCP port of the endpoint.",
	NULL)
DYN_GUC_STRING(region, "us-east-1", PGC_SIGHUP, 0, check_region,
	"The AWS region in ARNs.",
	"Also the one region that requests may be signed for while dynamo.enforce_region is on.")
DYN_GUC_INT(request_timeout, 60000, 0, INT_MAX, GUC_UNIT_MS,
	"Cancels a request at the endpoint that runs for longer than this.",
	"0: never.  A trigger or function of a SQL user that does not return would hold a worker, and all clients "
	"connected to it, for ever.")
DYN_GUC_INT(send_timeout, 30, 0, 24 * 60 * 60, GUC_UNIT_S,
	"Ends an HTTP connection whose client takes less than 128 kB of a reply in this time.",
	"0: never.  A reply that has not been taken is kept in memory.")
DYN_GUC_BOOL(ssl, false,
	"The endpoint speaks HTTPS instead of HTTP.",
	NULL)
DYN_GUC_STRING(ssl_cert_file, "", PGC_SIGHUP, 0, NULL,
	"The file with the endpoint's certificate and its chain, in PEM form.",
	"Relative to the data directory.  Empty: the server's ssl_cert_file.")
DYN_GUC_STRING(ssl_key_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL,
	"The file with the endpoint's private key, in PEM form.",
	"Relative to the data directory.  Empty: the server's ssl_key_file.")
DYN_GUC_INT(stream_shards, 4, 1, 256, 0,
	"The number of open shards of a stream that is switched on from now on.",
	"A change belongs to a shard by its hash key; each shard can have a reader of its own.")
DYN_GUC_INT(throughput_burst, 300, 1, 60 * 60, GUC_UNIT_S,
	"For how long unused throughput is kept while dynamo.enforce_throughput is on.",
	"1s: a table has what its limit gives each second, and saves nothing.")
DYN_GUC_INT(ttl_change_interval, 3600, 0, 24 * 60 * 60, GUC_UNIT_S,
	"How long after a change of a table's TimeToLive the next one is refused.",
	"0: never.")
DYN_GUC_INT(ttl_interval, 60000, 10, 24 * 60 * 60 * 1000, GUC_UNIT_MS,
	"The pause between two searches for items that have expired.",
	NULL)

#undef DYN_GUC_BOOL
#undef DYN_GUC_ENUM
#undef DYN_GUC_INT
#undef DYN_GUC_STRING
