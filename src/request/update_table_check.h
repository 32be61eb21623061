/*
 * What an UpdateTable request says about itself.
 */
#ifndef DYN_UPDATE_TABLE_CHECK_H
#define DYN_UPDATE_TABLE_CHECK_H

#include "json/json.h"

/* What can be said without the table: something to do, one thing at a time, one change per index. */
extern void dyn_update_table_check(const DynJson *body);
/* GlobalSecondaryIndexUpdates; NULL when absent or empty. */
extern const DynJson *dyn_update_table_check_indexes(const DynJson *body);

#endif
