/*
 * Reading the change log.
 *
 * A page is read from a window of ticks.  The window's records are those of transactions that its last snapshot sees and
 * the snapshot before its first tick does not.  As in PgQ there are two kinds: transactions that began after the older
 * snapshot, a range of ids, and those that were in progress then, a list of ids; either is a walk of the index.  The tick
 * of a record is the first that sees its transaction.
 *
 * The window is sized by the numbers drawn between its ends, so that it holds not many more records than a page.  Two
 * things can make it hold more: one big transaction, which is in one tick, and long ones, whose numbers are older than the
 * window.  When a window turns out to be too full, it is cut to a single tick, and that is read transaction by
 * transaction, each in the order of its numbers and no further than the page goes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "catalog/table_cache.h"
#include "db/scope.h"
#include "store/change_read.h"
#include "store/change_tick.h"

#define FIRST_TICKS 64			/* of a window, and how many more after a window without records */
#define MOST_TICKS 16384
#define MOST_WINDOWS 12			/* of a page */
#define MOST_RECORDS 5000		/* of a window of several ticks */

#define COLUMNS "l.xid, l.number, l.event, l.service, l.size, l.written, l.keys, l.old, l.new"
#define KIND "l.lineage = ANY ($1)"

/* A record before its tick is known. */
typedef struct Candidate
{
	uint64		xid;
	DynChange	change;
} Candidate;

typedef struct Window
{
	bool		has_base;
	DynTick		base;			/* the snapshot before the first tick */
	int			count;
	DynTick    *ticks;
} Window;

static bool open_window(const DynChangeRead *read, int64 first, int most_ticks, Window *window);
static void cut_window(Window *window, int limit);
static int	collect(const DynChangeRead *read, const Window *window, Candidate **found);
static int	collect_range(const DynChangeRead *read, const Window *window, Candidate **found);
static int	collect_single(const DynChangeRead *read, const Window *window, int64 after, Candidate **found);
static Datum lineage_array(const DynChangeRead *read);
static Datum xid_array(const Window *window);
static int	keep(int count, Candidate **found, int have, const Window *window, MemoryContext context);
static int64 tick_of(const Window *window, uint64 xid);
static int	compare_candidates(const void *a, const void *b);
static Jsonb *image(HeapTuple row, int column, MemoryContext context);
static void take_page(DynChangeRead *read, Candidate *found, int count, const Window *window);

void
dyn_change_read_page(DynChangeRead *read)
{
	int			most_ticks = FIRST_TICKS;

	read->count = 0;
	read->changes = NULL;
	read->at_end = false;
	for (int i = 0; i < MOST_WINDOWS && read->count == 0; i++)
	{
		Window		window;
		Candidate  *found;
		int64		first = read->position.number < DYN_CHANGE_NUMBER_END ? read->position.tick : read->position.tick + 1;
		int			count;

		CHECK_FOR_INTERRUPTS();
		if (read->end_tick > 0 && first > read->end_tick)
		{
			read->at_end = true;
			return;
		}
		if (!open_window(read, first, most_ticks, &window))
			return;
		count = collect(read, &window, &found);
		take_page(read, found, count, &window);
		most_ticks = Min(most_ticks * 4, MOST_TICKS);
	}
	/* the page may have ended just where the shard does */
	if (read->end_tick > 0 && read->position.tick >= read->end_tick && read->position.number == DYN_CHANGE_NUMBER_END)
		read->at_end = true;
}

char *
dyn_change_read_sequence(DynChangePosition position)
{
	return psprintf("1%012lld%017lld", (long long) position.tick, (long long) position.number);
}

bool
dyn_change_read_parse_sequence(DynStr text, DynChangePosition *position)
{
	int64		parts[2] = {0, 0};

	if (text.len != DYN_CHANGE_SEQUENCE_DIGITS || text.data[0] != '1')
		return false;
	for (int i = 1; i < text.len; i++)
	{
		int64	   *part = &parts[i > 12];

		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		*part = *part * 10 + (text.data[i] - '0');
	}
	position->tick = parts[0];
	position->number = parts[1];
	return true;
}

/* False when there is no tick to read. */
static bool
open_window(const DynChangeRead *read, int64 first, int most_ticks, Window *window)
{
	int64		last = read->end_tick;

	/* no such tick: either there never was one, or all that it saw has been trimmed with it */
	window->has_base = dyn_change_tick_last(first - 1, &window->base);
	if (last == 0 || (read->last_tick > 0 && read->last_tick < last))
		last = read->last_tick;
	window->count = dyn_change_tick_list(first, last, most_ticks, &window->ticks);
	if (window->count > 0)
		cut_window(window, Max(read->limit, 100));
	return window->count > 0;
}

/* Leaves as many ticks as make about four pages, counting the changes of all tables. */
static void
cut_window(Window *window, int limit)
{
	int64		from = window->has_base ? window->base.high : 0;
	int64		most = Min((int64) limit * 4, MOST_RECORDS / 2);
	int			count = 1;

	while (count < window->count && window->ticks[count].high - from <= most)
		count++;
	window->count = count;
}

/* The window's records with their ticks, in order; the window may have become shorter. */
static int
collect(const DynChangeRead *read, const Window *window, Candidate **found)
{
	Window	   *own = unconstify(Window *, window);
	int64		from = window->has_base ? window->base.high : 0;
	int			count = -1;
	int64		after = 0;

	if (window->count > 1 || window->ticks[0].high - from <= MOST_RECORDS)
		count = collect_range(read, window, found);
	if (count < 0)
	{
		own->count = 1;
		if (window->ticks[0].tick == read->position.tick)
			after = read->position.number;
		count = collect_single(read, window, after, found);
	}
	qsort(*found, count, sizeof(Candidate), compare_candidates);
	return count;
}

/* All records of a window; -1: too many. */
static int
collect_range(const DynChangeRead *read, const Window *window, Candidate **found)
{
	static SPIPlanPtr range_plan = NULL;
	static SPIPlanPtr list_plan = NULL;
	const DynTick *last = &window->ticks[window->count - 1];
	Oid			range_types[] = {INT8ARRAYOID, XID8OID, XID8OID};
	Oid			list_types[] = {INT8ARRAYOID, get_array_type(XID8OID)};
	Datum		lineages = lineage_array(read);
	Datum		range_values[] = {lineages, UInt64GetDatum(window->has_base ? window->base.xmax : 0), UInt64GetDatum(last->xmax)};
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count;

	*found = NULL;
	dyn_scope_begin(&scope);
	count = dyn_change_tick_query(&range_plan, "SELECT " COLUMNS " FROM dynamo.change_log l WHERE " KIND
								  " AND l.xid >= $2 AND l.xid < $3", 3, range_types, range_values, MOST_RECORDS + 1);
	if (count <= MOST_RECORDS)
	{
		count = keep(count, found, 0, window, caller);
		if (window->has_base && window->base.in_progress_count > 0)
		{
			Datum		list_values[] = {lineages, xid_array(window)};
			int			more = dyn_change_tick_query(&list_plan, "SELECT " COLUMNS " FROM dynamo.change_log l WHERE " KIND
													 " AND l.xid = ANY ($2)", 2, list_types, list_values, MOST_RECORDS + 1);

			count = more > MOST_RECORDS ? -1 : keep(more, found, count, window, caller);
		}
	}
	else
		count = -1;
	dyn_scope_end(&scope);
	return count;
}

/* The first records of a single tick with numbers above after. */
static int
collect_single(const DynChangeRead *read, const Window *window, int64 after, Candidate **found)
{
	static SPIPlanPtr next_plan = NULL;
	static SPIPlanPtr one_plan = NULL;
	const DynTick *tick = &window->ticks[0];
	Oid			next_types[] = {INT8OID, XID8OID};
	Oid			one_types[] = {INT8OID, XID8OID, INT8OID};
	MemoryContext caller = CurrentMemoryContext;
	DynScope scope;
	int			count = 0;

	*found = NULL;
	dyn_scope_begin(&scope);
	for (int i = 0; i < read->lineage_count; i++)
	{
		Datum		lineage = Int64GetDatum(read->lineages[i]);
		uint64		xid = window->has_base ? window->base.xmin : 0;

		for (;;)
		{
			Datum		next_values[] = {lineage, UInt64GetDatum(xid)};
			Datum		one_values[3];
			bool		is_null;

			CHECK_FOR_INTERRUPTS();
			if (dyn_change_tick_query(&next_plan, "SELECT l.xid FROM dynamo.change_log l WHERE l.lineage = $1 AND l.xid >= $2 "
									  "ORDER BY l.xid LIMIT 1", 2, next_types, next_values, 1) == 0)
				break;
			xid = DatumGetUInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
			if (xid >= tick->xmax)
				break;
			if (dyn_change_tick_sees(tick, xid) && !(window->has_base && dyn_change_tick_sees(&window->base, xid)))
			{
				one_values[0] = lineage;
				one_values[1] = UInt64GetDatum(xid);
				one_values[2] = Int64GetDatum(after);
				count = keep(dyn_change_tick_query(&one_plan, "SELECT " COLUMNS " FROM dynamo.change_log l WHERE l.lineage = $1 "
												   "AND l.xid = $2 AND l.number > $3 ORDER BY l.number",
												   3, one_types, one_values, read->limit + 1),
							 found, count, window, caller);
			}
			xid++;
			SPI_freetuptable(SPI_tuptable);
		}
	}
	dyn_scope_end(&scope);
	return count;
}

static Datum
lineage_array(const DynChangeRead *read)
{
	Datum	   *elements = palloc(read->lineage_count * sizeof(Datum));

	for (int i = 0; i < read->lineage_count; i++)
		elements[i] = Int64GetDatum(read->lineages[i]);
	return PointerGetDatum(construct_array(elements, read->lineage_count, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The transactions that were in progress before the window and that it sees. */
static Datum
xid_array(const Window *window)
{
	Datum	   *elements = palloc((window->base.in_progress_count + 1) * sizeof(Datum));
	int			count = 0;

	for (int i = 0; i < window->base.in_progress_count; i++)
		if (dyn_change_tick_sees(&window->ticks[window->count - 1], window->base.in_progress[i]))
			elements[count++] = UInt64GetDatum(window->base.in_progress[i]);
	return PointerGetDatum(construct_array(elements, count, XID8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Copies those of a query's rows that belong to the window, behind the have ones already found; returns how many now. */
static int
keep(int count, Candidate **found, int have, const Window *window, MemoryContext context)
{
	TupleDesc	descriptor = SPI_tuptable->tupdesc;
	bool		is_null;

	if (*found == NULL)
		*found = MemoryContextAllocHuge(context, (count + 1) * sizeof(Candidate));
	else
		*found = repalloc_huge(*found, (Size) (have + count + 1) * sizeof(Candidate));
	for (int i = 0; i < count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		Candidate  *candidate = &(*found)[have];
		DynChange  *change = &candidate->change;

		candidate->xid = DatumGetUInt64(SPI_getbinval(row, descriptor, 1, &is_null));
		change->position.tick = tick_of(window, candidate->xid);
		if (change->position.tick == 0)
			continue;
		change->position.number = DatumGetInt64(SPI_getbinval(row, descriptor, 2, &is_null));
		change->event = DatumGetChar(SPI_getbinval(row, descriptor, 3, &is_null));
		change->service = DatumGetBool(SPI_getbinval(row, descriptor, 4, &is_null));
		change->size = DatumGetInt32(SPI_getbinval(row, descriptor, 5, &is_null));
		change->written = DatumGetTimestampTz(SPI_getbinval(row, descriptor, 6, &is_null));
		change->keys = image(row, 7, context);
		change->old = image(row, 8, context);
		change->new = image(row, 9, context);
		have++;
	}
	return have;
}

/* 0: none of the window's. */
static int64
tick_of(const Window *window, uint64 xid)
{
	int			low = 0;
	int			high = window->count;

	if (window->has_base && dyn_change_tick_sees(&window->base, xid))
		return 0;
	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (dyn_change_tick_sees(&window->ticks[middle], xid))
			high = middle;
		else
			low = middle + 1;
	}
	return low < window->count ? window->ticks[low].tick : 0;
}

static int
compare_candidates(const void *a, const void *b)
{
	const DynChangePosition *x = &((const Candidate *) a)->change.position;
	const DynChangePosition *y = &((const Candidate *) b)->change.position;

	if (x->tick != y->tick)
		return x->tick < y->tick ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* As the log has it: perhaps out of line.  Only the page's records are fetched whole. */
static Jsonb *
image(HeapTuple row, int column, MemoryContext context)
{
	bool		is_null;
	Datum		value = SPI_getbinval(row, SPI_tuptable->tupdesc, column, &is_null);
	Size		size;

	if (is_null)
		return NULL;
	size = VARSIZE_ANY(DatumGetPointer(value));
	return memcpy(MemoryContextAlloc(context, size), DatumGetPointer(value), size);
}

/* Moves the first records behind the position into the page. */
static void
take_page(DynChangeRead *read, Candidate *found, int count, const Window *window)
{
	int64		bytes = 0;
	int			at = 0;

	while (at < count && (found[at].change.position.tick < read->position.tick ||
						  (found[at].change.position.tick == read->position.tick &&
						   found[at].change.position.number <= read->position.number)))
		at++;
	read->changes = palloc(Max(Min(count - at, read->limit), 1) * sizeof(DynChange));
	for (; at < count; at++)
	{
		DynChange  *change = &found[at].change;

		if (read->count == read->limit || (read->count > 0 && bytes + change->size > read->byte_limit))
			return;
		bytes += change->size;
		if (change->keys != NULL)
			change->keys = DatumGetJsonbP(PointerGetDatum(change->keys));
		if (change->old != NULL)
			change->old = DatumGetJsonbP(PointerGetDatum(change->old));
		if (change->new != NULL)
			change->new = DatumGetJsonbP(PointerGetDatum(change->new));
		read->changes[read->count++] = *change;
		read->position = change->position;
	}
	read->position.tick = window->ticks[window->count - 1].tick;
	read->position.number = DYN_CHANGE_NUMBER_END;
}
