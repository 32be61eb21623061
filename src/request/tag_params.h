/*
 * The parameters of tag operations.
 */
#ifndef DYN_TAG_PARAMS_H
#define DYN_TAG_PARAMS_H

#include "base/compat.h"
#include "catalog/table_cache.h"
#include "catalog/tag.h"
#include "json/json.h"

/* The name of the table in ResourceArn; raises AWS's errors for malformed ARNs. */
extern char *dyn_tag_params_name(const DynJson *body);
/* That table, locked; raises AWS's error for a missing one. */
extern const DynTable *dyn_tag_params_table(const DynJson *body, LOCKMODE lockmode);
/* A Tags list (NULL: none); raises what AWS raises for bad characters, duplicates and too many. */
extern int	dyn_tag_params_read(const DynJson *json, DynTag **tags);
/* A TagKeys list. */
extern int	dyn_tag_params_keys(const DynJson *json, DynStr **keys);
/* Raised when a table would have more than DYN_MAX_TAGS. */
extern void dyn_tag_params_too_many(void) pg_attribute_noreturn();

#endif
