/*
 * UpdateTable's parameters.
 */
#ifndef DYN_UPDATE_TABLE_PARAMS_H
#define DYN_UPDATE_TABLE_PARAMS_H

#include "catalog/table_cache.h"
#include "json/json.h"

/* One index may come or go at a time. */
extern void dyn_update_table_params_check_actions(const DynJson *body);
/*
 * Applies the settings (all but indexes that come and go) to changed, a copy of table whose list of indexes is a copy,
 * too.  now: the time of the change.
 */
extern void dyn_update_table_params_settings(const DynJson *body, const DynTable *table, DynTable *changed,
											 TimestampTz now);
/* The index to create; its key parts have no columns yet.  False: none. */
extern bool dyn_update_table_params_create(const DynJson *body, const DynTable *table, const DynTable *changed,
										   DynIndex *index, DynTableDefinition *definition);
/* The index to delete, NULL: none. */
extern const DynIndex *dyn_update_table_params_delete(const DynJson *body, const DynTable *table);

#endif
