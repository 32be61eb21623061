/*
 * The one list of background work.
 */
#ifndef DYN_WORK_LIST_H
#define DYN_WORK_LIST_H

#include "work/work.h"

/* Ends with a row without a name. */
extern const DynWork dyn_work_list[];
#define DYN_WORK_LIST_MOST 32

/* NULL when there is none of that name and kind. */
extern const DynWork *dyn_work_list_find(const char *name, DynWorkKind kind);

#endif
