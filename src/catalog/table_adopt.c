/*
 * An item table that the catalogue does not know becomes a DynamoDB table.
 *
 * pg_dump -t makes such ones: the dump has the table with its rows, indexes and triggers, and none of the catalogue.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "base/error.h"
#include "base/message.h"
#include "catalog/index_method.h"
#include "catalog/table_adopt.h"
#include "catalog/table_cache.h"
#include "catalog/table_damage.h"
#include "catalog/table_ddl.h"
#include "catalog/table_entry.h"
#include "catalog/table_event.h"
#include "catalog/table_name.h"
#include "db/sql.h"

static void check_place(const DynTableDefinition *definition, Oid relid);
static void drop_leftovers(const DynTable *table);
static void check_shape(const DynTable *table);
static void make_missing(const DynTable *table);

const DynTable *
dyn_table_adopt(DynTableDefinition *definition, Oid relid)
{
	const DynTable *table;

	dyn_table_ddl_lock_name(definition->name);
	LockRelationOid(relid, AccessExclusiveLock);
	definition->relid = relid;
	definition->rel_name = dyn_table_name_relation(definition->name, NULL);
	check_place(definition, relid);
	dyn_table_ddl_complete(definition);
	drop_leftovers(definition);
	dyn_table_ddl_insert_entries(definition);
	CommandCounterIncrement();
	table = dyn_table_cache_describe(definition->name, AccessExclusiveLock);
	check_shape(table);
	make_missing(table);
	dyn_table_event_changed(NULL, table);
	return dyn_table_cache_describe(definition->name, AccessExclusiveLock);
}

static void
check_place(const DynTableDefinition *definition, Oid relid)
{
	if (dyn_table_cache_find_damaged(definition->name, AccessShareLock) != NULL)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_TABLE_EXISTS, definition->name);
	if (dyn_table_entry_relation(definition->rel_name) != relid)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the item table of table \"%s\" is to be table %s", definition->name,
						quote_qualified_identifier(DYN_ITEM_SCHEMA, definition->rel_name)),
				 errhint("Use ALTER TABLE ... RENAME TO and SET SCHEMA first.")));
	/* an entry without an item table, into whose place somebody put this one, is found above */
}

/*
 * What belongs to the table's life elsewhere: triggers that would write to a stream of the same number, and TimeToLive.
 */
static void
drop_leftovers(const DynTable *table)
{
	SPI_connect();
	if (OidIsValid(get_trigger_oid(table->relid, DYN_STREAM_ROW_TRIGGER, true)))
		dyn_sql_utility(psprintf("DROP TRIGGER \"" DYN_STREAM_ROW_TRIGGER "\" ON %s", table->qualified));
	if (OidIsValid(get_trigger_oid(table->relid, DYN_STREAM_TRUNCATE_TRIGGER, true)))
		dyn_sql_utility(psprintf("DROP TRIGGER \"" DYN_STREAM_TRUNCATE_TRIGGER "\" ON %s", table->qualified));
	if (get_attnum(table->relid, DYN_TTL_COLUMN) != InvalidAttrNumber)
		dyn_sql_utility(psprintf("ALTER TABLE %s DROP COLUMN \"" DYN_TTL_COLUMN "\"", table->qualified));
	SPI_finish();
}

static void
check_shape(const DynTable *table)
{
	List	   *damages = dyn_table_damage_list(table, false);
	const DynDamage *worst = damages != NIL ? linitial(damages) : NULL;

	if (worst != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table %s is no item table of such a DynamoDB table: %s", table->qualified, worst->problem),
				 worst->repair != NULL ? errhint("Perhaps %s mends it, or the keys are others.", worst->repair) :
				 errhint("Name the keys and indexes that the table was made with.")));
}

static void
make_missing(const DynTable *table)
{
	SPI_connect();
	if (!OidIsValid(get_trigger_oid(table->relid, DYN_ITEM_TRIGGER, true)))
		dyn_sql_utility(dyn_table_ddl_trigger_text(table));
	for (int i = 0; i < table->index_count; i++)
	{
		const DynIndex *index = &table->indexes[i];
		DynIndexState state = dyn_index_method_state(table, index);

		if (state == DYN_INDEX_INVALID)
			dyn_sql_utility(dyn_index_method_drop_text(table, index, false));
		if (state != DYN_INDEX_VALID)
			dyn_sql_utility(dyn_index_method_create_text(table, index, false));
	}
	dyn_sql_utility(psprintf("COMMENT ON TABLE %s IS %s", table->qualified,
							 quote_literal_cstr(dyn_table_ddl_comment(table->name))));
	SPI_finish();
	CommandCounterIncrement();
}
