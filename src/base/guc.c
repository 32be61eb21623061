/*
 * Tells PostgreSQL of the settings in guc_list.h.
 */
#include "postgres.h"

#include <limits.h>
#include <unistd.h>

#include "miscadmin.h"
#include "utils/guc.h"

#include "base/guc.h"
#include "base/shmem.h"

#define DYN_GUC_BOOL(name, initial, ...) bool dyn_guc_##name = initial;
#define DYN_GUC_ENUM(name, initial, ...) int dyn_guc_##name = initial;
#define DYN_GUC_INT(name, initial, ...) int dyn_guc_##name = initial;
#define DYN_GUC_STRING(name, ...) char *dyn_guc_##name = NULL;
#include "base/guc_list.h"

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

#define DYN_GUC_BOOL(name, initial, brief, more) \
	DefineCustomBoolVariable("dynamo." #name, brief, more, &dyn_guc_##name, initial, PGC_SIGHUP, 0, NULL, NULL, NULL);
#define DYN_GUC_ENUM(name, initial, options, brief, more) \
	DefineCustomEnumVariable("dynamo." #name, brief, more, &dyn_guc_##name, initial, options, PGC_SIGHUP, 0, NULL, \
							 NULL, NULL);
#define DYN_GUC_INT(name, initial, least, most, unit, brief, more) \
	DefineCustomIntVariable("dynamo." #name, brief, more, &dyn_guc_##name, initial, least, most, PGC_SIGHUP, unit, \
							NULL, NULL, NULL);
#define DYN_GUC_STRING(name, initial, context, flags, check, brief, more) \
	DefineCustomStringVariable("dynamo." #name, brief, more, &dyn_guc_##name, initial, context, flags, check, NULL, NULL);
#include "base/guc_list.h"

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
