/*
 * What a write does to an item: put, update, delete.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "expr/update_apply.h"
#include "flow/item_change.h"
#include "item/item_size.h"
#include "store/key_columns.h"

DynItem *
dyn_item_change_put(DynWrite *write, const DynItem *old)
{
	return write->arg;
}

DynItem *
dyn_item_change_delete(DynWrite *write, const DynItem *old)
{
	return NULL;
}

DynItem *
dyn_item_change_update(DynWrite *write, const DynItem *old)
{
	const DynItemUpdate *request = write->arg;
	DynItem    *new;

	if (request->update == NULL)
		return old == NULL ? request->key_item : (DynItem *) old;
	if (old != NULL)
		new = dyn_update_apply_run(request->update, old);
	else
	{
		new = dyn_update_apply_create(request->update, request->key_item);
		/* taking away from an item that is not there does not make it */
		if (dyn_update_only_removes(request->update))
			return NULL;
	}
	if (dyn_item_size(new) > DYN_MAX_ITEM_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_ITEM_TOO_LARGE);
	dyn_key_columns_check_item(write->table, new);
	return new;
}

void
dyn_item_change_check_update(const DynTable *table, const DynUpdate *update)
{
	for (int i = 0; update != NULL && i < dyn_key_part_count(&table->keys); i++)
	{
		DynStr		name = table->keys.parts[i].name;

		for (int j = 0; j < dyn_update_path_count(update); j++)
			if (dyn_text_equal(dyn_update_path(update, j)->steps[0].name, name))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CANNOT_UPDATE_KEY, dyn_text_printable(name));
	}
}
