/*
 * Secondary indexes that come to or go from a table in use.
 */
#ifndef DYN_INDEX_H
#define DYN_INDEX_H

#include "work/work.h"

/* Steps of the jobs index_build and index_drop. */
extern DynJobResult dyn_index_build_step(DynJob *job, char **statement);
extern DynJobResult dyn_index_drop_step(DynJob *job, char **statement);

#endif
