/*
 * BatchGetItem and BatchWriteItem: many items of many tables, without a promise that all succeed.
 */
#ifndef DYN_BATCH_FLOW_H
#define DYN_BATCH_FLOW_H

#include "base/call.h"
#include "catalog/table.h"
#include "response/capacity.h"

/* One table's share of the request. */
typedef struct DynBatchTable
{
	DynStr		asked_name;		/* as in the request: replies use it */
	const DynJson *json;		/* its member of RequestItems */
	const DynTable *table;		/* NULL: not looked up yet */
	DynCapacity *capacity;
} DynBatchTable;

typedef struct DynBatch
{
	int			table_count;
	DynBatchTable *tables;		/* in the request's order */
} DynBatch;

/* Fills asked_name and json of every table of RequestItems. */
extern void dyn_batch_flow_read_tables(const DynCall *call, DynBatch *batch);
/* A key with its table, as bytes to compare. */
extern DynStr dyn_batch_flow_encode_key(const DynTable *table, const DynKey *key);
/* The member ConsumedCapacity: an element for each table that has been looked up, none for DYN_CAPACITY_NONE. */
extern void dyn_batch_flow_write_capacities(DynCall *call, const DynBatch *batch, DynCapacityMode mode);

#endif
