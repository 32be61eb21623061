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
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "db/sql.h"
#include "db/scope.h"

static Oid	known_owner = InvalidOid;

static void begin(DynScope *scope, Oid owner, int security_flags);
static Oid	extension_owner(void);
static Oid	find_extension_owner(void);
static void transaction_ended(XactEvent event, void *arg);
static Oid	table_owner(Oid relid);

void
dyn_scope_begin(DynScope *scope)
{
	begin(scope, extension_owner(), SECURITY_LOCAL_USERID_CHANGE);
	dyn_scope_set("search_path", "pg_catalog, pg_temp");
}

void
dyn_scope_begin_table(DynScope *scope, Oid relid)
{
	begin(scope, table_owner(relid), SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
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
	SPI_connect();
}

/*
 * Kept until the transaction ends, since PostgreSQL has no cache of extensions, and says nothing when one gets another owner.
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
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			owner;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("dynamo"));
	scan = systable_beginscan(catalogue, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"dynamo\" does not exist")));
	owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(catalogue, AccessShareLock);
	return owner;
}

static Oid
table_owner(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}
