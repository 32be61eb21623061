/*
 * Are the rows of an item table what its trigger would have made of their items?
 */
#ifndef DYN_ROW_CHECK_H
#define DYN_ROW_CHECK_H

#include "catalog/table.h"

/* Raises an error that names the first column that is not.  The table is locked against writers. */
extern void dyn_row_check_all(const DynTable *table);

#endif
