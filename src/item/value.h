/*
 * Attribute values: the ten types, copying, equality and order.
 *
 * A value is immutable once built; shallow copies share what they point to.  Everything lives in CurrentMemoryContext.
 */
#ifndef DYN_VALUE_H
#define DYN_VALUE_H

#include "base/text.h"
#include "item/number.h"

typedef enum DynType
{
	DYN_TYPE_S,
	DYN_TYPE_N,
	DYN_TYPE_B,
	DYN_TYPE_BOOL,
	DYN_TYPE_NULL,
	DYN_TYPE_L,
	DYN_TYPE_M,
	DYN_TYPE_SS,
	DYN_TYPE_NS,
	DYN_TYPE_BS
} DynType;

struct DynValue;
struct DynItem;

/* elements of L, or of a set: those are sorted (byte order, numeric order) and distinct */
typedef struct DynList
{
	struct DynValue *values;
	int			count;
	int			capacity;
} DynList;

typedef struct DynValue
{
	DynType		type;
	union
	{
		DynStr		text;		/* S, and B as raw bytes */
		const DynNumber *number;	/* N */
		bool		boolean;	/* BOOL */
		DynList		list;		/* L, SS, NS, BS */
		struct DynItem *map;	/* M */
	};
} DynValue;

extern const char *dyn_value_type_name(DynType type);	/* "S", "N", "SS", ... */
extern bool dyn_value_type_from_name(DynStr name, DynType *type);
extern bool dyn_value_is_set(const DynValue *value);
/* The type of a set's elements. */
extern DynType dyn_value_element_type(DynType set);

extern DynValue dyn_value_string(DynStr text);
extern DynValue dyn_value_number(const DynNumber *number);
extern DynValue dyn_value_binary(DynStr bytes);
extern DynValue dyn_value_boolean(bool boolean);
extern DynValue dyn_value_null(void);
extern DynValue dyn_value_list(void);	/* an empty L, to append to */
extern void dyn_value_list_append(DynValue *list, DynValue element);

/* Deep equality: same type, same value; sets regardless of order, numbers by value. */
extern bool dyn_value_equal(const DynValue *a, const DynValue *b);
/* Order of two values of one scalar type (S, N, B); the caller checks the types. */
extern int	dyn_value_compare(const DynValue *a, const DynValue *b);
extern DynValue dyn_value_copy(const DynValue *value);	/* deep, into CurrentMemoryContext */

/* Sets.  Sorting raises no error; it removes duplicates and returns false when there were any. */
extern bool dyn_value_set_normalize(DynValue *set);
extern bool dyn_value_set_contains(const DynValue *set, const DynValue *element);
extern DynValue dyn_value_set_union(const DynValue *a, const DynValue *b);
extern DynValue dyn_value_set_difference(const DynValue *a, const DynValue *b);	/* may come out empty */

/* Levels of nesting below this value: 0 for a scalar or set, 1 for a list of scalars. */
extern int	dyn_value_depth(const DynValue *value);

#endif
