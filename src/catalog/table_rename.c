/*
 * A table gets another name.
 *
 * The event trigger that refuses ALTER TABLE ... RENAME is not called, since no statement runs here; PostgreSQL checks
 * the caller's rights all the same.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "commands/tablecmds.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "catalog/index_method.h"
#include "catalog/table_cache.h"
#include "catalog/table_ddl.h"
#include "catalog/table_event.h"
#include "catalog/table_name.h"
#include "catalog/table_rename.h"
#include "db/scope.h"
#include "db/sql.h"

static void rename_index(const DynTable *table, const char *old_name, const char *new_name, const char *new_relation);
static void rename_relation(const char *old_name, const char *new_name, ObjectType type);
static void rename_comment(const DynTable *table, const char *new_name, const char *relation);
static void update_entries(const DynTable *table, const char *new_name, const char *relation);

void
dyn_table_rename(const DynTable *table, const char *new_name)
{
	char	   *relation = dyn_table_name_relation(new_name, NULL);

	rename_index(table, dyn_table_name_primary(table->name), new_name, dyn_table_name_primary(new_name));
	rename_index(table, dyn_table_name_relation(table->name, DYN_TTL_COLUMN), new_name,
				 dyn_table_name_relation(new_name, DYN_TTL_COLUMN));
	for (int i = 0; i < table->index_count; i++)
		rename_index(table, table->indexes[i].rel_name, new_name, dyn_table_name_relation(new_name, table->indexes[i].name));
	rename_relation(table->rel_name, relation, OBJECT_TABLE);
	CommandCounterIncrement();
	rename_comment(table, new_name, relation);
	update_entries(table, new_name, relation);
	dyn_table_event_renamed(table->id, new_name);
	dyn_table_cache_invalidate(table->relid);
	CommandCounterIncrement();
}

/* An index that is missing, or that the owner calls otherwise, is none that we need to rename. */
static void
rename_index(const DynTable *table, const char *old_name, const char *new_name, const char *new_relation)
{
	Oid			schema = get_namespace_oid(DYN_ITEM_SCHEMA, false);
	Oid			relid = get_relname_relid(old_name, schema);

	/* also when there is no index yet: a job will make it */
	dyn_table_ddl_refuse_taken(new_name, new_relation);
	if (OidIsValid(relid) && get_rel_relkind(relid) == RELKIND_INDEX && IndexGetRelation(relid, true) == table->relid)
		rename_relation(old_name, new_relation, OBJECT_INDEX);
}

static void
rename_relation(const char *old_name, const char *new_name, ObjectType type)
{
	RenameStmt *statement = makeNode(RenameStmt);

	statement->renameType = type;
	statement->relation = makeRangeVar(DYN_ITEM_SCHEMA, pstrdup(old_name), -1);
	statement->newname = pstrdup(new_name);
	(void) RenameRelation(statement);
}

/* An owner's own comment stays. */
static void
rename_comment(const DynTable *table, const char *new_name, const char *relation)
{
	char	   *comment = GetComment(table->relid, RelationRelationId, 0);

	if (comment == NULL || strcmp(comment, dyn_table_ddl_comment(table->name)) != 0)
		return;
	SPI_connect();
	dyn_sql_utility(psprintf("COMMENT ON TABLE %s IS %s", quote_qualified_identifier(DYN_ITEM_SCHEMA, relation),
							 quote_literal_cstr(dyn_table_ddl_comment(new_name))));
	SPI_finish();
}

static void
update_entries(const DynTable *table, const char *new_name, const char *relation)
{
	Oid			types[3] = {INT8OID, TEXTOID, TEXTOID};
	Datum		values[3] = {Int64GetDatum(table->id), CStringGetTextDatum(new_name), CStringGetTextDatum(relation)};
	DynScope	scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.tables SET name = $2, rel_name = $3 WHERE id = $1", 3, types, values, NULL, SPI_OK_UPDATE);
	for (int i = 0; i < table->index_count; i++)
	{
		values[1] = CStringGetTextDatum(table->indexes[i].name);
		values[2] = CStringGetTextDatum(dyn_table_name_relation(new_name, table->indexes[i].name));
		dyn_sql_run("UPDATE dynamo.indexes SET rel_name = $3 WHERE table_id = $1 AND name = $2", 3, types, values, NULL,
					SPI_OK_UPDATE);
	}
	dyn_scope_end(&scope);
}
