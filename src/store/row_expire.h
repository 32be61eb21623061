/*
 * Deletes rows whose time to live has run out.
 */
#ifndef DYN_ROW_EXPIRE_H
#define DYN_ROW_EXPIRE_H

#include "catalog/table_cache.h"

/*
 * Deletes at most limit rows that have expired at now (s since 1970), the oldest first; returns their number.  A row
 * that somebody writes at this moment is left to the next pass.  The table's TimeToLive is ready.
 */
extern int	dyn_row_expire_batch(const DynTable *table, int64 now, int limit);

#endif
