/*
 * The derived key columns of an item, for its table and indexes.
 */
#ifndef DYN_KEY_COLUMNS_H
#define DYN_KEY_COLUMNS_H

#include "nodes/params.h"

#include "catalog/table_cache.h"

/*
 * values and nulls have room for table->column_count.  A column is null when its attribute is absent, has another
 * type, or is empty or longer than a key may be (items that are older than the index may hold such values; the index
 * skips them).  key is the item's key, if the caller has it, so that its attributes need not be looked up again; NULL:
 * not known.
 */
extern void dyn_key_columns_fill(const DynTable *table, const DynKey *key, const DynItem *item, Datum *values,
								 bool *nulls);
/*
 * Raises an error when the key columns of an index together exceed a btree entry.  Keys of one hash and one range
 * attribute never do; indexes on several attributes can, and range keys with many U+0000.
 */
extern void dyn_key_columns_check_width(const DynTable *table, const Datum *values, const bool *nulls);
/* The same for items that are older than an index: instead of an error, an entry that would not fit is left out. */
extern void dyn_key_columns_drop_width(const DynTable *table, const Datum *values, bool *nulls);
/*
 * An item and its entries in the table's local indexes have 400 KB together ("Item sizes for tables with local
 * secondary indexes"); check: ValidationException beyond.
 */
extern bool dyn_key_columns_fits(const DynTable *table, const DynItem *item, int64 size);
extern void dyn_key_columns_check_fits(const DynTable *table, const DynItem *item, int64 size);
/* The PostgreSQL type of a column. */
extern Oid	dyn_key_columns_type(const DynColumn *column);
/* One column's datum for a value of the column's type. */
extern Datum dyn_key_columns_datum(const DynColumn *column, const DynValue *value);
/* The parts of a primary key, as the parameters of a statement. */
extern ParamListInfo dyn_key_columns_params(const DynTable *table, const DynKey *key);

/*
 * Checks the key attributes of an item against the table and its indexes, with AWS's messages: missing or mistyped key
 * attributes, empty key values, key sizes; an index key attribute of another type or empty.  Fills key.
 */
extern void dyn_key_columns_check_item(const DynTable *table, const DynItem *item, DynKey *key);
/* Checks only that no key attribute of the table or an index is an empty string or binary value. */
extern void dyn_key_columns_check_empty(const DynTable *table, const DynItem *item);

/* How an index key attribute came to its value; AWS has other words for each. */
typedef enum DynKeySource
{
	DYN_KEY_GIVEN,				/* by an item, or by AttributeUpdates */
	DYN_KEY_ASSIGNED,			/* SET key = :value */
	DYN_KEY_COMPUTED			/* by any other update expression */
} DynKeySource;

/* Checks this attribute of an updated item against the indexes of whose key it is a part. */
extern void dyn_key_columns_check_updated(const DynTable *table, const DynItem *item, DynStr attribute,
										  DynKeySource source);
/* Checks the Key parameter of GetItem etc., which must be exactly the table's key; fills key. */
extern void dyn_key_columns_check_key(const DynTable *table, const DynItem *item, DynKey *key);

#endif
