/*
 * The parameters of table operations.
 */
#ifndef DYN_TABLE_PARAMS_H
#define DYN_TABLE_PARAMS_H

#include "catalog/table_cache.h"
#include "json/json.h"
#include "request/throughput_params.h"

/* TableName of any request: a name, or the ARN of a table of this account and region. */
extern char *dyn_table_params_name(const DynJson *body);
/* The same for a name found elsewhere, e.g. a key of RequestItems. */
extern char *dyn_table_params_resolve(DynStr name);
/* A CreateTable request as the table to create; raises AWS's ValidationExceptions. */
extern void dyn_table_params_read(const DynJson *body, DynTableDefinition *definition);
/* TableClass; NULL when it is absent. */
extern char *dyn_table_params_class(const DynJson *body);

extern void dyn_table_params_definitions(const DynJson *json, DynTableDefinition *definition);
/* definition: the attribute definitions, the billing mode and (for a local index) the table's key. */
extern void dyn_table_params_index_keys(const DynJson *json, bool global, const DynTableDefinition *definition,
										DynIndex *index);
extern void dyn_table_params_index(const DynJson *json, const DynTableDefinition *definition, DynThroughputUse use,
								   DynIndex *index);
extern void dyn_table_params_sse(const DynJson *json, DynTableDefinition *definition);
/* StreamViewType of a new table; NULL: no stream wanted */
extern const char *dyn_table_params_stream(const DynJson *json);

#endif
