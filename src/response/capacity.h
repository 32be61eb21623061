/*
 * ConsumedCapacity.
 */
#ifndef DYN_CAPACITY_H
#define DYN_CAPACITY_H

#include "base/limits.h"
#include "catalog/table_cache.h"
#include "json/json.h"

typedef enum DynCapacityMode
{
	DYN_CAPACITY_NONE,
	DYN_CAPACITY_TOTAL,
	DYN_CAPACITY_INDEXES
} DynCapacityMode;

typedef struct DynCapacity
{
	const DynTable *table;
	DynStr		asked_name;		/* as in the request, which may have named it by its ARN; empty: the table's name */
	double		rate;			/* of the table: 2 in transactions, else 1 */
	const char *units_member;	/* of transactions, beside the total: Read- or WriteCapacityUnits; NULL: none */
	double		table_units;
	double	   *index_units;	/* table->index_count of them */
} DynCapacity;

extern DynCapacityMode dyn_capacity_mode(const DynJson *body);
extern DynCapacity *dyn_capacity_make(const DynTable *table);
/* At the rates of transactions, whose replies name the kind of the units as well. */
extern DynCapacity *dyn_capacity_make_transactional(const DynTable *table, bool writes);
/* Takes the name for the reply from json's TableName, unless an earlier part of the request has named the table. */
extern void dyn_capacity_name(DynCapacity *capacity, const DynJson *json);
/* Units for reading bytes of the table, or of an index. */
extern void dyn_capacity_add_read(DynCapacity *capacity, const DynIndex *index, int64 bytes, bool consistent);
/* Units for reading all of a table or index from all its partitions, or of one of its segments (0: no segments). */
extern void dyn_capacity_add_scan(DynCapacity *capacity, const DynIndex *index, int64 bytes, int segments,
								  bool consistent);
/* Units for a write that turned old into new (either may be NULL), in the table and in each index it touches. */
extern void dyn_capacity_add_write(DynCapacity *capacity, const DynItem *old, const DynItem *new);
/* The units of another statement on the same table. */
extern void dyn_capacity_add(DynCapacity *sum, const DynCapacity *capacity);
/* One ConsumedCapacity object. */
extern void dyn_capacity_write(StringInfo out, const DynCapacity *capacity, DynCapacityMode mode);
/* The member of a single-table reply; nothing when mode is NONE. */
extern void dyn_capacity_write_member(StringInfo out, const DynCapacity *capacity, DynCapacityMode mode);

/* Those of a transaction: one for each table, in the order in which the tables are first named. */
typedef struct DynCapacitySum
{
	bool		writes;
	int			count;
	DynCapacity *capacities[DYN_MAX_TRANSACT_ITEMS];
} DynCapacitySum;

extern DynCapacitySum *dyn_capacity_sum_make(bool writes);
extern DynCapacity *dyn_capacity_sum_table(DynCapacitySum *sum, const DynTable *table);
extern void dyn_capacity_sum_write_member(StringInfo out, const DynCapacitySum *sum, DynCapacityMode mode);

#endif
