/*
 * How a write changes an item: put, update, delete.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/update_apply.h"
#include "flow/item_change.h"
#include "item/item_size.h"
#include "store/key_columns.h"

static DynKeySource key_source(const DynUpdate *update, const DynAction *action);

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
		/* DELETE and REMOVE on a missing item do not create it */
		if (dyn_update_only_removes(request->update))
			return NULL;
	}
	if (!dyn_key_columns_fits(write->table, new, dyn_item_size(new)))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_ITEM_TOO_LARGE);
	for (int i = 0; i < request->update->count; i++)
	{
		const DynAction *action = &request->update->actions[i];

		dyn_key_columns_check_updated(write->table, new, action->path.steps[0].name, key_source(request->update, action));
	}
	return new;
}

static DynKeySource
key_source(const DynUpdate *update, const DynAction *action)
{
	/* AttributeUpdates */
	if (update->appends_lists)
		return DYN_KEY_GIVEN;
	return action->kind == DYN_ACTION_SET && action->operand->kind == DYN_NODE_VALUE ? DYN_KEY_ASSIGNED : DYN_KEY_COMPUTED;
}

/*
 * An item that holds only the attribute to which the action gives a whole new value, or NULL.  For AttributeUpdates
 * AWS checks the values of all actions, even of those that take away.
 */
static const DynItem *
assigned_item(const DynUpdate *update, const DynAction *action)
{
	DynItem    *item;

	if ((action->kind != DYN_ACTION_SET && !update->appends_lists) || action->operand == NULL ||
		action->operand->kind != DYN_NODE_VALUE || action->path.count > 1)
		return NULL;
	item = dyn_item_make(1);
	dyn_item_set(item, action->path.steps[0].name, action->operand->value);
	return item;
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
	for (int i = 0; update != NULL && table->index_count > 0 && i < update->count; i++)
	{
		const DynAction *action = &update->actions[i];
		const DynItem *item = assigned_item(update, action);

		if (item != NULL)
			dyn_key_columns_check_updated(table, item, action->path.steps[0].name, key_source(update, action));
	}
}

void
dyn_item_change_check_charge(const DynUpdate *update)
{
	if (update != NULL && dyn_update_charge(update) > DYN_MAX_ITEM_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATED_ITEM_TOO_LARGE);
}

void
dyn_item_change_check_empty(const DynTable *table, const DynUpdate *update)
{
	for (int i = 0; update != NULL && i < update->count; i++)
	{
		const DynAction *action = &update->actions[i];
		const DynItem *item = assigned_item(update, action);
		DynStr		name = action->path.steps[0].name;

		for (int k = 0; item != NULL && k < table->index_count; k++)
		{
			const DynKeyPart *part = dyn_key_part_find(&table->indexes[k].keys, name);
			const DynValue *value = &action->operand->value;

			if (part != NULL && part->type == value->type && value->type != DYN_TYPE_N && value->text.len == 0)
				dyn_key_columns_check_updated(table, item, name, key_source(update, action));
		}
	}
}
