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
 * Is it such a condition?  key_format ("Key %s" or "Key: %s") words the error for a key attribute with a path into it;
 * values of another type than the key's are an error, too.
 */
extern bool dyn_partiql_access_test(const DynNode *node, const DynKeySchema *schema, const char *key_format, DynPartiqlTest *test);
/* Fills the plan's ranges, filter and key. */
extern void dyn_partiql_access_plan(DynNode *where, DynPartiqlPlan *plan);

#endif
