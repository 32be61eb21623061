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
/* The same of a value that is inside no item: it may have a level more, unless somebody stores it. */
extern DynValue dyn_item_json_read_free_value(const DynJson *json);
extern DynItem *dyn_item_json_read(const DynJson *json);
/* Writers: whole JSON values, with the comma that json_write.h describes. */
extern void dyn_item_json_write_value(StringInfo out, const DynValue *value);
extern void dyn_item_json_write(StringInfo out, const DynItem *item);

#endif
