/*
 * The parameters of table operations.
 */
#ifndef DYN_TABLE_PARAMS_H
#define DYN_TABLE_PARAMS_H

#include "json/json.h"
#include "meta/table_meta.h"
#include "meta/tag_meta.h"

/* TableName of any request: a name, or the ARN of a table. */
extern char *dyn_table_params_name(const DynJson *body);
/* The same for a name found elsewhere, e.g. a key of RequestItems. */
extern char *dyn_table_params_resolve(DynStr name);
/* The table that ResourceArn names, locked; raises AWS's errors for malformed ARNs and missing tables. */
extern const DynTable *dyn_table_params_resource(const DynJson *body, LOCKMODE lockmode);
/* A CreateTable request as the table to create; raises AWS's ValidationExceptions. */
extern void dyn_table_params_read(const DynJson *body, DynTableDefinition *definition);
/* A Tags list (NULL: none); raises what AWS raises for duplicates and too many. */
extern int	dyn_table_params_tags(const DynJson *json, DynTag **tags);

/* Parts of it, for UpdateTable.  json may be NULL, but for an index and the throughput. */
#define DYN_TABLE_PARAMS_INVALID "One or more parameter values were invalid: "
extern void dyn_table_params_definitions(const DynJson *json, DynTableDefinition *definition);
/* definition: the attribute definitions, the billing mode and (for a local index) the table's key. */
extern void dyn_table_params_index(const DynJson *json, bool global, const DynTableDefinition *definition, DynIndex *index);
extern void dyn_table_params_throughput(const DynJson *json, DynThroughput *throughput);
extern void dyn_table_params_on_demand(const DynJson *json, DynThroughput *throughput);
extern void dyn_table_params_warm(const DynJson *json, DynThroughput *throughput);
extern void dyn_table_params_sse(const DynJson *json, DynTableDefinition *definition);
/* StreamViewType; NULL: no stream wanted */
extern const char *dyn_table_params_stream(const DynJson *json);

#endif
