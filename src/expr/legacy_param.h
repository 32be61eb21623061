/*
 * The parameters from before expressions (Expected, KeyConditions, QueryFilter, ScanFilter, AttributeUpdates,
 * AttributesToGet), compiled to the same trees ("Legacy conditional parameters", Developer Guide).
 *
 * All take the parameter's JSON, checked against the model, and raise AWS's ValidationExceptions.
 */
#ifndef DYN_LEGACY_PARAM_H
#define DYN_LEGACY_PARAM_H

#include "expr/condition.h"
#include "expr/projection.h"
#include "expr/update.h"
#include "json/json.h"

/* conditional_operator: the member of the request, NULL when absent. */
extern DynCondition *dyn_legacy_param_expected(const DynJson *expected, const DynJson *conditional_operator);
/* QueryFilter and ScanFilter. */
extern DynCondition *dyn_legacy_param_filter(const DynJson *filter, const DynJson *conditional_operator);
/* For dyn_key_condition_fit. */
extern DynCondition *dyn_legacy_param_key_conditions(const DynJson *conditions);
extern DynUpdate *dyn_legacy_param_attribute_updates(const DynJson *updates);
extern DynProjection *dyn_legacy_param_attributes_to_get(const DynJson *names);

#endif
