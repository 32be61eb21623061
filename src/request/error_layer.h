/*
 * AWS's two layers of request checks, and which operation is read by which (docs/errors.md).
 */
#ifndef DYN_ERROR_LAYER_H
#define DYN_ERROR_LAYER_H

#include "base/compat.h"

/* What is being checked, for the operations whose errors are counted: "1 validation error detected: ". */
typedef enum DynErrorPhase
{
	DYN_PHASE_REQUEST = 1,		/* all that needs no look at the table */
	DYN_PHASE_TABLE = 2,
	DYN_PHASE_SELECT = 4		/* what Select does not go together with */
} DynErrorPhase;

/* Which operation runs, and whether the request holds a value that makes the older layer read it. */
typedef struct DynErrorLayer
{
	const char *operation;		/* NULL: none, as in SQL functions that convert items */
	bool		odd;
	DynErrorPhase phase;
} DynErrorLayer;

/*
 * From here on errors are in the words of this layer, with nothing else around them.  Returns what held before, for
 * operations inside others.
 */
extern DynErrorLayer dyn_error_layer_begin(DynErrorLayer layer);
extern void dyn_error_layer_enter(DynErrorPhase phase);

#endif
