/*
 * A statement and its table: the inputs of the procedures that Query, Scan, PutItem, UpdateItem and DeleteItem use.
 */
#ifndef DYN_PARTIQL_PLAN_H
#define DYN_PARTIQL_PLAN_H

#include "catalog/table_cache.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "partiql/partiql_parse.h"
#include "partiql/partiql_translate.h"

typedef struct DynPartiqlPlan
{
	const DynTable *table;
	const DynIndex *index;		/* SELECT; NULL: the table */
	/* SELECT: one range after the other; none: a scan */
	int			range_count;
	DynKeyRange *ranges;
	bool		backward;
	bool		fetches;		/* a local index lacks a column, so items come from the table */
	DynPartiqlColumns columns;
	/* SELECT: the filter; writes: the condition on the stored item; NULL: none */
	DynCondition *condition;
	DynCondition *rest;			/* DELETE: what the statement itself asks of an item; NULL: nothing */
	/* the key that WHERE or the item gives; a SELECT has one only when it can read no more than that item */
	bool		has_key;
	DynKey		key;
	bool		only_key;		/* and nothing else stands behind WHERE */
	/* writes */
	DynItem    *item;			/* INSERT */
	DynUpdate  *update;
} DynPartiqlPlan;

extern DynPartiqlPlan *dyn_partiql_plan_select(const DynPartiqlStatement *statement,
											   const DynPartiqlTranslation *translation, const DynTable *table,
											   const DynIndex *index);
/* INSERT, UPDATE, DELETE, and the SELECT inside EXISTS.  Sets translation->has_key, also when it fails later. */
extern DynPartiqlPlan *dyn_partiql_plan_write(const DynPartiqlStatement *statement, DynPartiqlTranslation *translation,
											  const DynTable *table);
/* The columns of one item. */
extern DynItem *dyn_partiql_plan_project(const DynPartiqlColumns *columns, const DynItem *item);

#endif
