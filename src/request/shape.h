/*
 * Checks a request body against its shape in the public service model.
 */
#ifndef DYN_SHAPE_H
#define DYN_SHAPE_H

#include "json/json.h"
#include "model/model.h"

/*
 * First types: SerializationException, with the texts AWS gives ("NUMBER_VALUE cannot be converted to String", "Start
 * of structure or map found where not expected", ...).  Then constraints, all of them at once: ValidationException "N
 * validation error(s) detected: Value 'x' at 'tableName' failed to satisfy constraint: Member must ...". Unknown
 * members are ignored, as AWS does.
 *
 * What a caller may rely on afterwards: the body is an object, every member that is there has the kind of its shape,
 * every required member is there, and no element of a list or map is null, but for shapes with nullable_elements: those
 * hold attribute values, or are parts of one, whose nulls item code refuses.  Integers beyond their range saturate
 * where they are read: of 32 bits (DYN_SHAPE_INTEGER) with dyn_json_int32, of 64 with dyn_json_integer.
 *
 * Returns whether the body is odd: nested very deeply, or with an attribute value that has no type or several, or a
 * boolean in the form of a string.
 */
extern bool dyn_shape_check(const DynShape *shape, const DynJson *body);

/* A constraint that a value fails; a bit each. */
typedef enum DynShapeFailure
{
	DYN_SHAPE_FAILS_ENUM = 1,
	DYN_SHAPE_FAILS_PATTERN = 2,
	DYN_SHAPE_FAILS_MIN = 4,
	DYN_SHAPE_FAILS_MAX = 8
} DynShapeFailure;

/* Whether a value whose types are right satisfies all constraints, its own and those below it. */
extern bool dyn_shape_satisfied(const DynShape *shape, const DynJson *value);
/* The failures of one value, not looking below it.  value has the shape's kind. */
extern int	dyn_shape_failures(const DynShape *shape, const DynJson *value);
/* The same for a string: a map's key. */
extern int	dyn_shape_string_failures(const DynShape *shape, DynStr text);

#endif
