/*
 * Deletes rows whose time to live has run out, by the partial index on their column.
 *
 * The rows are locked first, in their newest version and only if that version has expired, too.  So an item that is
 * updated meanwhile survives.  The deletion then finds them by their places (ctid).  A place means one row for as long
 * as that row is locked: nobody else can move the row, vacuum cannot reuse its place, and the deletion leaves alone a
 * version that its snapshot does not see.  But places are unique within one relation only, so the statement says ONLY.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"

#include "catalog/table_entry.h"
#include "store/change_log.h"
#include "store/row_expire.h"
#include "store/row_refill.h"

/* DynamoDB does not delete items that expired longer ago, since such a number is hardly meant as a time. */
#define OLDEST_SECONDS (INT64CONST(5) * 365 * 24 * 60 * 60)

int
dyn_row_expire_batch(const DynTable *table, int64 now, int limit)
{
	Oid			types[3] = {INT8OID, INT8OID, INT8OID};
	Datum		values[3] = {Int64GetDatum(now), Int64GetDatum(now - OLDEST_SECONDS), Int64GetDatum(limit)};
	StringInfoData sql;
	DynScope scope;
	int			deleted;

	initStringInfo(&sql);
	appendStringInfo(&sql,
					 "WITH expired AS MATERIALIZED (SELECT ctid AS row_place FROM ONLY %s WHERE \"" DYN_TTL_COLUMN
					 "\" IS NOT NULL "
					 "AND \"" DYN_TTL_COLUMN "\" OPERATOR(pg_catalog.<=) $1 AND \"" DYN_TTL_COLUMN
					 "\" OPERATOR(pg_catalog.>=) $2 "
					 "ORDER BY \"" DYN_TTL_COLUMN "\" LIMIT $3 FOR UPDATE SKIP LOCKED) "
					 "DELETE FROM ONLY %s WHERE ctid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT row_place FROM expired))",
					 table->qualified, table->qualified);
	dyn_row_refill_begin(&scope, table);
	dyn_change_log_by_service(true);
	if (SPI_execute_with_args(sql.data, 3, types, values, NULL, false, 0) != SPI_OK_DELETE)
		elog(ERROR, "could not delete expired rows of \"%s\"", table->rel_name);
	deleted = SPI_processed;
	dyn_change_log_by_service(false);
	dyn_scope_end(&scope);
	return deleted;
}
