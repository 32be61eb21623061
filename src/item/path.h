/*
 * Document paths: a.b[3].  A path is a list of steps; the first is always a name.
 */
#ifndef DYN_PATH_H
#define DYN_PATH_H

#include "item/item.h"

typedef struct DynPathStep
{
	bool		is_index;
	DynStr		name;			/* a map's member */
	int			index;			/* a list's position */
} DynPathStep;

typedef struct DynPath
{
	int			count;
	DynPathStep *steps;
} DynPath;

/* NULL when the path leads nowhere (a missing member, a position past the end, a step into a scalar). */
extern const DynValue *dyn_path_get(const DynItem *item, const DynPath *path);
/*
 * Sets a value in an item that the caller owns (dyn_item_copy).  A position past the end appends.  False when an
 * intermediate step does not exist or has another type: AWS's "The document path provided in the update expression is
 * invalid for update".
 */
extern bool dyn_path_set(DynItem *item, const DynPath *path, DynValue value);
/* False as above.  It is no error when the last step does not exist.  Positions behind a removed one move up. */
extern bool dyn_path_remove(DynItem *item, const DynPath *path);
extern bool dyn_path_equal(const DynPath *a, const DynPath *b);
/* a is b, or a leads to something that contains b. */
extern bool dyn_path_is_prefix(const DynPath *a, const DynPath *b);
/* For messages: "[a, b, [3]]", as AWS prints paths, and "a.b[3]". */
extern char *dyn_path_steps_text(const DynPath *path);
extern char *dyn_path_text(const DynPath *path);

#endif
