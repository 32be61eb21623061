/*
 * What a statement says whatever its table is: names, paths, conditions and values, as the other operations use them.
 */
#ifndef DYN_PARTIQL_TRANSLATE_H
#define DYN_PARTIQL_TRANSLATE_H

#include "expr/update.h"
#include "partiql/partiql_expr.h"

/* What SELECT returns of an item: a.b as "b", a[0] as "a[0]". */
typedef struct DynPartiqlColumns
{
	int			count;			/* 0: everything */
	DynPath    *paths;
	DynStr	   *names;
} DynPartiqlColumns;

typedef struct DynPartiqlTranslation
{
	DynStr		table;
	DynStr		index;			/* data NULL: none */
	DynNode    *where;			/* NULL: none; its operands are checked */
	DynPartiqlColumns columns;	/* SELECT */
	DynItem    *item;			/* INSERT */
	DynUpdate  *update;			/* UPDATE */
	bool		has_key;		/* writes, once planned: it gives a whole key of the right types, of any size */
} DynPartiqlTranslation;

/* Raises AWS's errors for what is wrong whatever the table is, in AWS's order: docs/errors.md. */
extern DynPartiqlTranslation *dyn_partiql_translate(const DynPartiqlStatement *statement,
													const DynPartiqlParameters *parameters);

#endif
