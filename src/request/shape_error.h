/*
 * What is wrong with a request body, in AWS's words.
 */
#ifndef DYN_SHAPE_ERROR_H
#define DYN_SHAPE_ERROR_H

#include "base/compat.h"
#include "request/shape.h"

/* Raises SerializationException: value has not the kind of shape.  is_element: in a list or map, not in a structure. */
extern void dyn_shape_error_kind(const DynShape *shape, const DynJson *value, bool is_element) pg_attribute_noreturn();
/*
 * Raises ValidationException with all constraints that body, whose types are right, fails.  Returns when it fails none.
 */
extern void dyn_shape_error_constraints(const DynShape *shape, const DynJson *body);

#endif
