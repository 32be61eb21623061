/*
 * A DynamoDB table as the catalogue describes it.
 */
#ifndef DYN_TABLE_H
#define DYN_TABLE_H

#include "access/attnum.h"
#include "datatype/timestamp.h"

#include "item/key.h"

/* Where item tables are. */
#define DYN_ITEM_SCHEMA "dynamo_tables"
/* The item table's column for TimeToLive; no key column is called so. */
#define DYN_TTL_COLUMN "~ttl"
/* The trigger of every item table, and those of one with a stream. */
#define DYN_ITEM_TRIGGER "dynamo_item"
#define DYN_STREAM_ROW_TRIGGER "!dynamo_stream"
#define DYN_STREAM_TRUNCATE_TRIGGER "!dynamo_truncate"

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

struct DynTablePlans;

typedef struct DynTable
{
	Oid			relid;			/* the item table */
	int64		id;				/* dynamo.tables.id: never reused */
	char		uuid[37];		/* TableId */
	const char *name;
	const char *rel_name;		/* unqualified */
	const char *qualified;		/* dynamo_tables."Orders", quoted */
	const char *owner_name;		/* the role that owned the item table when this was loaded; for the log */
	DynTableStatus status;
	TimestampTz created;
	DynKeySchema keys;
	int			definition_count;
	DynAttributeDefinition *definitions;	/* in the order given */
	int			index_count;
	DynIndex   *indexes;		/* in the order given: local ones first, then global */
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
	struct DynTablePlans **plans;	/* a place for store/row_plan's statements; NULL: a definition */
} DynTable;

/* The row of dynamo.tables to create; request/table_params fills it, table_ddl makes it so. */
typedef DynTable DynTableDefinition;

/*
 * Whose code may be running: noted before each statement on an item table (NULL: nobody's), for the log when a process
 * has to be ended in the middle of one.  _used gives the names, valid until the end of the transaction; false: no
 * table.
 */
extern void dyn_table_note_use(const DynTable *table);
extern bool dyn_table_used(const char **table, const char **owner);
/* NULL when the table has no such index. */
extern const DynIndex *dyn_table_index(const DynTable *table, const char *name);
/* Whether an index holds a top-level attribute: keys of both and, by its projection, others. */
extern bool dyn_table_projects(const DynTable *table, const DynIndex *index, DynStr attribute);
/* How many partitions AWS would begin with for this throughput: a Scan of them all reads from each. */
extern int	dyn_table_partitions(const DynTable *table, const DynIndex *index);

/*
 * The columns by which a table (index NULL) or an index is ordered, as positions in table->columns: its own key
 * columns, then those of the table's key that are not among them.  columns has room for DYN_MAX_WALK_COLUMNS.
 */
#define DYN_MAX_WALK_COLUMNS (2 * DYN_MAX_INDEX_KEY_PARTS + 2)
extern int	dyn_table_walk_columns(const DynTable *table, const DynIndex *index, int *columns);
/* Is a column of the index's key (a position in table->columns) part of the table's key, and therefore never null? */
extern bool dyn_table_is_primary(const DynTable *table, int column);
/* The position of an attribute's column in table->columns, -1: none. */
extern int	dyn_table_find_column(const DynTable *table, DynStr attribute, bool is_hash);

/* The warm throughput that a table or index has: what was asked for, and at least what its billing mode gives. */
extern int64 dyn_table_warm_units(const DynThroughput *throughput, bool on_demand, bool reads);
/* NumberOfDecreasesToday: in UTC's day of now. */
extern int	dyn_table_decreases_today(const DynThroughput *throughput, TimestampTz now);

#endif
