/*
 * Checks a request body against its shape in the public service model.
 */
#ifndef DYN_SHAPE_H
#define DYN_SHAPE_H

#include "json/json.h"
#include "request/service_model.h"

/*
 * First types: SerializationException, with the texts AWS gives ("NUMBER_VALUE cannot be converted to String", "Start of
 * structure or map found where not expected", ...).  Then constraints, all of them at once: ValidationException "N
 * validation error(s) detected: Value 'x' at 'tableName' failed to satisfy constraint: Member must ...".
 * body is an object.  Unknown members are ignored, as AWS does.
 */
extern void dyn_shape_check(const DynShape *shape, const DynJson *body);

#endif
