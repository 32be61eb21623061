/*
 * How many items a table or an index has, and how large they are.
 */
#ifndef DYN_TABLE_SIZE_H
#define DYN_TABLE_SIZE_H

#include "catalog/table.h"

/*
 * ItemCount and TableSizeBytes; index NULL: the table.  Exact for small tables, the statistics' estimate for large
 * ones.
 */
extern void dyn_table_size_count(const DynTable *table, const DynIndex *index, int64 *items, int64 *bytes);

#endif
