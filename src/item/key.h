/*
 * Key schemas and key values.
 */
#ifndef DYN_KEY_H
#define DYN_KEY_H

#include "base/limits.h"
#include "item/item.h"

typedef struct DynKeyPart
{
	DynStr		name;			/* attribute */
	DynType		type;			/* S, N or B */
	bool		is_hash;
	int			column;			/* of the item table: index into DynTable.columns; -1 before the table exists */
} DynKeyPart;

/* hash parts first, then range parts; a table has 1 + (0 or 1), an index up to 4 + 4 */
typedef struct DynKeySchema
{
	int			hash_count;
	int			range_count;
	DynKeyPart	parts[2 * DYN_MAX_INDEX_KEY_PARTS];
} DynKeySchema;

/* values in the order of the schema's parts */
typedef struct DynKey
{
	int			count;
	DynValue	values[2 * DYN_MAX_INDEX_KEY_PARTS];
} DynKey;

extern int	dyn_key_part_count(const DynKeySchema *schema);
/* The part for an attribute, or NULL. */
extern const DynKeyPart *dyn_key_part_find(const DynKeySchema *schema, DynStr name);
/* The key of a complete, valid item.  False when an attribute is absent or has another type. */
extern bool dyn_key_from_item(const DynKeySchema *schema, const DynItem *item, DynKey *key);
extern bool dyn_key_equal(const DynKey *a, const DynKey *b);
/* Compares type, then value, part by part.  Locks are taken in this total order. */
extern int	dyn_key_compare(const DynKey *a, const DynKey *b);
/* Appends bytes that memcmp compares in the order of the values; for sorting, hashing and finding duplicates. */
extern void dyn_key_append_encoded(StringInfo out, const DynKey *key);
/* The key as an item, e.g. for LastEvaluatedKey. */
extern void dyn_key_to_item(const DynKeySchema *schema, const DynKey *key, DynItem *item);
/*
 * The content of a hash key's column: the value, or its first 200 bytes (cut at a character) and its SHA-256 (hex for
 * S).  The result is plain bytes: the caller converts text to stored form.  A number is given as its canonical text.
 */
extern DynStr dyn_key_hash_column(const DynValue *value);

#endif
