/*
 * Several document paths into one item: whether they may be used together, and what they select.
 */
#ifndef DYN_PATH_SET_H
#define DYN_PATH_SET_H

#include "item/path.h"

/*
 * Compares step by step: names in the order of an item's attributes, then positions; a path comes before what it
 * contains.
 */
extern int	dyn_path_set_compare(const DynPath *a, const DynPath *b);
/* A sorted copy of the array; it shares the steps. */
extern DynPath *dyn_path_set_sort(const DynPath *paths, int count);
/* Raises AWS's errors for paths that overlap (a, a.b) or conflict (a.b, a[1]).  sorted is a sorted copy of paths. */
extern void dyn_path_set_check(const char *parameter, const DynPath *paths, const DynPath *sorted, int count);
/*
 * The parts of item that the paths name, each inside its enclosing maps and lists, list positions compacted.  Shares
 * the values; never NULL.
 */
extern DynItem *dyn_path_set_extract(const DynPath *sorted, int count, const DynItem *item);

#endif
