/*
 * Reading the change log in the order of its sequence numbers: by tick, then by number.
 */
#ifndef DYN_CHANGE_READ_H
#define DYN_CHANGE_READ_H

#include "base/text.h"
#include "datatype/timestamp.h"
#include "utils/jsonb.h"

/* A reader's position: everything up to this record is read. */
typedef struct DynChangePosition
{
	int64		tick;
	int64		number;
} DynChangePosition;

/* Behind all of a tick. */
#define DYN_CHANGE_NUMBER_END INT64CONST(99999999999999999)

typedef struct DynChange
{
	DynChangePosition position;
	char		event;			/* I, M, R */
	bool		service;
	int			size;			/* of the images, in DynamoDB's bytes */
	TimestampTz written;
	Jsonb	   *keys;			/* NULL: take them from an image */
	Jsonb	   *old;			/* NULL: not kept, or there was none */
	Jsonb	   *new;
} DynChange;

typedef struct DynChangeRead
{
	int			lineage_count;
	const int64 *lineages;
	int64		end_tick;		/* 0: none */
	int64		last_tick;		/* no further for now; 0: as far as there are ticks */
	int			limit;			/* records */
	int64		byte_limit;		/* of their sizes; at least one record comes */
	DynChangePosition position; /* in: behind it; out: behind what was read */

	/* results, in CurrentMemoryContext */
	int			count;
	DynChange  *changes;
	bool		at_end;			/* end_tick is read */
} DynChangeRead;

/*
 * Reads one page.  A page can be empty, or not full, though there is more: then position has moved on.  Records that
 * retention has taken are skipped.  Takes memory for the page and for twice as many records as it may have, without
 * their large images.
 */
extern void dyn_change_read_page(DynChangeRead *read);

/* Thirty digits; sequence numbers sort as their text. */
#define DYN_CHANGE_SEQUENCE_DIGITS 30
extern char *dyn_change_read_sequence(DynChangePosition position);
extern bool dyn_change_read_parse_sequence(DynStr text, DynChangePosition *position);

#endif
