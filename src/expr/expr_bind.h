/*
 * ExpressionAttributeNames and ExpressionAttributeValues: look-ups while expressions are compiled, and the check
 * afterwards that every one of them was used.
 */
#ifndef DYN_EXPR_BIND_H
#define DYN_EXPR_BIND_H

#include "item/item.h"

typedef struct DynBindEntry
{
	DynStr		name;			/* with its '#' or ':' */
	DynStr		attribute;		/* for names */
	DynValue	value;			/* for values */
	int64		size;			/* of the attribute's name or the value, by DynamoDB's rules */
	bool		used;
} DynBindEntry;

struct DynBindIndex;

typedef struct DynBindings
{
	int			name_count;
	DynBindEntry *names;
	int			value_count;
	DynBindEntry *values;
	struct DynBindIndex *name_index;	/* private: for look-ups, made when first needed */
	struct DynBindIndex *value_index;
	bool		has_names;		/* the request has the member, even if empty */
	bool		has_values;
	int64		names_size;		/* of all names and what they stand for */
	int64		values_size;
	int64		used_size;		/* of what the present expression has looked up, as often as it did */
} DynBindings;

/* Makes empty bindings.  Adding names and values to them checks their syntax (ValidationException in AWS's words). */
extern DynBindings *dyn_expr_bind_make(void);
extern void dyn_expr_bind_add_name(DynBindings *bindings, DynStr name, DynStr attribute);
extern void dyn_expr_bind_add_value(DynBindings *bindings, DynStr name, DynValue value);
/* Checks only the syntax of one value's name, because AWS checks all names before any value. */
extern void dyn_expr_bind_check_value_name(DynStr name);

/* To be called when all are added: checks that they are not too large. */
extern void dyn_expr_bind_check_sizes(const DynBindings *bindings);

/* Looks a name up and marks it used; NULL when it is not defined. */
extern const DynBindEntry *dyn_expr_bind_name(DynBindings *bindings, DynStr name);
extern const DynBindEntry *dyn_expr_bind_value(DynBindings *bindings, DynStr name);

/*
 * To be called after one expression is compiled: checks that it is not too large with its names and values in place.
 */
extern void dyn_expr_bind_check_usage(DynBindings *bindings, const char *parameter, DynStr text);

/*
 * To be called after all expressions of a request are compiled.  Raises "Value provided in ExpressionAttributeNames
 * unused in expressions: keys: {#x}" and similar errors.  any_expression: whether the request had an expression at all
 * ("ExpressionAttributeNames can only be specified when using expressions").
 */
extern void dyn_expr_bind_check(DynBindings *bindings, bool any_expression);

#endif
