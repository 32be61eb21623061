/*
 * ALTER statements that would take an item table, or a part of it, away from the name that the catalogue has for it.
 */
#ifndef DYN_TABLE_GUARD_H
#define DYN_TABLE_GUARD_H

#include "nodes/nodes.h"

/* Raises an error with a way to go when the statement, which has not run yet, is one of them. */
extern void dyn_table_guard_check(Node *statement);

#endif
