/*
 * The parameters of billing and throughput, of tables and indexes.
 */
#ifndef DYN_THROUGHPUT_PARAMS_H
#define DYN_THROUGHPUT_PARAMS_H

#include "catalog/table_cache.h"
#include "json/json.h"

/* CreateTable's and UpdateTable's texts differ. */
typedef enum DynThroughputUse
{
	DYN_THROUGHPUT_CREATES_TABLE,
	DYN_THROUGHPUT_UPDATES_TABLE
} DynThroughputUse;

/* Everywhere below, index_name NULL means the table's own. */

/* ProvisionedThroughput; json is not NULL. */
extern void dyn_throughput_params_units(const DynJson *json, DynThroughput *throughput);
/* OnDemandThroughput, member by member: those that are absent stay, -1 takes one away.  json may be NULL. */
extern void dyn_throughput_params_on_demand(const DynJson *json, const char *index_name, bool on_demand,
											DynThroughputUse use, DynThroughput *throughput);
/* WarmThroughput of a new table or index.  json may be NULL. */
extern void dyn_throughput_params_warm(const DynJson *json, const char *index_name, bool on_demand,
									   DynThroughput *throughput);
/* The same of an existing one: it only grows. */
extern void dyn_throughput_params_warm_more(const DynJson *json, const char *index_name, bool on_demand,
											DynThroughput *throughput);
/* What an account may have without asking for more: LimitExceededException. */
extern void dyn_throughput_params_check_quota(const DynThroughput *throughput, const char *index_name);
/* Is there anything in it?  AWS takes {} as absent. */
extern bool dyn_throughput_params_given(const DynJson *json);

#endif
