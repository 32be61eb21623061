/*
 * One text for all JSON documents that mean the same.
 */
#ifndef DYN_JSON_CANONICAL_H
#define DYN_JSON_CANONICAL_H

#include "json/json.h"

/* Compact, members in the byte order of their names: to digest and compare requests. */
extern void dyn_json_canonical_append(StringInfo out, const DynJson *json);

#endif
