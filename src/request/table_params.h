/*
 * The parameters of table operations.
 */
#ifndef DYN_TABLE_PARAMS_H
#define DYN_TABLE_PARAMS_H

#include "json/json.h"
#include "meta/table_meta.h"

/* TableName of any request: a name, or the ARN of a table of this account and region. */
extern char *dyn_table_params_name(const DynJson *body);
/* The same for a name found elsewhere, e.g. a key of RequestItems. */
extern char *dyn_table_params_resolve(DynStr name);
/* A CreateTable request as the table to create; raises AWS's ValidationExceptions. */
extern void dyn_table_params_read(const DynJson *body, DynTableDefinition *definition);
/* TableClass; NULL when it is absent. */
extern char *dyn_table_params_class(const DynJson *body);

#endif
