/*
 * ALTER statements that would take an item table, or a part of it, away from the name that the catalogue has for it.
 *
 * The catalogue refers to all of them by name (docs/decisions/0013-ddl-on-item-tables.md says why).  An event trigger
 * asks here before each ALTER of a relation; only RENAME and SET SCHEMA are looked at.  The relation is found as the
 * statement will find it, without a lock: should somebody put another one in its place meanwhile, dynamo.check_table()
 * tells.
 */
#include "postgres.h"

#include "access/genam.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "catalog/table.h"
#include "catalog/table_guard.h"
#include "catalog/table_name.h"
#include "db/scope.h"

static void check_rename(RenameStmt *statement);
static void check_relation(Oid relid, const char *what);
static bool is_our_index(const char *table, const char *index);
static char *table_of(Oid relid);
static bool is_our_column(const char *table, const char *column);
static void refuse(const char *problem, const char *hint) pg_attribute_noreturn();

void
dyn_table_guard_check(Node *statement)
{
	if (IsA(statement, RenameStmt))
		check_rename((RenameStmt *) statement);
	else if (IsA(statement, AlterObjectSchemaStmt))
	{
		AlterObjectSchemaStmt *move = (AlterObjectSchemaStmt *) statement;

		if (move->relation != NULL)
			check_relation(RangeVarGetRelid(move->relation, NoLock, true), "moved to another schema");
	}
}

static void
check_rename(RenameStmt *statement)
{
	Oid			relid = statement->relation ? RangeVarGetRelid(statement->relation, NoLock, true) : InvalidOid;
	char	   *table;

	switch (statement->renameType)
	{
		case OBJECT_SCHEMA:
			if (strcmp(statement->subname, DYN_ITEM_SCHEMA) == 0)
				refuse("schema \"" DYN_ITEM_SCHEMA "\" cannot be renamed", "The extension finds item tables in it.");
			break;
		case OBJECT_COLUMN:
			table = table_of(relid);
			if (table != NULL && is_our_column(table, statement->subname))
				refuse(psprintf("column \"%s\" of the item table of table \"%s\" cannot be renamed", statement->subname, table),
					   "Columns of key attributes are called like the attributes.");
			break;
		case OBJECT_TRIGGER:
			table = table_of(relid);
			if (table != NULL && (strcmp(statement->subname, DYN_ITEM_TRIGGER) == 0 ||
								  strcmp(statement->subname, DYN_STREAM_ROW_TRIGGER) == 0 ||
								  strcmp(statement->subname, DYN_STREAM_TRUNCATE_TRIGGER) == 0))
				refuse(psprintf("trigger \"%s\" of the item table of table \"%s\" cannot be renamed", statement->subname, table),
					   "The extension finds it by its name.");
			break;
		case OBJECT_TABCONSTRAINT:
			/* the primary key is found by its columns */
			break;
		default:
			/* PostgreSQL takes ALTER INDEX for a table, too, and so on: what the relation is decides */
			check_relation(relid, "renamed");
	}
}

static void
check_relation(Oid relid, const char *what)
{
	char	   *table = table_of(relid);
	char		kind = OidIsValid(relid) ? get_rel_relkind(relid) : '\0';

	if (table != NULL)
		refuse(psprintf("the item table of table \"%s\" cannot be %s", table, what),
			   psprintf("Use SELECT dynamo.rename_table(%s, 'new name').", quote_literal_cstr(table)));
	if (kind != RELKIND_INDEX && kind != RELKIND_PARTITIONED_INDEX)
		return;
	table = table_of(IndexGetRelation(relid, true));
	if (table != NULL && is_our_index(table, get_rel_name(relid)))
		refuse(psprintf("index \"%s\" of the item table of table \"%s\" cannot be %s", get_rel_name(relid), table, what),
			   "The extension finds the indexes of a table by their names.");
}

static bool
is_our_index(const char *table, const char *index)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(table), CStringGetTextDatum(index)};

	return strcmp(index, dyn_table_name_relation(table, DYN_TTL_COLUMN)) == 0 ||
		dyn_scope_look_up("SELECT i.name FROM dynamo.indexes i JOIN dynamo.tables t ON t.id = i.table_id "
						  "WHERE t.name = $1 AND i.rel_name = $2", 2, types, values) != NULL;
}

/* The DynamoDB table whose item table it is; NULL: none. */
static char *
table_of(Oid relid)
{
	Oid			type = TEXTOID;
	Datum		value;
	char	   *name = OidIsValid(relid) ? get_rel_name(relid) : NULL;

	if (name == NULL || get_rel_namespace(relid) != get_namespace_oid(DYN_ITEM_SCHEMA, true))
		return NULL;
	value = CStringGetTextDatum(name);
	return dyn_scope_look_up("SELECT name FROM dynamo.tables WHERE rel_name = $1", 1, &type, &value);
}

static bool
is_our_column(const char *table, const char *column)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2] = {CStringGetTextDatum(table), CStringGetTextDatum(column)};

	return strcmp(column, "item") == 0 || strcmp(column, "size") == 0 || strcmp(column, DYN_TTL_COLUMN) == 0 ||
		dyn_scope_look_up("SELECT a.name FROM dynamo.attributes a JOIN dynamo.tables t ON t.id = a.table_id "
						  "WHERE t.name = $1 AND $2 IN (a.hash_column, a.range_column)", 2, types, values) != NULL;
}

static void
refuse(const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg_internal("%s", problem),
			 errhint("%s", hint)));
}
