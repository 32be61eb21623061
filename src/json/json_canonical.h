/*
 * One text for all JSON documents that mean the same.
 */
#ifndef DYN_JSON_CANONICAL_H
#define DYN_JSON_CANONICAL_H

#include "json/json.h"

/* Compact, with members in the byte order of their names; for digests and comparisons of requests. */
extern void dyn_json_canonical_append(StringInfo out, const DynJson *json);
/*
 * The same without members that mean the same as their absence: nulls, and members called name whose value is the text
 * value.
 */
extern void dyn_json_canonical_append_without(StringInfo out, const DynJson *json, const char *name, const char *value);

#endif
