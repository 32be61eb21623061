/*
 * What SQL users have done to an item table that DynamoDB's operations cannot live with.
 */
#ifndef DYN_TABLE_DAMAGE_H
#define DYN_TABLE_DAMAGE_H

#include "nodes/pg_list.h"

#include "catalog/table_cache.h"

typedef enum DynDamageEffect
{
	DYN_DAMAGE_UNREADABLE,		/* no operation can use the items */
	DYN_DAMAGE_UNWRITABLE,		/* reads go on */
	DYN_DAMAGE_HARMLESS			/* operations go on; what is lost is speed, or safety against SQL or a crash */
} DynDamageEffect;

typedef struct DynDamage
{
	DynDamageEffect effect;
	char	   *problem;		/* "column \"size\" is missing" */
	char	   *repair;			/* the statement that repairs it; NULL: no single one does */
} DynDamage;

/*
 * DynDamage, worst first, of a table whose catalogue rows have been read; all: the harmless ones as well.  The table is
 * locked by the caller.
 */
extern List *dyn_table_damage_list(const DynTable *table, bool all);

#endif
