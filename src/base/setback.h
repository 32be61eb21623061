/*
 * Tables whose owners' code held up the background: they wait, longer each time, so that it goes on with the others.
 */
#ifndef DYN_SETBACK_H
#define DYN_SETBACK_H

#include "base/limits.h"

#define DYN_MAX_SETBACKS 64

typedef struct DynSetback
{
	char		table[DYN_MAX_TABLE_NAME + 1];	/* empty: a free place */
	int			failures;
	int64		until;			/* in ms of a clock that is never set */
} DynSetback;

/* In shared memory, since the process may end with the table in hand.  The scheduler alone reads and writes it. */
typedef struct DynSetbacks
{
	char		in_hand[DYN_MAX_TABLE_NAME + 1];	/* empty: none */
	DynSetback	tables[DYN_MAX_SETBACKS];
} DynSetbacks;

/* A table is taken in hand, and put down when its turn has come to an end, good or bad. */
extern void dyn_setback_take(DynSetbacks *setbacks, const char *table);
extern void dyn_setback_put_down(DynSetbacks *setbacks);
/* Sets back the table that is still in hand, because its turn was broken off.  False: there is none. */
extern bool dyn_setback_settle(DynSetbacks *setbacks, int64 now);
/* Does the table have to wait? */
extern bool dyn_setback_waits(const DynSetbacks *setbacks, const char *table, int64 now);

#endif
