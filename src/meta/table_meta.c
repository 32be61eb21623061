/*
 * Table descriptors: loads them from the catalogue and keeps them.
 *
 * The cache has one entry per table, found by name and by item table.  An entry lives in a memory context of its own.  A
 * relcache invalidation of the item table marks the entry stale, and the next look-up loads a new one; the stale one
 * stays in the graveyard until the transaction ends, because callers hold pointers into it.  A look-up first locks the
 * item table, which takes in pending invalidations, and then looks whether the entry is still good.  An entry that is not
 * stale after that is up to date, and the lock keeps the table as it is: nobody drops or alters it under us.
 *
 * There is no cache of names that do not exist: a table created by somebody else must be seen at once.
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
#include "meta/owner_scope.h"
#include "meta/stream_meta.h"
#include "meta/table_damage.h"
#include "meta/table_meta.h"
#include "meta/table_row.h"

#define ITEM_SCHEMA "dynamo_tables"

/* Larger tables and indexes are not counted row by row. */
#define MAX_COUNTED_PAGES 2000
#define SAMPLED_PAGES 200

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

/* The table being loaded: an invalidation that comes meanwhile makes us load it again. */
static Oid	loading_relid = InvalidOid;
static bool loading_stale = false;

/* Names of the table that was last noted. */
static const char *used_table = NULL;
static const char *used_owner = NULL;

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
static void count_rows(const DynTable *table, Oid owner, const DynIndex *index, double percent, int64 *items, int64 *bytes);

const DynTable *
dyn_table_meta_get(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_meta_find(name, lockmode);

	if (table == NULL || table->status == DYN_TABLE_CREATING || table->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_RESOURCE_NOT_FOUND);
	return table;
}

const DynTable *
dyn_table_meta_describe(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_meta_find_damaged(name, lockmode);

	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, dyn_text_printable(dyn_text_from_cstring(name)));
	return table;
}

const DynTable *
dyn_table_meta_find(const char *name, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_meta_find_damaged(name, lockmode);

	if (table != NULL && table->damage != NULL && (!table->readable || lockmode > AccessShareLock))
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_DAMAGED, table->name, table->damage);
	return table;
}

const DynTable *
dyn_table_meta_find_damaged(const char *name, LOCKMODE lockmode)
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
dyn_table_meta_by_relid(Oid relid)
{
	RelidEntry *entry;
	Oid			type = TEXTOID;
	Datum		rel_name;
	char	   *name;

	make_cache();
	entry = hash_search(by_relid, &relid, HASH_FIND, NULL);
	if (entry != NULL && !entry->cached->stale)
		return check_readable(&entry->cached->table);

	if (get_rel_namespace(relid) != get_namespace_oid(ITEM_SCHEMA, true))
		return NULL;
	rel_name = CStringGetTextDatum(get_rel_name(relid));
	name = dyn_owner_scope_look_up("SELECT name FROM dynamo.tables WHERE rel_name = $1", 1, &type, &rel_name);
	if (name == NULL)
		return NULL;

	CachedTable *cached = load(name, relid);

	return cached ? check_readable(&cached->table) : NULL;
}

void
dyn_table_meta_null_found(void)
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

bool
dyn_table_meta_projects(const DynTable *table, const DynIndex *index, DynStr attribute)
{
	if (index->projection == DYN_PROJECT_ALL || dyn_key_part_find(&table->keys, attribute) != NULL ||
		dyn_key_part_find(&index->keys, attribute) != NULL)
		return true;
	for (int i = 0; i < index->non_key_count; i++)
		if (dyn_text_equal(index->non_key[i], attribute))
			return true;
	return false;
}

void
dyn_table_meta_note_use(const DynTable *table)
{
	used_table = table != NULL ? table->name : NULL;
	used_owner = table != NULL ? table->owner_name : NULL;
}

bool
dyn_table_meta_used(const char **table, const char **owner)
{
	*table = used_table;
	*owner = used_owner != NULL ? used_owner : "";
	return used_table != NULL;
}

int
dyn_table_meta_partitions(const DynTable *table, const DynIndex *index)
{
	const DynThroughput *throughput = index != NULL && index->global ? &index->throughput : &table->throughput;
	int64		reads = Max(throughput->read_units, throughput->warm_read_units);
	int64		writes = Max(throughput->write_units, throughput->warm_write_units);

	if (table->on_demand)
	{
		reads = Max(reads, DYN_ON_DEMAND_READ_UNITS);
		writes = Max(writes, DYN_ON_DEMAND_WRITE_UNITS);
	}
	return Max(1, Max((reads + DYN_PARTITION_READ_UNITS - 1) / DYN_PARTITION_READ_UNITS,
					  (writes + DYN_PARTITION_WRITE_UNITS - 1) / DYN_PARTITION_WRITE_UNITS));
}

const DynIndex *
dyn_table_meta_index(const DynTable *table, const char *name)
{
	for (int i = 0; i < table->index_count; i++)
		if (strcmp(table->indexes[i].name, name) == 0)
			return &table->indexes[i];
	return NULL;
}

int
dyn_table_meta_walk_columns(const DynTable *table, const DynIndex *index, int *columns)
{
	const DynKeySchema *schemas[2] = {index ? &index->keys : &table->keys, &table->keys};
	int			count = 0;

	for (int s = 0; s < (index ? 2 : 1); s++)
		for (int i = 0; i < dyn_key_part_count(schemas[s]); i++)
		{
			int			column = schemas[s]->parts[i].column;
			bool		seen = false;

			for (int k = 0; k < count; k++)
				seen = seen || columns[k] == column;
			if (!seen)
				columns[count++] = column;
		}
	return count;
}

bool
dyn_table_meta_is_primary(const DynTable *table, int column)
{
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
		if (table->keys.parts[i].column == column)
			return true;
	return false;
}

int
dyn_table_meta_list(const char *after, int limit, char ***names)
{
	Oid			types[2] = {TEXTOID, INT8OID};
	Datum		values[2] = {CStringGetTextDatum(after ? after : ""), Int64GetDatum(limit)};
	MemoryContext caller = CurrentMemoryContext;
	DynOwnerScope scope;
	int			count;

	dyn_owner_scope_begin(&scope);
	count = dyn_table_row_query("SELECT name FROM dynamo.tables WHERE name > $1 ORDER BY name LIMIT $2", 2, types, values);
	*names = MemoryContextAlloc(caller, Max(count, 1) * sizeof(char *));
	for (int i = 0; i < count; i++)
		(*names)[i] = MemoryContextStrdup(caller, SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1));
	dyn_owner_scope_end(&scope);
	return count;
}

void
dyn_table_meta_count(const DynTable *table, const DynIndex *index, int64 *items, int64 *bytes)
{
	Relation	relation = table_open(table->relid, AccessShareLock);
	double		pages = RelationGetNumberOfBlocks(relation);
	double		known = relation->rd_rel->reltuples;
	double		percent = Min(100.0, SAMPLED_PAGES * 100.0 / Max(pages, 1));
	Oid			owner = relation->rd_rel->relowner;
	double		average;

	if (index != NULL)
	{
		Oid			relid = get_relname_relid(index->rel_name, RelationGetNamespace(relation));
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));

		known = -1;
		if (HeapTupleIsValid(tuple))
		{
			known = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
			ReleaseSysCache(tuple);
		}
	}
	table_close(relation, NoLock);

	count_rows(table, owner, index, pages < MAX_COUNTED_PAGES ? 100 : percent, items, bytes);
	if (pages < MAX_COUNTED_PAGES)
		return;
	average = *items > 0 ? (double) *bytes / *items : 0;
	if (known < 0)
		known = *items * 100.0 / percent;
	*items = (int64) known;
	*bytes = (int64) (known * average);
}

int64
dyn_table_meta_warm_units(const DynThroughput *throughput, bool on_demand, bool reads)
{
	int64		given = reads ? throughput->read_units : throughput->write_units;
	int64		asked = reads ? throughput->warm_read_units : throughput->warm_write_units;

	if (on_demand)
		given = reads ? DYN_ON_DEMAND_READ_UNITS : DYN_ON_DEMAND_WRITE_UNITS;
	return Max(given, asked);
}

int
dyn_table_meta_decreases_today(const DynThroughput *throughput, TimestampTz now)
{
	/* PostgreSQL's epoch begins at midnight in UTC */
	return throughput->last_decrease / USECS_PER_DAY == now / USECS_PER_DAY ? throughput->decreases_today : 0;
}

void
dyn_table_meta_update(const DynTable *table, const DynTable *changed)
{
	DynTable	row = *changed;
	DynOwnerScope scope;

	/* every stream has a label of its own */
	if (table->stream_view == NULL && row.stream_view != NULL &&
		(row.stream_label == NULL || (table->stream_label != NULL && strcmp(row.stream_label, table->stream_label) == 0)))
		row.stream_label = dyn_stream_meta_label(table->name, dyn_clock_now());
	dyn_owner_scope_begin(&scope);
	dyn_table_row_update(table, &row);
	dyn_owner_scope_end(&scope);
	dyn_table_meta_invalidate(table->relid);
	CommandCounterIncrement();
	dyn_stream_meta_apply(table, table->stream_view, row.stream_view, row.stream_label);
}

void
dyn_table_meta_invalidate(Oid relid)
{
	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		CacheInvalidateRelcacheByRelid(relid);
}

void
dyn_table_meta_invalidate_name(const char *rel_name)
{
	dyn_table_meta_invalidate(get_relname_relid(rel_name, get_namespace_oid(ITEM_SCHEMA, false)));
}

void
dyn_table_meta_invalidate_id(int64 id)
{
	Oid			type = INT8OID;
	Datum		value = Int64GetDatum(id);
	char	   *rel_name = dyn_owner_scope_look_up("SELECT rel_name FROM dynamo.tables WHERE id = $1", 1, &type, &value);

	if (rel_name != NULL)
		dyn_table_meta_invalidate_name(rel_name);
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
	char	   *rel_name = dyn_owner_scope_look_up("SELECT rel_name FROM dynamo.tables WHERE name = $1", 1, &type, &value);

	return rel_name != NULL ? dyn_table_row_relation(rel_name) : InvalidOid;
}

/* The item table is locked.  NULL when it does not belong to that name any more. */
static CachedTable *
load(const char *name, Oid relid)
{
	CachedTable *cached;

	/* Whoever is interrupted by an error leaves loading_relid behind, which does no harm. */
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
	DynOwnerScope scope;
	bool		found;

	table->relid = relid;
	cached->context = context;
	dyn_owner_scope_begin(&scope);
	found = dyn_table_row_load(table, name, context);
	dyn_owner_scope_end(&scope);

	if (!found)
	{
		MemoryContextDelete(context);
		return NULL;
	}
	table->qualified = MemoryContextStrdup(context, quote_qualified_identifier(ITEM_SCHEMA, table->rel_name));
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

/* The log hears of it once for each process and change, not for each request. */
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

	/* by item table first: an entry that lacked there, for want of memory, would never be marked stale */
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

/* Runs at any moment at which invalidations are taken in: it may only mark. */
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

/*
 * Number and bytes of the rows on percent of the table's pages.
 *
 * Planning evaluates what the table's owner has put into indexes and constraints.  So this runs as the owner and, like
 * ANALYZE, in a restricted operation.
 */
static void
count_rows(const DynTable *table, Oid owner, const DynIndex *index, double percent, int64 *items, int64 *bytes)
{
	StringInfoData sql;
	DynOwnerScope scope;
	bool		is_null;

	*items = *bytes = 0;
	if (!table->readable)
		return;
	if (pg_class_aclcheck(table->relid, owner, ACL_SELECT) != ACLCHECK_OK)
		return;
	dyn_owner_scope_begin_table(&scope, table);
	dyn_owner_scope_set("search_path", "pg_catalog, pg_temp");
	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT pg_catalog.count(*), COALESCE(pg_catalog.sum(size), 0)::pg_catalog.int8 FROM %s",
					 table->qualified);
	if (percent < 100)
		appendStringInfo(&sql, " TABLESAMPLE pg_catalog.system (%f)", percent);
	appendStringInfoString(&sql, " WHERE true");
	for (int i = 0; index != NULL && i < dyn_key_part_count(&index->keys); i++)
		appendStringInfo(&sql, " AND %s IS NOT NULL", table->columns[index->keys.parts[i].column].quoted);
	if (SPI_execute(sql.data, false, 0) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "could not count the rows of \"%s\"", table->rel_name);
	*items = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	*bytes = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null));
	dyn_owner_scope_end(&scope);
}
