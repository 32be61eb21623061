/*
 * What a SELECT reads: single items, ranges of hash keys, or everything.
 */
#ifndef DYN_PARTIQL_ACCESS_H
#define DYN_PARTIQL_ACCESS_H

#include "partiql/partiql_plan.h"

/* A condition that compares one key attribute with values. */
typedef struct DynPartiqlTest
{
	const DynKeyPart *part;
	DynNodeKind kind;			/* EQ, LT, LE, GT, GE, BETWEEN, IN, CALL: begins_with; the attribute is on the left */
	int			count;
	DynNode   **values;
} DynPartiqlTest;

/*
 * Is it such a condition?  A path into a key attribute, and values of another type than the key's, are errors, which
 * AWS words a little differently in statements that write.
 */
extern bool dyn_partiql_access_test(const DynNode *node, const DynKeySchema *schema, bool writes, DynPartiqlTest *test);
/* Fills the plan's ranges, filter and key. */
extern void dyn_partiql_access_plan(DynNode *where, DynPartiqlPlan *plan);

#endif
