/*
 * A stretch of code that runs inside SPI with an owner's rights.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "base/error.h"
#include "base/message.h"
#include "db/scope.h"
#include "db/sql.h"

static Oid	known_owner = InvalidOid;

static void begin(DynScope *scope, Oid owner, int security_flags);
static Oid	extension_owner(void);
static Oid	find_extension_owner(void);
static HeapTuple extension_row(Relation catalogue);
static void transaction_ended(XactEvent event, void *arg);

void
dyn_scope_begin(DynScope *scope)
{
	begin(scope, extension_owner(), SECURITY_LOCAL_USERID_CHANGE);
}

void
dyn_scope_begin_table(DynScope *scope, Oid relid)
{
	begin(scope, dyn_scope_table_owner(relid),
		  SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
}

Oid
dyn_scope_table_owner(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

void
dyn_scope_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
dyn_scope_end(const DynScope *scope)
{
	SPI_finish();
	SetUserIdAndSecContext(scope->caller, scope->security);
	AtEOXact_GUC(false, scope->settings);
}

char *
dyn_scope_look_up(const char *sql, int count, Oid *types, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *text = NULL;
	DynScope scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_latest(sql, count, types, values, 1) > 0)
		text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (text != NULL)
		text = MemoryContextStrdup(caller, text);
	dyn_scope_end(&scope);
	return text;
}

static void
begin(DynScope *scope, Oid owner, int security_flags)
{
	GetUserIdAndSecContext(&scope->caller, &scope->security);
	scope->settings = NewGUCNestLevel();
	SetUserIdAndSecContext(owner, scope->security | security_flags);
	dyn_scope_set("search_path", DYN_SCOPE_PATH);
	SPI_connect();
}

/*
 * The owner is kept until the transaction ends.  PostgreSQL has no cache of extensions, and sends no invalidation when
 * one gets another owner.
 */
static Oid
extension_owner(void)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(transaction_ended, NULL);
		registered = true;
	}
	if (!OidIsValid(known_owner))
		known_owner = find_extension_owner();
	return known_owner;
}

static void
transaction_ended(XactEvent event, void *arg)
{
	known_owner = InvalidOid;
}

static Oid
find_extension_owner(void)
{
	Relation	catalogue = table_open(ExtensionRelationId, AccessShareLock);
	HeapTuple	row = extension_row(catalogue);
	Oid			owner = ((Form_pg_extension) GETSTRUCT(row))->extowner;

	heap_freetuple(row);
	table_close(catalogue, AccessShareLock);
	return owner;
}

void
dyn_scope_check_version(void)
{
	static bool fits = false;
	Relation	catalogue;
	Datum		version;
	bool		is_null;
	const char *found;

	if (fits)
		return;
	catalogue = table_open(ExtensionRelationId, AccessShareLock);
	version = heap_getattr(extension_row(catalogue), Anum_pg_extension_extversion, RelationGetDescr(catalogue), &is_null);
	found = is_null ? "" : TextDatumGetCString(version);
	table_close(catalogue, AccessShareLock);
	if (strcmp(found, DYN_VERSION) != 0)
		dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_VERSION_DIFFERS, found, DYN_VERSION);
	fits = true;
}

/* Returns a copy. */
static HeapTuple
extension_row(Relation catalogue)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("dynamo"));
	scan = systable_beginscan(catalogue, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"dynamo\" does not exist")));
	tuple = heap_copytuple(tuple);
	systable_endscan(scan);
	return tuple;
}
