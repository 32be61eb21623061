/*
 * The PostgreSQL index behind an index of the API, whatever its access method.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "catalog/index_btree.h"
#include "catalog/index_method.h"
#include "catalog/table_name.h"

static const DynIndexMethod *method_of(const DynIndex *index);
static const char *index_rel_name(const DynTable *table, const DynIndex *index);

char *
dyn_index_method_create_text(const DynTable *table, const DynIndex *index, bool concurrently)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE INDEX %s%s ON %s ", concurrently ? "CONCURRENTLY " : "",
					 quote_identifier(index_rel_name(table, index)), table->qualified);
	method_of(index)->append_definition(&sql, table, index);
	return sql.data;
}

char *
dyn_index_method_drop_text(const DynTable *table, const DynIndex *index, bool concurrently)
{
	return psprintf("DROP INDEX %s%s", concurrently ? "CONCURRENTLY " : "", dyn_index_method_qualified(table, index));
}

char *
dyn_index_method_qualified(const DynTable *table, const DynIndex *index)
{
	return quote_qualified_identifier(DYN_ITEM_SCHEMA, index_rel_name(table, index));
}

DynIndexState
dyn_index_method_state(const DynTable *table, const DynIndex *index)
{
	Oid			relid = get_relname_relid(index_rel_name(table, index), get_namespace_oid(DYN_ITEM_SCHEMA, false));
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(relid));
	Form_pg_index form;
	DynIndexState state;

	if (!HeapTupleIsValid(tuple))
		return DYN_INDEX_MISSING;
	form = (Form_pg_index) GETSTRUCT(tuple);
	if (form->indrelid != table->relid)
		state = DYN_INDEX_MISSING;
	else
		state = form->indisvalid && form->indisready && method_of(index)->fits(table, index, form) ? DYN_INDEX_VALID
																								   : DYN_INDEX_INVALID;
	ReleaseSysCache(tuple);
	return state;
}

/* All indexes are btrees so far. */
static const DynIndexMethod *
method_of(const DynIndex *index)
{
	return &dyn_index_btree;
}

/* An index of the API is never called like that: '~' is no letter of its name. */
static const char *
index_rel_name(const DynTable *table, const DynIndex *index)
{
	return index != NULL ? index->rel_name : dyn_table_name_relation(table->name, DYN_TTL_COLUMN);
}
