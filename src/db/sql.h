/*
 * Running SQL: the one way to do it.
 *
 * Callers are inside a scope (scope.h).  Texts are SQL with schema-qualified names; values are parameters.  What a
 * query returns is in SPI_tuptable and SPI_processed, which dyn_query functions give back.
 */
#ifndef DYN_SQL_H
#define DYN_SQL_H

#include "executor/spi.h"

/*
 * Runs a statement of the catalogue; expected is the SPI_OK_ code that it must end with.  nulls as in SPI: 'n' for each
 * null, NULL for none.  The plan is kept under the text, so that it is made once in a process.  Use it only for a
 * fixed set of texts, not for texts that contain names of tables.
 */
extern uint64 dyn_sql_run(const char *sql, int count, Oid *types, Datum *values, const char *nulls, int expected);
/* The same without keeping the plan. */
extern uint64 dyn_sql_run_once(const char *sql, int count, Oid *types, Datum *values, const char *nulls, int expected);
/*
 * Runs a SELECT on the data as it is now, whatever the isolation level.  It is for results that outlive the
 * transaction, or must include what others have committed.  At most limit rows, 0: all.  The plan is kept.
 */
extern uint64 dyn_sql_latest(const char *sql, int count, Oid *types, Datum *values, long limit);
/* The same, row by row: they go to dest and are not collected. */
extern void dyn_sql_walk_latest(const char *sql, int count, Oid *types, Datum *values, DestReceiver *dest);

/* Runs DDL and other statements that return nothing. */
extern void dyn_sql_utility(const char *sql);

#endif
