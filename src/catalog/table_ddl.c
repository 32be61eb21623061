/*
 * The PostgreSQL tables and indexes behind a DynamoDB table.
 *
 * DDL runs as the caller, who becomes the owner; the rows of the catalogue are written as the extension's owner.
 *
 * Key columns have STORAGE MAIN: a row that is too long has its item compressed and moved out first.  A key column that
 * were compressed would look changed to every update, and the update would not be HOT.  Pages are filled to 90 % to
 * leave room for the new version of a row on its own page, which HOT needs.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/bucket.h"
#include "base/error.h"
#include "base/lock_space.h"
#include "base/message.h"
#include "base/sha256.h"
#include "catalog/index_ddl.h"
#include "catalog/table_ddl.h"
#include "catalog/table_entry.h"
#include "catalog/table_event.h"
#include "catalog/table_lost.h"
#include "catalog/table_name.h"
#include "db/sql.h"
#include "db/scope.h"

/* o: a row of pg_event_trigger_dropped_objects(), t: of dynamo.tables */
#define IS_ITEM_TABLE "o.object_type = 'table' AND o.schema_name = '" DYN_ITEM_SCHEMA "' AND o.object_name = t.rel_name"

#ifdef USE_LZ4
#define ITEM_COMPRESSION " COMPRESSION lz4"
#else
#define ITEM_COMPRESSION ""
#endif

static bool lock_name(const char *name, bool wait);
static void refuse_name(const char *name, const char *hint) pg_attribute_noreturn();
static void add_columns(DynTableDefinition *definition, DynKeySchema *keys);
static void make_uuid(char *uuid);
static void create_relation(const DynTable *table);
static void refuse_dependents(const DynTable *table);
static void tell_owners(void);
static Oid	dropped_owner(Oid relid);

const DynTable *
dyn_table_ddl_create(DynTableDefinition *definition)
{
	Oid			schema = get_namespace_oid(DYN_ITEM_SCHEMA, false);

	dyn_table_ddl_lock_name(definition->name);
	definition->rel_name = dyn_table_name_relation(definition->name, NULL);
	dyn_table_ddl_refuse_duplicate(definition->name);
	dyn_table_ddl_complete(definition);
	dyn_table_ddl_refuse_taken(definition->name, dyn_table_name_primary(definition->name));
	for (int i = 0; i < definition->index_count; i++)
		dyn_table_ddl_refuse_taken(definition->name, definition->indexes[i].rel_name);

	SPI_connect();
	create_relation(definition);
	for (int i = 0; i < definition->index_count; i++)
		dyn_sql_utility(dyn_index_method_create_text(definition, &definition->indexes[i], false));
	SPI_finish();

	definition->relid = get_relname_relid(definition->rel_name, schema);
	for (int i = 0; i < definition->column_count; i++)
		definition->columns[i].attnum = i + 1;
	definition->item_attnum = definition->column_count + 1;
	definition->size_attnum = definition->column_count + 2;
	dyn_table_ddl_insert_entries(definition);
	CommandCounterIncrement();
	dyn_table_event_changed(NULL, definition);
	return dyn_table_cache_describe(definition->name, AccessExclusiveLock);
}

void
dyn_table_ddl_drop(const DynTable *table)
{
	StringInfoData sql;

	refuse_dependents(table);
	dyn_table_event_dropping(table->id, dyn_scope_table_owner(table->relid));
	initStringInfo(&sql);
	appendStringInfo(&sql, "DROP TABLE %s", table->qualified);
	SPI_connect();
	dyn_sql_utility(sql.data);
	SPI_finish();
	/* the event trigger has done this already, unless event triggers are switched off */
	dyn_table_ddl_forget(table->rel_name);
	dyn_bucket_forget(table->relid);
}

void
dyn_table_ddl_forget_dropped(void)
{
	DynScope scope;

	/* the extension itself may be among what was dropped */
	if (!OidIsValid(get_extension_oid("dynamo", true)))
		return;
	dyn_scope_begin(&scope);
	tell_owners();
	if (dyn_sql_run(
			"DELETE FROM dynamo.tables t USING pg_catalog.pg_event_trigger_dropped_objects() o WHERE " IS_ITEM_TABLE, 0,
			NULL, NULL, NULL, SPI_OK_DELETE) > 0)
		dyn_table_event_dropped();
	dyn_scope_end(&scope);
}

/* Tells who owned the tables that the event trigger is called for; inside a scope. */
static void
tell_owners(void)
{
	SPITupleTable *dropped;
	uint64		count;

	count = dyn_sql_run(
		"SELECT t.id, o.objid FROM dynamo.tables t, pg_catalog.pg_event_trigger_dropped_objects() o WHERE " IS_ITEM_TABLE,
		0, NULL, NULL, NULL, SPI_OK_SELECT);
	dropped = SPI_tuptable;
	for (uint64 i = 0; i < count; i++)
	{
		bool		is_null;
		int64		id = DatumGetInt64(SPI_getbinval(dropped->vals[i], dropped->tupdesc, 1, &is_null));
		Oid			relid = DatumGetObjectId(SPI_getbinval(dropped->vals[i], dropped->tupdesc, 2, &is_null));

		dyn_table_event_dropping(id, dropped_owner(relid));
	}
}

/*
 * Who owned a table that the current command has dropped.  An event trigger comes when no snapshot sees the table's row
 * of pg_class any more, so we look for the version that this transaction has deleted rather than replaced by another.
 */
static Oid
dropped_owner(Oid relid)
{
	Relation	catalogue = table_open(RelationRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			owner = InvalidOid;

	ScanKeyInit(&key, Anum_pg_class_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalogue, ClassOidIndexId, true, SnapshotAny, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		HeapTupleHeader header = tuple->t_data;

		if ((header->t_infomask & HEAP_XMAX_INVALID) == 0 && !HEAP_XMAX_IS_LOCKED_ONLY(header->t_infomask) &&
			TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetUpdateXid(header)) &&
			ItemPointerEquals(&tuple->t_self, &header->t_ctid))
			owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	}
	systable_endscan(scan);
	table_close(catalogue, AccessShareLock);
	return owner;
}

/*
 * Whoever creates a table of the same name waits here for the other, and then sees the other's table.  The lock's tag
 * is one of ours: SQL users' advisory locks cannot meet it.
 */
void
dyn_table_ddl_lock_name(const char *name)
{
	(void) lock_name(name, true);
}

bool
dyn_table_ddl_try_lock_name(const char *name)
{
	return lock_name(name, false);
}

static bool
lock_name(const char *name, bool wait)
{
	uint8		digest[DYN_SHA256_SIZE];
	uint32		parts[2];
	LOCKTAG		tag;

	dyn_sha256_digest(dyn_text_from_cstring(name), digest);
	memcpy(parts, digest, sizeof(parts));
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, parts[0], parts[1], DYN_LOCK_SPACE_NAME);
	if (LockAcquire(&tag, ExclusiveLock, false, !wait) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	AcceptInvalidationMessages();
	return true;
}

void
dyn_table_ddl_refuse_duplicate(const char *name)
{
	const char *rel_name = dyn_table_name_relation(name, NULL);
	DynLostTable *lost;

	/*
	 * a relation that the catalogue does not know is somebody's own; one that only the catalogue knows is gone, or
	 * elsewhere
	 */
	if (OidIsValid(get_relname_relid(rel_name, get_namespace_oid(DYN_ITEM_SCHEMA, false))))
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_TABLE_EXISTS, name);
	lost = dyn_table_lost_find(name);
	if (lost != NULL && OidIsValid(lost->found))
		refuse_name(
			name, psprintf("Its item table was renamed or moved: %s brings it back, dynamo.delete_table() forgets it.",
						   dyn_table_lost_repair(lost)));
	if (lost != NULL)
		dyn_table_lost_forget(lost);
}

/* What was an index of a table that was renamed in SQL, for example. */
void
dyn_table_ddl_refuse_taken(const char *name, const char *relation)
{
	if (OidIsValid(get_relname_relid(relation, get_namespace_oid(DYN_ITEM_SCHEMA, false))))
		refuse_name(name, psprintf("Relation %s has the name that an index of the table needs: rename or drop it.",
								   quote_qualified_identifier(DYN_ITEM_SCHEMA, relation)));
}

static void
refuse_name(const char *name, const char *hint)
{
	const DynErrorInfo *info = dyn_error_info(DYN_ERR_RESOURCE_IN_USE);

	ereport(ERROR,
			(errcode(info->sqlstate),
			 errmsg("%s: " DYN_MSG_TABLE_EXISTS, info->name, name),
			 errhint("%s", hint)));
}

void
dyn_table_ddl_complete(DynTableDefinition *definition)
{
	int			limit = 2 * definition->definition_count;

	definition->qualified = quote_qualified_identifier(DYN_ITEM_SCHEMA, definition->rel_name);
	definition->status = DYN_TABLE_ACTIVE;
	if (definition->created == 0)
		definition->created = GetCurrentTimestamp();
	make_uuid(definition->uuid);
	dyn_table_event_changing(NULL, definition);

	definition->columns = palloc0(Max(limit, 1) * sizeof(DynColumn));
	definition->column_count = 0;
	add_columns(definition, &definition->keys);
	for (int i = 0; i < definition->index_count; i++)
	{
		DynIndex   *index = &definition->indexes[i];

		index->status = DYN_TABLE_ACTIVE;
		index->backfilling = false;
		index->rel_name = dyn_table_name_relation(definition->name, index->name);
		add_columns(definition, &index->keys);
	}
}

/* Adds the columns that a key needs and no key before it has. */
static void
add_columns(DynTableDefinition *definition, DynKeySchema *keys)
{
	for (int i = 0; i < dyn_key_part_count(keys); i++)
	{
		DynKeyPart *part = &keys->parts[i];
		DynColumn  *column;

		part->column = dyn_table_find_column(definition, part->name, part->is_hash);
		if (part->column >= 0)
			continue;
		if (definition->column_count >= 2 * definition->definition_count)
			elog(ERROR, "key attribute \"%s\" is not defined", dyn_text_printable(part->name));
		part->column = definition->column_count++;
		column = &definition->columns[part->column];
		column->attribute = part->name;
		column->type = part->type;
		column->is_hash = part->is_hash;
		column->name = dyn_table_find_column(definition, part->name, !part->is_hash) < 0 ?
			dyn_table_name_column(part->name) : dyn_table_name_second_column(part->name, part->is_hash);
		column->quoted = quote_identifier(column->name);
	}
}

/* A random one: version 4, RFC 4122. */
static void
make_uuid(char *uuid)
{
	unsigned char bytes[16];
	int			used = 0;

	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (int i = 0; i < lengthof(bytes); i++)
		used += sprintf(uuid + used, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", bytes[i]);
}

char *
dyn_table_ddl_trigger_text(const DynTable *table)
{
	return psprintf("CREATE TRIGGER " DYN_ITEM_TRIGGER
					" BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION dynamo.item_trigger()",
					table->qualified);
}

static void
create_relation(const DynTable *table)
{
	StringInfoData sql;
	int			stored = 0;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TABLE %s (", table->qualified);
	for (int i = 0; i < table->column_count; i++)
		appendStringInfo(&sql, "%s %s%s, ", table->columns[i].quoted, dyn_table_name_column_type(&table->columns[i]),
						 dyn_table_is_primary(table, i) ? " NOT NULL" : "");
	appendStringInfo(&sql,
					 "item pg_catalog.jsonb" ITEM_COMPRESSION
					 " NOT NULL, size pg_catalog.int4 NOT NULL, CONSTRAINT %s PRIMARY KEY (",
					 quote_identifier(dyn_table_name_primary(table->name)));
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
		appendStringInfo(&sql, "%s%s", i > 0 ? ", " : "", table->columns[table->keys.parts[i].column].quoted);
	appendStringInfoString(&sql, ")) WITH (fillfactor = 90)");
	dyn_sql_utility(sql.data);

	resetStringInfo(&sql);
	appendStringInfo(&sql, "ALTER TABLE %s ", table->qualified);
	for (int i = 0; i < table->column_count; i++)
		if (table->columns[i].type != DYN_TYPE_N)
			appendStringInfo(&sql, "%sALTER COLUMN %s SET STORAGE MAIN", stored++ > 0 ? ", " : "", table->columns[i].quoted);
	if (stored > 0)
		dyn_sql_utility(sql.data);

	dyn_sql_utility(dyn_table_ddl_trigger_text(table));

	resetStringInfo(&sql);
	appendStringInfo(&sql, "COMMENT ON TABLE %s IS %s", table->qualified,
					 quote_literal_cstr(dyn_table_ddl_comment(table->name)));
	dyn_sql_utility(sql.data);
}

char *
dyn_table_ddl_comment(const char *name)
{
	return psprintf("DynamoDB table %s", name);
}

/* Gives the table its number, and writes its rows of the catalogue. */
void
dyn_table_ddl_insert_entries(DynTableDefinition *definition)
{
	DynScope scope;
	bool		is_null;

	dyn_scope_begin(&scope);
	dyn_sql_run("SELECT pg_catalog.nextval('dynamo.table_id')", 0, NULL, NULL, NULL, SPI_OK_SELECT);
	definition->id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	dyn_table_entry_insert(definition);
	dyn_scope_end(&scope);
}

void
dyn_table_ddl_forget(const char *rel_name)
{
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(rel_name);
	DynScope scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_run("DELETE FROM dynamo.tables WHERE rel_name = $1", 1, &type, &value, NULL, SPI_OK_DELETE) > 0)
		dyn_table_event_dropped();
	dyn_scope_end(&scope);
}

/*
 * Views, foreign keys and functions of SQL users that need the table.  DROP TABLE would refuse them, too, but with an
 * error that no client of the API understands.
 */
static void
refuse_dependents(const DynTable *table)
{
	static const char *const query =
		"SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_catalog.pg_depend d "
		"WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1 AND d.deptype = 'n' "
		"AND (d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass) "
		"OR (d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass "
		"AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.oid = d.objid AND c.conrelid = $1))) LIMIT 1";
	Oid			type = OIDOID;
	Datum		value = ObjectIdGetDatum(table->relid);
	char	   *dependent = dyn_scope_look_up(query, 1, &type, &value);

	if (dependent != NULL)
	{
		const DynErrorInfo *info = dyn_error_info(DYN_ERR_RESOURCE_IN_USE);

		ereport(ERROR,
				(errcode(info->sqlstate),
				 errmsg("%s: Table is being used: %s: %s depends on it", info->name, table->name, dependent),
				 errhint("Drop what depends on the table first, or use DROP TABLE %s CASCADE in SQL.", table->qualified)));
	}
}
