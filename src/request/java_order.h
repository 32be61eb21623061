/*
 * The order in which AWS prints names that it keeps in hash sets and maps.
 */
#ifndef DYN_JAVA_ORDER_H
#define DYN_JAVA_ORDER_H

#include "base/text.h"

/* Sorts names as a set of Java's does that was made for `expected` names; 0: for no number in particular. */
extern void dyn_java_order_sort(DynStr *names, int count, int expected);
/* "a, b" */
extern char *dyn_java_order_join(const DynStr *names, int count);

#endif
