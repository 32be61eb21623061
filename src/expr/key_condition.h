/*
 * KeyConditionExpression: parsed with the shared grammar, then fitted to a key schema.
 */
#ifndef DYN_KEY_CONDITION_H
#define DYN_KEY_CONDITION_H

#include "expr/condition.h"
#include "item/key.h"

/*
 * What a key condition asks of an ordered index: the hash parts equal hash.values, the first equal_count range parts
 * equal equal[], and the next range part is within the bounds (or starts with prefix, for begins_with).
 */
typedef struct DynKeyRange
{
	DynKey		hash;			/* hash parts only; count 0: no condition (a scan) */
	int			equal_count;
	DynValue	equal[DYN_MAX_INDEX_KEY_PARTS];
	bool		has_lower;
	bool		lower_inclusive;
	DynValue	lower;
	bool		has_upper;
	bool		upper_inclusive;
	DynValue	upper;
	bool		has_prefix;		/* begins_with: S or B */
	DynValue	prefix;
} DynKeyRange;

/*
 * Checks the syntax only.  The caller fits it to a schema afterwards, since AWS reports syntax before it looks at the
 * table.
 */
extern DynCondition *dyn_key_condition_parse(DynStr text, DynBindings *bindings);
/*
 * Comes next, when all names and values are known to be used: refuses what the language allows but no index can serve.
 */
extern void dyn_key_condition_check(const DynCondition *condition);
/*
 * Raises AWS's errors: "Query condition missed key schema element: ...", "Query key condition not supported", types,
 * ...
 */
extern void dyn_key_condition_fit(const DynCondition *condition, const DynKeySchema *schema, bool is_index,
								  DynKeyRange *range);
/* Does a key lie within the range?  Both parts in the schema's order. */
extern bool dyn_key_condition_matches(const DynKeyRange *range, const DynKey *key, const DynKeySchema *schema);

#endif
