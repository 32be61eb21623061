/*
 * Indexes that are btrees: on the key columns of the index, then on those of the table.
 */
#ifndef DYN_INDEX_BTREE_H
#define DYN_INDEX_BTREE_H

#include "catalog/index_method.h"

extern const DynIndexMethod dyn_index_btree;

#endif
