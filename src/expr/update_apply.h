/*
 * Runs an update on an item.
 */
#ifndef DYN_UPDATE_APPLY_H
#define DYN_UPDATE_APPLY_H

#include "expr/update.h"

/*
 * The new item: old with the update applied; every operand is read from old.  old may be empty but not NULL: for a new
 * item it holds the key alone.  Raises ValidationException for missing operands, wrong types and invalid paths, as AWS
 * does.
 */
extern DynItem *dyn_update_apply_run(const DynUpdate *update, const DynItem *old);
/*
 * The same for an item that does not exist yet; it starts with key alone.  As in AWS, there is one difference: REMOVE
 * a.b is then no error although there is no a.
 */
extern DynItem *dyn_update_apply_create(const DynUpdate *update, const DynItem *key);
/*
 * The parts of item that the update names, for UPDATED_OLD / UPDATED_NEW: nested paths bring their enclosing maps, list
 * positions come compacted.  NULL when none exists.
 */
extern DynItem *dyn_update_apply_touched(const DynUpdate *update, const DynItem *item);

#endif
