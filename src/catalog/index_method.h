/*
 * The PostgreSQL index behind an index of the API, whatever its access method.
 *
 * A method says how its index is defined and when one that is there is the right one.  Walking an index is store/'s,
 * since methods have nothing in common there.  Everywhere here, index NULL is the index that TimeToLive uses.
 */
#ifndef DYN_INDEX_METHOD_H
#define DYN_INDEX_METHOD_H

#include "catalog/pg_index.h"
#include "lib/stringinfo.h"

#include "catalog/table.h"

typedef struct DynIndexMethod
{
	/* Appends what CREATE INDEX says behind the table's name. */
	void		(*append_definition) (StringInfo sql, const DynTable *table, const DynIndex *index);
	/* Has the PostgreSQL index that has our name what this one needs, or is it left of an earlier one? */
	bool		(*fits) (const DynTable *table, const DynIndex *index, Form_pg_index form);
} DynIndexMethod;

typedef enum DynIndexState
{
	DYN_INDEX_MISSING,
	DYN_INDEX_INVALID,			/* what a build left behind that did not end well */
	DYN_INDEX_VALID
} DynIndexState;

/* The statements that create and drop the PostgreSQL index. */
extern char *dyn_index_method_create_text(const DynTable *table, const DynIndex *index, bool concurrently);
extern char *dyn_index_method_drop_text(const DynTable *table, const DynIndex *index, bool concurrently);
/* The PostgreSQL index's name, with its schema and quoted. */
extern char *dyn_index_method_qualified(const DynTable *table, const DynIndex *index);
extern DynIndexState dyn_index_method_state(const DynTable *table, const DynIndex *index);

#endif
