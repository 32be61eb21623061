/*
 * A stretch of code that runs inside SPI with an owner's rights.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/syscache.h"

#include "meta/owner_scope.h"
#include "meta/table_row.h"

static void begin(DynOwnerScope *scope, Oid owner, int security_flags);
static Oid	extension_owner(void);
static Oid	table_owner(const DynTable *table);

void
dyn_owner_scope_begin(DynOwnerScope *scope)
{
	begin(scope, extension_owner(), SECURITY_LOCAL_USERID_CHANGE);
	dyn_owner_scope_set("search_path", "pg_catalog, pg_temp");
}

void
dyn_owner_scope_begin_table(DynOwnerScope *scope, const DynTable *table)
{
	dyn_table_meta_note_use(table);
	begin(scope, table_owner(table), SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
}

void
dyn_owner_scope_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
dyn_owner_scope_end(const DynOwnerScope *scope)
{
	SPI_finish();
	SetUserIdAndSecContext(scope->caller, scope->security);
	AtEOXact_GUC(false, scope->settings);
}

char *
dyn_owner_scope_look_up(const char *sql, int count, Oid *types, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *text = NULL;
	DynOwnerScope scope;

	dyn_owner_scope_begin(&scope);
	if (dyn_table_row_query(sql, count, types, values) > 0)
		text = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (text != NULL)
		text = MemoryContextStrdup(caller, text);
	dyn_owner_scope_end(&scope);
	return text;
}

static void
begin(DynOwnerScope *scope, Oid owner, int security_flags)
{
	GetUserIdAndSecContext(&scope->caller, &scope->security);
	scope->settings = NewGUCNestLevel();
	SetUserIdAndSecContext(owner, scope->security | security_flags);
	SPI_connect();
}

static Oid
extension_owner(void)
{
	Oid			extension = get_extension_oid("dynamo", false);
	Relation	catalogue = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			owner;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(extension));
	scan = systable_beginscan(catalogue, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "extension dynamo has vanished");
	owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(catalogue, AccessShareLock);
	return owner;
}

static Oid
table_owner(const DynTable *table)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table->relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", table->relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}
