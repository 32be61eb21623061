/*
 * Tables of the catalogue whose item table is not where the catalogue says.
 *
 * An item table that was renamed or moved is known by its comment, which goes with it, and by its trigger.  Its owner
 * can give both to any table of his, so nothing is done to what is found so but to name it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "catalog/table_ddl.h"
#include "catalog/table_entry.h"
#include "catalog/table_event.h"
#include "catalog/table_lost.h"
#include "db/scope.h"
#include "db/sql.h"

static Oid	find_relation(const char *name);

DynLostTable *
dyn_table_lost_find(const char *name)
{
	MemoryContext caller = CurrentMemoryContext;
	DynLostTable *lost = palloc0(sizeof(DynLostTable));
	DynScope	scope;
	bool		found;

	dyn_scope_begin(&scope);
	found = dyn_table_entry_load(&lost->table, name, caller);
	dyn_scope_end(&scope);
	if (!found)
		return NULL;
	lost->table.qualified = quote_qualified_identifier(DYN_ITEM_SCHEMA, lost->table.rel_name);
	lost->found = find_relation(name);
	return lost;
}

static Oid
find_relation(const char *name)
{
	static const char *const query =
		"SELECT CASE WHEN pg_catalog.count(*) = 1 THEN pg_catalog.min(d.objoid::pg_catalog.int8) END "
		"FROM pg_catalog.pg_description d JOIN pg_catalog.pg_class c ON c.oid = d.objoid "
		"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
		"WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0 "
		"AND d.description = $1 AND c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid "
		"AND g.tgfoid = 'dynamo.item_trigger()'::pg_catalog.regprocedure) "
		"AND NOT (n.nspname = '" DYN_ITEM_SCHEMA
		"' AND EXISTS (SELECT FROM dynamo.tables t WHERE t.rel_name = c.relname))";
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(dyn_table_ddl_comment(name));
	char	   *found = dyn_scope_look_up(query, 1, &type, &value);

	return found ? (Oid) strtoul(found, NULL, 10) : InvalidOid;
}

char *
dyn_table_lost_problem(const DynLostTable *lost)
{
	char	   *name = OidIsValid(lost->found) ? get_rel_name(lost->found) : NULL;

	if (name == NULL)
		return psprintf("its item table %s is missing", lost->table.qualified);
	return psprintf("its item table %s is missing; it may be %s now", lost->table.qualified,
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(lost->found)), name));
}

char *
dyn_table_lost_repair(const DynLostTable *lost)
{
	char	   *name = OidIsValid(lost->found) ? get_rel_name(lost->found) : NULL;
	char	   *schema = name ? get_namespace_name(get_rel_namespace(lost->found)) : NULL;
	StringInfoData sql;

	if (schema == NULL)
		return psprintf("SELECT dynamo.delete_table(%s)", quote_literal_cstr(lost->table.name));
	initStringInfo(&sql);
	if (strcmp(name, lost->table.rel_name) != 0)
		appendStringInfo(&sql, "ALTER TABLE %s RENAME TO %s", quote_qualified_identifier(schema, name),
						 quote_identifier(lost->table.rel_name));
	if (strcmp(schema, DYN_ITEM_SCHEMA) != 0)
		appendStringInfo(&sql, "%sALTER TABLE %s SET SCHEMA " DYN_ITEM_SCHEMA, sql.len > 0 ? "; " : "",
						 quote_qualified_identifier(schema, lost->table.rel_name));
	return sql.data;
}

void
dyn_table_lost_forget(const DynLostTable *lost)
{
	/* comment and trigger do not prove who owned it */
	dyn_table_event_dropping(lost->table.id, InvalidOid);
	dyn_table_ddl_forget(lost->table.rel_name);
}
