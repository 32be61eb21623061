/*
 * Prepared statements on item tables, kept per table.
 *
 * Callers are inside SPI_connect.  A statement belongs to the table's descriptor and goes with it.
 */
#ifndef DYN_ROW_PLAN_H
#define DYN_ROW_PLAN_H

#include "executor/spi.h"
#include "nodes/params.h"
#include "tcop/dest.h"

#include "catalog/table_cache.h"

/* Which statement: one of these, or, from DYN_PLAN_RANGE on, a shape of range (row_range.c). */
typedef enum DynPlanKind
{
	DYN_PLAN_READ,
	DYN_PLAN_READ_LOCK,
	DYN_PLAN_INSERT,
	DYN_PLAN_REPLACE,
	DYN_PLAN_UPSERT,
	DYN_PLAN_DELETE,
	DYN_PLAN_COLLECTION,		/* the size of an item collection, after a write to it */
	DYN_PLAN_RANGE
} DynPlanKind;

/* NULL when it is not prepared yet. */
extern SPIPlanPtr dyn_row_plan_find(const DynTable *table, uint32 kind);
/* Prepares and keeps it.  cursor_options: CURSOR_OPT_FAST_PLAN for a statement whose first rows matter. */
extern SPIPlanPtr dyn_row_plan_prepare(const DynTable *table, uint32 kind, const char *sql, int count, Oid *types,
									   int cursor_options);
/*
 * Runs it with a fresh snapshot that sees our own changes; dest may be NULL.  Returns the number of rows.
 *
 * Runs as the current user, with one exception.  Writing an item needs no SELECT privilege, although the statements
 * that write look for the key; and locking a row before a write needs no privilege beyond that of the write.
 */
extern uint64 dyn_row_plan_execute(const DynTable *table, SPIPlanPtr plan, ParamListInfo params, DestReceiver *dest);
/* The same for a read, with the active snapshot, so that several reads see the same state. */
extern uint64 dyn_row_plan_execute_together(const DynTable *table, SPIPlanPtr plan, ParamListInfo params,
											DestReceiver *dest);

/* Room for count parameters, and setting one. */
extern ParamListInfo dyn_row_plan_params(int count);
extern void dyn_row_plan_set(ParamListInfo params, int position, Oid type, Datum value, bool is_null);

#endif
