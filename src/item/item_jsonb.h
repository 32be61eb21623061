/*
 * The stored form, read: items as natural jsonb.  With item_jsonb_build.h the only user of the Jsonb API.
 */
#ifndef DYN_ITEM_JSONB_H
#define DYN_ITEM_JSONB_H

#include "utils/jsonb.h"

#include "item/item.h"

/*
 * Reads a stored item, or one that a SQL user wrote.  Raises ValidationException for a document that cannot be an
 * item: no object, numbers out of range, a malformed $-wrapper, sets that are empty or mixed, more than 32 levels.  A
 * fresh jsonb of a SQL user may hold sets in any order; the result is normal (so writing it again may change it).  The
 * result points into jsonb where it can, so the caller must keep jsonb as long as the result.
 */
extern DynItem *dyn_item_jsonb_read(Jsonb *jsonb);
extern DynValue dyn_item_jsonb_read_value(Jsonb *jsonb);	/* any value, e.g. an expression's ":v" from SQL */

/* Writes stored jsonb directly as DynamoDB JSON, as dyn_item_json_write would, without building an item. */
extern void dyn_item_jsonb_write_json(StringInfo out, Jsonb *jsonb);
/* One top-level attribute, without reading the rest. */
extern bool dyn_item_jsonb_get(Jsonb *jsonb, DynStr name, DynValue *value);

#endif
