/*
 * What a write does to an item: the apply functions of write_flow and transact_flow.
 */
#ifndef DYN_ITEM_CHANGE_H
#define DYN_ITEM_CHANGE_H

#include "expr/update.h"
#include "flow/write_flow.h"

/* write->arg of an update */
typedef struct DynItemUpdate
{
	const DynUpdate *update;	/* NULL: changes nothing, but creates a missing item */
	DynItem    *key_item;		/* the key, for an item that is not there */
} DynItemUpdate;

extern DynItem *dyn_item_change_put(DynWrite *write, const DynItem *old);	/* write->arg: the new DynItem */
extern DynItem *dyn_item_change_update(DynWrite *write, const DynItem *old);
extern DynItem *dyn_item_change_delete(DynWrite *write, const DynItem *old);

/*
 * ValidationException when update (NULL: none) changes an attribute of the table's key, or sets an attribute of an
 * index key to a value that no index key may have.
 */
extern void dyn_item_change_check_update(const DynTable *table, const DynUpdate *update);
/* ValidationException when the request of an UpdateItem (NULL: no update) is charged more than 400 KB. */
extern void dyn_item_change_check_charge(const DynUpdate *update);
/* Does only those of these checks that AWS does before it starts a transaction: for empty values. */
extern void dyn_item_change_check_empty(const DynTable *table, const DynUpdate *update);

#endif
