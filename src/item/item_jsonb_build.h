/*
 * The stored form, written: jsonb from items and values.
 */
#ifndef DYN_ITEM_JSONB_BUILD_H
#define DYN_ITEM_JSONB_BUILD_H

#include "utils/jsonb.h"

#include "item/item.h"

extern Jsonb *dyn_item_jsonb_build(const DynItem *item);
extern Jsonb *dyn_item_jsonb_build_value(const DynValue *value);

#endif
