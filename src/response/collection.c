/*
 * ItemCollectionMetrics.
 */
#include "postgres.h"

#include "item/item_json.h"
#include "json/json_write.h"
#include "response/collection.h"
#include "store/row_read.h"

#define GB (INT64CONST(1) << 30)

bool
dyn_collection_wanted(const DynJson *body, const DynTable *table)
{
	DynStr		wanted = dyn_json_get_string(body, "ReturnItemCollectionMetrics");

	if (wanted.data == NULL || !dyn_text_equal_cstring(wanted, "SIZE"))
		return false;
	for (int i = 0; i < table->index_count; i++)
		if (!table->indexes[i].global)
			return true;
	return false;
}

/* The estimate is a range of a gigabyte, of the items as if each local index held them whole, as most do. */
void
dyn_collection_write(StringInfo out, const DynTable *table, const DynKey *key)
{
	DynItem    *hash = dyn_item_make(1);
	int64		bytes = dyn_row_read_collection_size(table, key);
	int64		copies = 1;

	for (int i = 0; i < table->index_count; i++)
		copies += !table->indexes[i].global;
	dyn_item_append(hash, table->keys.parts[0].name, key->values[0]);
	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "ItemCollectionKey");
	dyn_item_json_write(out, hash);
	dyn_json_write_member(out, "SizeEstimateRangeGB");
	dyn_json_write_array_start(out);
	dyn_json_write_double(out, bytes * copies / GB);
	dyn_json_write_double(out, bytes * copies / GB + 1);
	dyn_json_write_array_end(out);
	dyn_json_write_object_end(out);
}

void
dyn_collection_write_member(StringInfo out, const DynJson *body, const DynTable *table, const DynKey *key)
{
	if (!dyn_collection_wanted(body, table))
		return;
	dyn_json_write_member(out, "ItemCollectionMetrics");
	dyn_collection_write(out, table, key);
}
