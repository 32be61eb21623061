/*
 * Tables of the catalogue whose item table is not where the catalogue says.
 *
 * So it is after a RENAME, a SET SCHEMA or a DROP that event triggers have not seen.
 */
#ifndef DYN_TABLE_LOST_H
#define DYN_TABLE_LOST_H

#include "base/call.h"
#include "catalog/table_cache.h"

typedef struct DynLostTable
{
	DynTable	table;			/* what the catalogue says; relid is InvalidOid */
	Oid			found;			/* the item table, elsewhere or renamed; InvalidOid: none, or several may be it */
} DynLostTable;

/* NULL when there is no such table, or when its item table is in its place. */
extern DynLostTable *dyn_table_lost_find(const char *name);
/* In words, and the SQL that brings the item table back or, where there is none, forgets the table. */
extern char *dyn_table_lost_problem(const DynLostTable *lost);
extern char *dyn_table_lost_repair(const DynLostTable *lost);
/* Takes the table out of the catalogue; an item table that was found elsewhere stays there. */
extern void dyn_table_lost_forget(const DynLostTable *lost);

#endif
