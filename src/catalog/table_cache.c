/*
 * Table descriptors: loads them from the catalogue and keeps them.
 *
 * The cache has one entry per table, found by name and by item table.  An entry lives in a memory context of its own.
 * A relcache invalidation of the item table marks the entry stale, and the next look-up loads a new one; the stale one
 * stays in the graveyard until the transaction ends, because callers hold pointers into it.  A look-up first locks the
 * item table, which processes pending invalidations, and then checks whether the entry is still valid.  An entry that
 * is not stale after that is up to date, and while the lock is held nobody can drop or alter the table.
 *
 * Names that do not exist are not cached, because a table created by somebody else must be seen at once.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/table_cache.h"
#include "catalog/table_damage.h"
#include "catalog/table_entry.h"
#include "catalog/table_event.h"
#include "db/sql.h"
#include "db/scope.h"

typedef struct CachedTable
{
	DynTable	table;
	bool		stale;
	MemoryContext context;		/* this entry's own */
	struct CachedTable *next;	/* in the graveyard */
} CachedTable;

typedef struct NameEntry
{
	char		name[DYN_MAX_TABLE_NAME + 1];	/* key */
	CachedTable *cached;
} NameEntry;

typedef struct RelidEntry
{
	Oid			relid;			/* key */
	CachedTable *cached;
} RelidEntry;

static HTAB *by_name = NULL;
static HTAB *by_relid = NULL;
static CachedTable *graveyard = NULL;
static bool some_stale = false;

/* The table being loaded.  When an invalidation of it comes meanwhile, it is loaded again. */
static Oid	loading_relid = InvalidOid;
static bool loading_stale = false;

static CachedTable *find_by_name(const char *name);
static Oid	resolve(const char *name);
static CachedTable *load(const char *name, Oid relid);
static const DynTable *check_readable(const DynTable *table);
static char *owner_name(Oid relid, MemoryContext context);
static void note_damage(DynTable *table, MemoryContext context);
static CachedTable *load_once(const char *name, Oid relid);
static void remember(CachedTable *cached);
static void bury(CachedTable *cached);
static void make_cache(void);
static void relation_changed(Datum arg, Oid relid);
static void transaction_ended(XactEvent event, void *arg);

const DynTable *
dyn_table_cache_get(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_cache_find(name, lockmode);

	if (table == NULL || table->status == DYN_TABLE_CREATING || table->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_RESOURCE_NOT_FOUND);
	return table;
}

const DynTable *
dyn_table_cache_describe(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_cache_find_damaged(name, lockmode);

	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, dyn_text_printable(dyn_text_from_cstring(name)));
	return table;
}

const DynTable *
dyn_table_cache_find(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_cache_find_damaged(name, lockmode);

	if (table != NULL && table->damage != NULL && (!table->readable || lockmode > AccessShareLock))
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_DAMAGED, table->name, table->damage);
	return table;
}

const DynTable *
dyn_table_cache_find_damaged(const char *name, LOCKMODE lockmode)
{
	make_cache();
	if (strlen(name) > DYN_MAX_TABLE_NAME)
		return NULL;
	for (;;)
	{
		CachedTable *cached = find_by_name(name);
		Oid			relid = cached && !cached->stale ? cached->table.relid : resolve(name);

		if (!OidIsValid(relid))
			return NULL;
		LockRelationOid(relid, lockmode);
		cached = find_by_name(name);
		if (cached == NULL || cached->stale || cached->table.relid != relid)
			cached = load(name, relid);
		if (cached != NULL)
			return &cached->table;

		/* dropped, and perhaps created anew, while we waited for the lock */
		UnlockRelationOid(relid, lockmode);
		CHECK_FOR_INTERRUPTS();
	}
}

const DynTable *
dyn_table_cache_by_relid(Oid relid)
{
	RelidEntry *entry;
	Oid			type = TEXTOID;
	Datum		rel_name;
	char	   *name;

	make_cache();
	entry = hash_search(by_relid, &relid, HASH_FIND, NULL);
	if (entry != NULL && !entry->cached->stale)
		return check_readable(&entry->cached->table);

	if (get_rel_namespace(relid) != get_namespace_oid(DYN_ITEM_SCHEMA, true))
		return NULL;
	rel_name = CStringGetTextDatum(get_rel_name(relid));
	name = dyn_scope_look_up("SELECT name FROM dynamo.tables WHERE rel_name = $1", 1, &type, &rel_name);
	if (name == NULL)
		return NULL;

	CachedTable *cached = load(name, relid);

	return cached ? check_readable(&cached->table) : NULL;
}

void
dyn_table_cache_null_found(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("a row of an item table has a null where none can be"),
			 errhint("See dynamo.check_table().")));
}

/* A trigger only needs to find the columns: rows may be loaded before the primary key is made. */
static const DynTable *
check_readable(const DynTable *table)
{
	if (!table->readable)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_DAMAGED, table->name, table->damage);
	return table;
}

int
dyn_table_cache_list(const char *after, int limit, char ***names)
{
	Oid			types[2] = {TEXTOID, INT8OID};
	Datum		values[2] = {CStringGetTextDatum(after ? after : ""), Int64GetDatum(limit)};
	/* those that DescribeTable finds; dynamo.check_table() tells of the others */
	static const char *const query =
		"SELECT t.name FROM dynamo.tables t WHERE t.name > $1 AND EXISTS (SELECT FROM pg_catalog.pg_class c "
		"WHERE c.relname = t.rel_name AND c.relkind IN ('r', 'p') AND c.relnamespace = '" DYN_ITEM_SCHEMA
		"'::pg_catalog.regnamespace) "
		"ORDER BY t.name LIMIT $2";
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_sql_latest(query, 2, types, values, 0);
	*names = MemoryContextAlloc(caller, Max(count, 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		(*names)[i] = MemoryContextStrdup(caller, SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1));
	dyn_scope_end(&scope);
	return count;
}

void
dyn_table_cache_update(const DynTable *table, const DynTable *changed)
{
	DynTable	row = *changed;
	DynScope scope;

	dyn_table_event_changing(table, &row);
	dyn_scope_begin(&scope);
	dyn_table_entry_update(table, &row);
	dyn_scope_end(&scope);
	dyn_table_cache_invalidate(table->relid);
	CommandCounterIncrement();
	dyn_table_event_changed(table, &row);
}

void
dyn_table_cache_invalidate(Oid relid)
{
	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		CacheInvalidateRelcacheByRelid(relid);
}

void
dyn_table_cache_invalidate_name(const char *rel_name)
{
	dyn_table_cache_invalidate(get_relname_relid(rel_name, get_namespace_oid(DYN_ITEM_SCHEMA, false)));
}

void
dyn_table_cache_invalidate_id(int64 id)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(id);
	char	   *rel_name = dyn_scope_look_up("SELECT rel_name FROM dynamo.tables WHERE id = $1", 1, &type, &value);

	if (rel_name != NULL)
		dyn_table_cache_invalidate_name(rel_name);
}

static CachedTable *
find_by_name(const char *name)
{
	NameEntry  *entry = hash_search(by_name, name, HASH_FIND, NULL);

	return entry ? entry->cached : NULL;
}

/* The item table that the catalogue and PostgreSQL have for a name at this moment. */
static Oid
resolve(const char *name)
{
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(name);
	char	   *rel_name = dyn_scope_look_up("SELECT rel_name FROM dynamo.tables WHERE name = $1", 1, &type, &value);

	return rel_name != NULL ? dyn_table_entry_relation(rel_name) : InvalidOid;
}

/* The item table is locked.  NULL when it does not belong to that name any more. */
static CachedTable *
load(const char *name, Oid relid)
{
	CachedTable *cached;

	/* After an error loading_relid stays set, which does no harm. */
	do
	{
		CHECK_FOR_INTERRUPTS();
		loading_relid = relid;
		loading_stale = false;
		cached = load_once(name, relid);
		if (loading_stale && cached != NULL)
			MemoryContextDelete(cached->context);
	} while (loading_stale);
	loading_relid = InvalidOid;
	if (cached != NULL)
		remember(cached);
	return cached;
}

static CachedTable *
load_once(const char *name, Oid relid)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "dynamo table", ALLOCSET_SMALL_SIZES);
	CachedTable *cached = MemoryContextAllocZero(context, sizeof(CachedTable));
	DynTable   *table = &cached->table;
	DynScope scope;
	bool		found;

	table->relid = relid;
	table->plans = MemoryContextAllocZero(context, sizeof(struct DynTablePlans *));
	cached->context = context;
	dyn_scope_begin(&scope);
	found = dyn_table_entry_load(table, name, context);
	dyn_scope_end(&scope);

	if (!found)
	{
		MemoryContextDelete(context);
		return NULL;
	}
	table->qualified = MemoryContextStrdup(context, quote_qualified_identifier(DYN_ITEM_SCHEMA, table->rel_name));
	table->owner_name = owner_name(table->relid, context);
	note_damage(table, context);
	return cached;
}

static char *
owner_name(Oid relid, MemoryContext context)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	char	   *name = NULL;

	if (HeapTupleIsValid(tuple))
	{
		name = GetUserNameFromId(((Form_pg_class) GETSTRUCT(tuple))->relowner, true);
		ReleaseSysCache(tuple);
	}
	return MemoryContextStrdup(context, name != NULL ? name : "");
}

/* Each process logs it once for each change, not for each request. */
static void
note_damage(DynTable *table, MemoryContext context)
{
	List	   *damages = dyn_table_damage_list(table, false);
	const DynDamage *worst = damages != NIL ? linitial(damages) : NULL;

	table->readable = worst == NULL || worst->effect != DYN_DAMAGE_UNREADABLE;
	if (worst == NULL)
		return;
	table->damage = MemoryContextStrdup(context, worst->problem);
	ereport(LOG,
			(errhidestmt(true),
			 errhidecontext(true),
			 errmsg("the item table of table \"%s\" is damaged: %s", table->name, worst->problem),
			 errhint("The columns and keys of item tables must stay as they are; see dynamo.check_table().")));
}

static void
remember(CachedTable *cached)
{
	NameEntry  *name_entry;
	RelidEntry *relid_entry;
	bool		found;

	MemoryContextSetParent(cached->context, CacheMemoryContext);
	name_entry = hash_search(by_name, cached->table.name, HASH_FIND, NULL);
	if (name_entry != NULL)
		bury(name_entry->cached);
	relid_entry = hash_search(by_relid, &cached->table.relid, HASH_FIND, NULL);
	if (relid_entry != NULL)
		bury(relid_entry->cached);

	/* by item table first: if memory ran out in between, an entry found only by name would never be marked stale */
	relid_entry = hash_search(by_relid, &cached->table.relid, HASH_ENTER, &found);
	relid_entry->cached = cached;
	name_entry = hash_search(by_name, cached->table.name, HASH_ENTER, &found);
	name_entry->cached = cached;
}

/* Takes an entry out of the cache; it is freed when the transaction ends. */
static void
bury(CachedTable *cached)
{
	hash_search(by_name, cached->table.name, HASH_REMOVE, NULL);
	hash_search(by_relid, &cached->table.relid, HASH_REMOVE, NULL);
	cached->next = graveyard;
	graveyard = cached;
}

static void
make_cache(void)
{
	HASHCTL		control = {0};

	if (by_relid != NULL)
		return;
	control.hcxt = CacheMemoryContext;
	control.keysize = DYN_MAX_TABLE_NAME + 1;
	control.entrysize = sizeof(NameEntry);
	if (by_name == NULL)
		by_name = hash_create("dynamo tables by name", 64, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(RelidEntry);
	by_relid = hash_create("dynamo tables by item table", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	RegisterXactCallback(transaction_ended, NULL);
}

/* Runs at any moment at which invalidations are processed, so it may only set marks. */
static void
relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	RelidEntry *entry;

	if (OidIsValid(relid))
	{
		entry = hash_search(by_relid, &relid, HASH_FIND, NULL);
		if (entry != NULL)
			entry->cached->stale = some_stale = true;
		if (relid == loading_relid)
			loading_stale = true;
		return;
	}

	loading_stale = true;
	some_stale = true;
	hash_seq_init(&scan, by_relid);
	while ((entry = hash_seq_search(&scan)) != NULL)
		entry->cached->stale = true;
}

static void
transaction_ended(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE)
		return;

	loading_relid = InvalidOid;
	if (some_stale)
	{
		HASH_SEQ_STATUS scan;
		RelidEntry *entry;

		/* removing the entry just returned is allowed during a scan */
		hash_seq_init(&scan, by_relid);
		while ((entry = hash_seq_search(&scan)) != NULL)
			if (entry->cached->stale)
				bury(entry->cached);
		some_stale = false;
	}
	while (graveyard != NULL)
	{
		CachedTable *cached = graveyard;

		graveyard = cached->next;
		MemoryContextDelete(cached->context);
	}
}
