/*
 * Every dynamo.* setting, in alphabetical order (docs/settings.md).
 *
 * The endpoint's own settings are SIGHUP: a reload reaches the workers, which open their sockets anew where that is
 * needed.  Nothing here is settable by a session, so that no SQL user can change what the endpoint does.
 */
#include "postgres.h"

#include <limits.h>
#include <unistd.h>

#include "miscadmin.h"
#include "utils/guc.h"

#include "base/guc.h"
#include "base/shmem.h"

char	   *dyn_guc_account_id = NULL;
char	   *dyn_guc_anonymous_role = NULL;
int			dyn_guc_authentication = DYN_AUTH_SIGV4;
char	   *dyn_guc_database = NULL;
bool		dyn_guc_enforce_region = false;
bool		dyn_guc_enforce_throughput = false;
int			dyn_guc_http_workers = 0;
int			dyn_guc_idle_timeout = 60;
char	   *dyn_guc_listen_addresses = NULL;
int			dyn_guc_lock_timeout = 1000;
int			dyn_guc_max_connections = 1000;
int			dyn_guc_port = 8000;
char	   *dyn_guc_region = NULL;
int			dyn_guc_request_timeout = 60000;
int			dyn_guc_send_timeout = 30;
bool		dyn_guc_ssl = false;
char	   *dyn_guc_ssl_cert_file = NULL;
char	   *dyn_guc_ssl_key_file = NULL;
int			dyn_guc_stream_shards = 4;
int			dyn_guc_throughput_burst = 300;
int			dyn_guc_ttl_change_interval = 3600;
int			dyn_guc_ttl_interval = 60000;

static const struct config_enum_entry authentication_options[] = {
	{"sigv4", DYN_AUTH_SIGV4, false},
	{"none", DYN_AUTH_NONE, false},
	{NULL, 0, false}
};

static bool check_account_id(char **newval, void **extra, GucSource source);
static bool check_region(char **newval, void **extra, GucSource source);

void
dyn_guc_define(void)
{
	/* PostgreSQL lets nobody define a PGC_POSTMASTER setting later than the start; without preloading nothing reads it. */
	GucContext	database_context = process_shared_preload_libraries_in_progress ? PGC_POSTMASTER : PGC_SIGHUP;

	DefineCustomStringVariable("dynamo.account_id",
							   "The AWS account number in ARNs.",
							   "Twelve digits.  DynamoDB clients see it in every ARN; nothing is checked against it.",
							   &dyn_guc_account_id, "000000000000",
							   PGC_SIGHUP, 0, check_account_id, NULL, NULL);
	DefineCustomStringVariable("dynamo.anonymous_role",
							   "The role that runs every request when dynamo.authentication is none.",
							   "Empty: the owner of the database that dynamo.database names.",
							   &dyn_guc_anonymous_role, "",
							   PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("dynamo.authentication",
							 "How the endpoint finds out who is calling.",
							 "sigv4: every request carries a valid AWS Signature Version 4 of a key in "
							 "dynamo.access_keys.  none: every request is accepted as dynamo.anonymous_role; the endpoint "
							 "then refuses to listen beyond the loopback addresses.",
							 &dyn_guc_authentication, DYN_AUTH_SIGV4, authentication_options,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("dynamo.database",
							   "The database that the endpoint serves.",
							   "Its encoding must be UTF8.  Requests are served once CREATE EXTENSION dynamo has run there.",
							   &dyn_guc_database, "postgres",
							   database_context, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("dynamo.enforce_region",
							 "Refuses requests that were signed for another region than dynamo.region.",
							 "Off: a client may name any region; only the signature counts.",
							 &dyn_guc_enforce_region, false,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("dynamo.enforce_throughput",
							 "Refuses requests beyond the throughput that is configured for a table or an index.",
							 "Provisioned throughput, and the maxima of tables on demand.  Needs the library to be preloaded.",
							 &dyn_guc_enforce_throughput, false,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.http_workers",
							"The number of processes that serve HTTP requests.",
							"0: one per processor, at least 2, as far as max_worker_processes leaves room.",
							&dyn_guc_http_workers, 0, 0, DYN_MAX_HTTP_WORKERS,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.idle_timeout",
							"Ends an HTTP connection on which nothing has moved for this long.",
							"0: never.",
							&dyn_guc_idle_timeout, 60, 0, 24 * 60 * 60,
							PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomStringVariable("dynamo.listen_addresses",
							   "The host names or addresses the endpoint listens on.",
							   "A list separated by commas.  * stands for all interfaces, 0.0.0.0 for all of IPv4, :: for "
							   "all of IPv6.  Empty: no endpoint.",
							   &dyn_guc_listen_addresses, "127.0.0.1",
							   PGC_SIGHUP, GUC_LIST_INPUT, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.lock_timeout",
							"How long a request at the endpoint waits for a lock.",
							"It then fails with the error that makes an AWS SDK try again, so that a long SQL transaction "
							"cannot stop the endpoint.",
							&dyn_guc_lock_timeout, 1000, 1, INT_MAX,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.max_connections",
							"The number of HTTP connections that are open at once, over all workers.",
							"One more is closed as soon as it arrives.",
							&dyn_guc_max_connections, 1000, 1, 100000,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.port",
							"The TCP port of the endpoint.",
							NULL,
							&dyn_guc_port, 8000, 1, 65535,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("dynamo.region",
							   "The AWS region in ARNs.",
							   "Also the one region that requests may be signed for while dynamo.enforce_region is on.",
							   &dyn_guc_region, "us-east-1",
							   PGC_SIGHUP, 0, check_region, NULL, NULL);
	DefineCustomIntVariable("dynamo.request_timeout",
							"Cancels a request at the endpoint that runs for longer than this.",
							"0: never.  A trigger or function of a SQL user that does not return would hold a worker, and all "
							"clients connected to it, for ever.",
							&dyn_guc_request_timeout, 60000, 0, INT_MAX,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.send_timeout",
							"Ends an HTTP connection whose client takes less than 128 kB of a reply in this time.",
							"0: never.  A reply that has not been taken is kept in memory.",
							&dyn_guc_send_timeout, 30, 0, 24 * 60 * 60,
							PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomBoolVariable("dynamo.ssl",
							 "The endpoint speaks HTTPS instead of HTTP.",
							 NULL,
							 &dyn_guc_ssl, false,
							 PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("dynamo.ssl_cert_file",
							   "The file with the endpoint's certificate and its chain, in PEM form.",
							   "Relative to the data directory.  Empty: the server's ssl_cert_file.",
							   &dyn_guc_ssl_cert_file, "",
							   PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("dynamo.ssl_key_file",
							   "The file with the endpoint's private key, in PEM form.",
							   "Relative to the data directory.  Empty: the server's ssl_key_file.",
							   &dyn_guc_ssl_key_file, "",
							   PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.stream_shards",
							"The number of open shards of a stream that is switched on from now on.",
							"A change belongs to a shard by its hash key; each shard can have a reader of its own.",
							&dyn_guc_stream_shards, 4, 1, 256,
							PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.throughput_burst",
							"For how long unused throughput is kept while dynamo.enforce_throughput is on.",
							"1s: a table has what its limit gives each second, and saves nothing.",
							&dyn_guc_throughput_burst, 300, 1, 60 * 60,
							PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.ttl_change_interval",
							"How long after a change of a table's TimeToLive the next one is refused.",
							"0: never.",
							&dyn_guc_ttl_change_interval, 3600, 0, 24 * 60 * 60,
							PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("dynamo.ttl_interval",
							"The pause between two searches for items that have expired.",
							NULL,
							&dyn_guc_ttl_interval, 60000, 10, 24 * 60 * 60 * 1000,
							PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);

	MarkGUCPrefixReserved("dynamo");
}

int
dyn_guc_http_worker_count(void)
{
	/* What else needs a slot: the launcher, the scheduler, a job, and PostgreSQL's own logical replication launcher. */
	const int	others = 4;
	long		processors;

	if (dyn_guc_http_workers > 0)
		return dyn_guc_http_workers;
	processors = sysconf(_SC_NPROCESSORS_ONLN);
	return Max(2, Min(Min(processors, max_worker_processes - others), DYN_MAX_HTTP_WORKERS));
}

static bool
check_account_id(char **newval, void **extra, GucSource source)
{
	if (strlen(*newval) == 12 && strspn(*newval, "0123456789") == 12)
		return true;
	GUC_check_errdetail("An account number has twelve digits.");
	return false;
}

/* A region stands in ARNs, where other characters would end it. */
static bool
check_region(char **newval, void **extra, GucSource source)
{
	size_t		length = strlen(*newval);

	if (length > 0 && length <= 64 && strspn(*newval, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
		return true;
	GUC_check_errdetail("A region consists of small letters, digits and hyphens.");
	return false;
}
