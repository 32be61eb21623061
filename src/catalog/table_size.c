/*
 * How many items a table or an index has, and how large they are.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "base/compat.h"
#include "catalog/table_size.h"
#include "db/sql.h"
#include "db/scope.h"

/* Larger tables and indexes are not counted row by row. */
#define MAX_COUNTED_PAGES 2000
#define SAMPLED_PAGES 200

static void count_rows(const DynTable *table, Oid owner, const DynIndex *index, double percent, int64 *items,
					   int64 *bytes);

void
dyn_table_size_count(const DynTable *table, const DynIndex *index, int64 *items, int64 *bytes)
{
	Relation	relation;
	double		pages;
	double		known;
	double		percent;
	Oid			owner;
	double		average;

	*items = *bytes = 0;
	/* a partitioned table has no pages to ask for */
	if (!table->readable)
		return;
	relation = table_open(table->relid, AccessShareLock);
	pages = RelationGetNumberOfBlocks(relation);
	known = relation->rd_rel->reltuples;
	percent = Min(100.0, SAMPLED_PAGES * 100.0 / Max(pages, 1));
	owner = relation->rd_rel->relowner;
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

/*
 * Number and bytes of the rows on a sample of the table's pages, percent of them.
 *
 * Planning evaluates what the table's owner has put into indexes and constraints.  So this runs as the owner and, like
 * ANALYZE, in a restricted operation.
 */
static void
count_rows(const DynTable *table, Oid owner, const DynIndex *index, double percent, int64 *items, int64 *bytes)
{
	StringInfoData sql;
	DynScope scope;
	bool		is_null;

	if (pg_class_aclcheck(table->relid, owner, ACL_SELECT) != ACLCHECK_OK)
		return;
	dyn_table_note_use(table);
	dyn_scope_begin_table(&scope, table->relid);
	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT pg_catalog.count(*), COALESCE(pg_catalog.sum(size), 0)::pg_catalog.int8 FROM ONLY %s",
					 table->qualified);
	if (percent < 100)
		appendStringInfo(&sql, " TABLESAMPLE pg_catalog.system (%f)", percent);
	appendStringInfoString(&sql, " WHERE true");
	for (int i = 0; index != NULL && i < dyn_key_part_count(&index->keys); i++)
		appendStringInfo(&sql, " AND %s IS NOT NULL", table->columns[index->keys.parts[i].column].quoted);
	(void) dyn_sql_run_once(sql.data, 0, NULL, NULL, NULL, SPI_OK_SELECT);
	*items = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	*bytes = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null));
	dyn_scope_end(&scope);
}
