/*
 * Every DynamoDB limit, in one place.
 *
 * Source unless noted: "Quotas in Amazon DynamoDB" and "Constraints in Amazon DynamoDB", Developer Guide.
 */
#ifndef DYN_LIMITS_H
#define DYN_LIMITS_H

/* items and values */
#define DYN_MAX_ITEM_SIZE (400 * 1024)
#define DYN_MAX_NESTING 32
#define DYN_MAX_ATTRIBUTE_NAME 65535
#define DYN_MAX_KEY_ATTRIBUTE_NAME 255
#define DYN_MAX_HASH_KEY_SIZE 2048
#define DYN_MAX_RANGE_KEY_SIZE 1024
#define DYN_MAX_NUMBER_DIGITS 38
#define DYN_MAX_NUMBER_EXPONENT 125 /* d.ddd x 10^exponent */
#define DYN_MIN_NUMBER_EXPONENT (-130)

/* requests */
#define DYN_MAX_BODY_SIZE (16 * 1024 * 1024)
#define DYN_MAX_PAGE_SIZE (1024 * 1024) /* Query and Scan stop after this many bytes of items */
#define DYN_MAX_BATCH_GET_KEYS 100
#define DYN_MAX_BATCH_GET_SIZE (16 * 1024 * 1024)
#define DYN_MAX_BATCH_WRITE_REQUESTS 25
#define DYN_MAX_TRANSACT_ITEMS 100
#define DYN_MAX_TRANSACT_SIZE (4 * 1024 * 1024)
#define DYN_MAX_SEGMENTS 1000000

/* expressions */
#define DYN_MAX_EXPRESSION_SIZE 4096
#define DYN_MAX_EXPRESSION_OPERATORS 300
#define DYN_MAX_EXPRESSION_NAME_LENGTH 255
#define DYN_MAX_SUBSTITUTIONS_SIZE (2 * 1024 * 1024) /* names, values, and both together */
#define DYN_MAX_EXPRESSION_TREE_SIZE (1024 * 1024) /* with each name and value as often as it is used */
#define DYN_MAX_IN_OPERANDS 100

/* tables */
#define DYN_MIN_TABLE_NAME 3
#define DYN_MAX_TABLE_NAME 255
#define DYN_MAX_GLOBAL_INDEXES 20
#define DYN_MAX_LOCAL_INDEXES 5
#define DYN_MAX_INDEX_KEY_PARTS 4 /* hash attributes, and as many range attributes, of one global index */
#define DYN_MAX_NON_KEY_ATTRIBUTES 100 /* projected by all indexes of a table together */
#define DYN_MAX_NON_KEY_ATTRIBUTES_PER_INDEX 20
#define DYN_MAX_TAGS 50
#define DYN_MAX_TAG_KEY 128
#define DYN_MAX_TAG_VALUE 256

/* capacity */
#define DYN_READ_UNIT 4096
#define DYN_WRITE_UNIT 1024
#define DYN_PARTITION_READ_UNITS 3000
#define DYN_PARTITION_WRITE_UNITS 1000
#define DYN_ON_DEMAND_READ_UNITS 12000	/* the read units that a new table on demand can serve, and each GSI of it */
#define DYN_ON_DEMAND_WRITE_UNITS 4000
/* read or write units of one table, and of one global index; the account's default */
#define DYN_MAX_TABLE_CAPACITY 40000
#define DYN_MAX_ACCOUNT_CAPACITY 80000
#define DYN_FREE_DECREASES 4	/* of provisioned throughput, on one day in UTC */
#define DYN_DECREASE_PAUSE 3600 /* s, after those */

/* storage (ours): a hash key column holds at most this much of the value, then its SHA-256 */
#define DYN_HASH_COLUMN_PREFIX 200

#endif
