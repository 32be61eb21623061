/*
 * An item table that the catalogue does not know becomes a DynamoDB table.
 */
#ifndef DYN_TABLE_ADOPT_H
#define DYN_TABLE_ADOPT_H

#include "catalog/table.h"

/*
 * The definition as dyn_table_ddl_create takes it.  relid is in schema dynamo_tables under the name that the
 * definition's item table has, and is owned by the current user.  Raises an error with a hint where it has not the
 * shape of that item table; missing indexes and the trigger are made.  The rows are for the caller to check.
 */
extern const DynTable *dyn_table_adopt(DynTableDefinition *definition, Oid relid);

#endif
