/*
 * DynamoDB JSON ({"S": "x"}) to items and back.
 *
 * Reading checks everything that AWS checks of a value, with AWS's messages (ValidationException; types that do not fit
 * the model are a SerializationException raised by request/shape before this is called).  It stops at
 * DYN_MAX_NESTING levels.  The item's size is the caller's business.
 */
#ifndef DYN_ITEM_JSON_H
#define DYN_ITEM_JSON_H

#include "item/item.h"
#include "json/json.h"

extern DynValue dyn_item_json_read_value(const DynJson *json);
/* The same for a value outside of any item: it may have one level more, unless it is to be stored. */
extern DynValue dyn_item_json_read_free_value(const DynJson *json);
extern DynItem *dyn_item_json_read(const DynJson *json);
/* Are an item's values, or is a free value, nested too deep?  For callers to whom the order of errors matters. */
extern bool dyn_item_json_is_too_deep(const DynJson *json);
extern bool dyn_item_json_free_value_is_too_deep(const DynJson *json);
/*
 * NULL when the item is nested too deep; the caller then calls dyn_item_json_read when the error is due, which raises
 * it.
 */
extern DynItem *dyn_item_json_read_unless_deep(const DynJson *json);
/* Writers: whole JSON values, with the comma that json_write.h describes. */
extern void dyn_item_json_write_value(StringInfo out, const DynValue *value);
extern void dyn_item_json_write(StringInfo out, const DynItem *item);

#endif
