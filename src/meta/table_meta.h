/*
 * Table descriptors: what the catalogue says about a DynamoDB table, cached per backend.
 *
 * A descriptor is read-only, and stays valid until the end of the transaction that looked it up, whatever happens to the
 * catalogue meanwhile.  A change in the catalogue sends a relcache invalidation of the item table, which makes every
 * backend load the descriptor again at its next look-up.
 */
#ifndef DYN_TABLE_META_H
#define DYN_TABLE_META_H

#include "access/attnum.h"
#include "datatype/timestamp.h"
#include "storage/lockdefs.h"

#include "base/compat.h"
#include "item/key.h"
#include "json/json.h"

typedef enum DynTableStatus
{
	DYN_TABLE_CREATING,
	DYN_TABLE_UPDATING,
	DYN_TABLE_DELETING,
	DYN_TABLE_ACTIVE
} DynTableStatus;

typedef enum DynProjectionType
{
	DYN_PROJECT_ALL,
	DYN_PROJECT_KEYS_ONLY,
	DYN_PROJECT_INCLUDE
} DynProjectionType;

/* A derived key column of the item table. */
typedef struct DynColumn
{
	DynStr		attribute;
	DynType		type;			/* S text COLLATE "C", N numeric, B bytea */
	bool		is_hash;		/* holds dyn_key_hash_column() instead of the plain value */
	bool		is_ttl;			/* no key: the seconds of TimeToLive's attribute, as bigint */
	const char *name;			/* PostgreSQL's */
	const char *quoted;			/* the same, through quote_identifier */
	AttrNumber	attnum;			/* in the item table */
} DynColumn;

typedef struct DynThroughput
{
	int64		read_units;		/* 0 when on demand */
	int64		write_units;
	TimestampTz last_increase;	/* 0: never */
	TimestampTz last_decrease;
	int			decreases_today;
	int64		max_read_units;	/* OnDemandThroughput; -1 or 0: unset */
	int64		max_write_units;
	bool		has_on_demand;
	int64		warm_read_units;
	int64		warm_write_units;
} DynThroughput;

typedef struct DynIndex
{
	const char *name;
	bool		global;
	DynTableStatus status;
	bool		backfilling;
	DynKeySchema keys;			/* the index's own key attributes */
	DynProjectionType projection;
	int			non_key_count;
	DynStr	   *non_key;		/* INCLUDE: as given */
	const char *rel_name;		/* PostgreSQL index, unqualified */
	DynThroughput throughput;
} DynIndex;

typedef struct DynAttributeDefinition
{
	DynStr		name;
	DynType		type;
} DynAttributeDefinition;

typedef struct DynTable
{
	Oid			relid;			/* the item table */
	int64		id;				/* dynamo.tables.id: never reused */
	char		uuid[37];		/* TableId */
	const char *name;
	const char *rel_name;		/* unqualified */
	const char *qualified;		/* dynamo_tables."Orders", quoted */
	DynTableStatus status;
	TimestampTz created;
	DynKeySchema keys;
	int			definition_count;
	DynAttributeDefinition *definitions;	/* in the order given */
	int			index_count;
	DynIndex   *indexes;		/* in the order given: local ones first, then global */
	int		   *indexes_by_name;	/* their positions, in the order of their names */
	int			column_count;
	DynColumn  *columns;		/* in attribute-number order of the item table */
	AttrNumber	item_attnum;	/* of the columns item and size: n + 1, n + 2 until an index adds columns behind them */
	AttrNumber	size_attnum;
	DynThroughput throughput;
	bool		on_demand;		/* BillingMode PAY_PER_REQUEST */
	TimestampTz on_demand_since;	/* LastUpdateToPayPerRequestDateTime; 0: never */
	bool		has_billing_mode;	/* BillingModeSummary is shown */
	bool		deletion_protection;
	const char *table_class;	/* NULL: not given (STANDARD) */
	TimestampTz table_class_changed;	/* 0: never */
	const char *sse_type;		/* "KMS" or NULL */
	const char *sse_key;		/* KMSMasterKeyArn or NULL */
	const char *stream_view;	/* StreamViewType, NULL: no stream */
	const char *stream_label;	/* LatestStreamLabel, NULL: never had a stream */
	DynStr		ttl_attribute;	/* of TimeToLive; data NULL: disabled */
	TimestampTz ttl_changed;	/* when it was enabled or disabled; 0: never */
	bool		ttl_ready;		/* its column is filled and its index there */
	const char *damage;			/* what keeps the item table from being used, in words; NULL: nothing */
	bool		readable;		/* damage or not, its items can be read */
	void	   *plans;			/* store/spi_plan's statements; owned by the descriptor, dropped with it */
} DynTable;

/* The row of dynamo.tables to create; request/table_params fills it, table_ddl makes it so. */
typedef DynTable DynTableDefinition;

/*
 * The table's descriptor with its item table locked in lockmode until the end of the transaction; raises
 * ResourceNotFoundException "Requested resource not found" (data operations), or "Requested resource not found: Table:
 * <name> not found" (table operations, dyn_table_meta_describe).
 */
extern const DynTable *dyn_table_meta_get(const char *name, LOCKMODE lockmode);
extern const DynTable *dyn_table_meta_describe(const char *name, LOCKMODE lockmode);
/* NULL when there is none, for operations with an error of their own. */
extern const DynTable *dyn_table_meta_find(const char *name, LOCKMODE lockmode);
/*
 * The same for those who do not touch the columns, dyn_table_meta_describe among them.  The others raise
 * ResourceNotFoundException "Requested resource not found: Table: <name> is damaged: ..." when the item table is no longer
 * what the catalogue says, unless it can be read and no more than AccessShareLock is asked for.
 */
extern const DynTable *dyn_table_meta_find_damaged(const char *name, LOCKMODE lockmode);
/*
 * Raises the error of those who find a null where a column is declared NOT NULL: an old snapshot may see rows from before
 * the owner of the item table declared it so.
 */
extern void dyn_table_meta_null_found(void) pg_attribute_noreturn();
/* By item table, for the triggers, which hold a lock already; NULL when it is none of ours. */
extern const DynTable *dyn_table_meta_by_relid(Oid relid);
/* NULL when the table has no such index. */
extern const DynIndex *dyn_table_meta_index(const DynTable *table, const char *name);
/* Whether an index holds a top-level attribute: keys of both and, by its projection, others. */
extern bool dyn_table_meta_projects(const DynTable *table, const DynIndex *index, DynStr attribute);
/* How many partitions AWS would begin with for this throughput: a Scan of them all reads from each. */
extern int	dyn_table_meta_partitions(const DynTable *table, const DynIndex *index);
/* Names after `after` (NULL: from the start) in byte order, at most limit; palloc'd C strings. */
extern int	dyn_table_meta_list(const char *after, int limit, char ***names);
/* ItemCount and TableSizeBytes; index NULL: the table.  Exact for small tables, the statistics' estimate for large ones. */
extern void dyn_table_meta_count(const DynTable *table, const DynIndex *index, int64 *items, int64 *bytes);

/*
 * The columns by which a table (index NULL) or an index is ordered, as positions in table->columns: its own key columns,
 * then those of the table's key that are not among them.  columns has room for DYN_MAX_WALK_COLUMNS.
 */
#define DYN_MAX_WALK_COLUMNS (2 * DYN_MAX_INDEX_KEY_PARTS + 2)
extern int	dyn_table_meta_walk_columns(const DynTable *table, const DynIndex *index, int *columns);
/* Is a column of the index's key (a position in table->columns) part of the table's key, and therefore never null? */
extern bool dyn_table_meta_is_primary(const DynTable *table, int column);

/* The warm throughput that a table or index has: what was asked for, and at least what its billing mode gives. */
extern int64 dyn_table_meta_warm_units(const DynThroughput *throughput, bool on_demand, bool reads);
/* NumberOfDecreasesToday: in UTC's day of now. */
extern int	dyn_table_meta_decreases_today(const DynThroughput *throughput, TimestampTz now);

/*
 * Writes what UpdateTable and its like can change (status, billing, throughput, protection, class, encryption, stream,
 * and the same of every index that both have) from changed, usually an altered copy of the descriptor.  The caller looks
 * the table up again to see it.
 */
extern void dyn_table_meta_update(const DynTable *table, const DynTable *changed);
/* Makes every backend load the descriptor again, once this transaction has committed. */
extern void dyn_table_meta_invalidate(Oid relid);
extern void dyn_table_meta_invalidate_name(const char *rel_name);
extern void dyn_table_meta_invalidate_id(int64 id);

#endif
