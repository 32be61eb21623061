/*
 * Reading the change log.
 *
 * A page is read from a window of ticks.  The window's records are those of transactions that its last snapshot sees
 * and the snapshot before its first tick does not.  As in PgQ these transactions are of two kinds: those that began
 * after the older snapshot, which are a range of ids, and those that were in progress then, which are a list of ids.
 * The index finds both.  The tick of a record is the first that sees its transaction.
 *
 * The window is sized by the numbers drawn between its ends, so that it holds little more than a page of records, and
 * it grows while it holds few.  Two things can make it hold more: one big transaction, which is in one tick, and long
 * ones, whose numbers are older than the window.  A window that turns out to be too full is cut to a single tick.
 * While that tick's rows are read, only the records with the lowest numbers are kept, at most two pages of them.
 *
 * Memory: a window's rows come out of the executor one by one, and large images come as pointers to where they are
 * stored.  A window's memory is freed with the window.  Only the page, whose images are fetched whole, belongs to the
 * caller.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/xid8.h"

#include "db/scope.h"
#include "db/sql.h"
#include "store/change_read.h"
#include "store/change_tick.h"

#define FIRST_TICKS 64			/* of a window, and how many more after a window without records */
#define MOST_TICKS 16384
#define MOST_WINDOWS 12			/* of a page */
#define MOST_RECORDS 5000		/* of a window of several ticks */

#define FIRST_ROOM 64
#define GROWTH 4				/* of the next window, after one with few records */
#define SKIP_AFTER 64			/* after so many rows of one transaction that the page does not want, the rest are skipped */

#define COLUMNS "xid, number, event, service, size, written, keys, old, new"
#define COLUMN_COUNT 9

typedef struct Window
{
	bool		has_base;
	DynTick		base;			/* the snapshot before the first tick */
	int			count;
	DynTick    *ticks;
} Window;

/* Takes rows out of the executor, without a copy of all of them in between. */
typedef struct Collector
{
	DestReceiver receiver;
	const Window *window;
	MemoryContext context;		/* of what is kept */
	int			room;
	int			count;
	DynChange  *found;
	/* of a window */
	int			examined;
	/* of a single tick */
	int			wanted;			/* the first so many are enough */
	int64		after;			/* numbers above this */
	int64		bound;			/* and below this; 0: none yet */
	uint64		xid;			/* of the row before */
	bool		in_tick;
	int			useless;		/* unwanted rows since the last wanted one */
	int64		skip_to;		/* number within xid behind which the walk goes on; 0: the end was reached */
} Collector;

static bool open_window(const DynChangeRead *read, int64 first, int most_ticks, int64 most_numbers, Window *window);
static void collect(const DynChangeRead *read, Window *window, Collector *all);
static bool collect_range(const DynChangeRead *read, Collector *all);
static void collect_single(const DynChangeRead *read, Collector *all);
static void begin_collecting(Collector *all, const Window *window, MemoryContext context);
static void begin_scope(DynScope *scope);
static bool receive_of_window(TupleTableSlot *slot, DestReceiver *self);
static bool receive_of_tick(TupleTableSlot *slot, DestReceiver *self);
static void start(DestReceiver *self, int operation, TupleDesc descriptor);
static void finish(DestReceiver *self);
static void add(Collector *all, TupleTableSlot *slot, int64 tick);
static void drop_highest(Collector *all);
static Datum lineage_array(const DynChangeRead *read);
static Datum xid_array(const Window *window);
static int64 tick_of(const Window *window, uint64 xid);
static int	compare_changes(const void *a, const void *b);
static Jsonb *image(TupleTableSlot *slot, int column, MemoryContext context);
static bool take_page(DynChangeRead *read, const Collector *all, int64 *bytes, MemoryContext caller);

void
dyn_change_read_page(DynChangeRead *read)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(caller, "dynamo change window", ALLOCSET_DEFAULT_SIZES);
	int			most_ticks = FIRST_TICKS;
	int64		most_numbers = Max(read->limit, 100) * (int64) GROWTH;
	int64		bytes = 0;
	bool		is_full = false;

	read->count = 0;
	read->changes = NULL;
	read->at_end = false;
	for (int i = 0; i < MOST_WINDOWS && !is_full; i++)
	{
		Window		window;
		Collector	all;
		int64		first = read->position.number < DYN_CHANGE_NUMBER_END ? read->position.tick : read->position.tick + 1;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		MemoryContextSwitchTo(scratch);
		if ((read->end_tick > 0 && first > read->end_tick) || !open_window(read, first, most_ticks, most_numbers, &window))
			break;
		collect(read, &window, &all);
		is_full = take_page(read, &all, &bytes, caller);
		if (all.count * GROWTH > read->limit)
			continue;
		most_ticks = Min(most_ticks * GROWTH, MOST_TICKS);
		most_numbers = Min(most_numbers * GROWTH, PG_INT64_MAX / GROWTH);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
	/* the page may have ended exactly at the end of the shard */
	if (read->end_tick > 0 && (read->position.tick > read->end_tick ||
							   (read->position.tick == read->end_tick && read->position.number == DYN_CHANGE_NUMBER_END)))
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
open_window(const DynChangeRead *read, int64 first, int most_ticks, int64 most_numbers, Window *window)
{
	int64		last = read->end_tick;
	int64		from;
	int			count = 1;

	/* there may be no such tick: either there never was one, or it has been trimmed with all that it saw */
	window->has_base = dyn_change_tick_last(first - 1, &window->base);
	if (last == 0 || (read->last_tick > 0 && read->last_tick < last))
		last = read->last_tick;
	window->count = dyn_change_tick_list(first, last, most_ticks, &window->ticks);
	if (window->count == 0)
		return false;

	/* an upper bound, since the numbers count the changes of all tables */
	from = window->has_base ? window->base.high : 0;
	while (count < window->count && window->ticks[count].high - from <= most_numbers)
		count++;
	window->count = count;
	return true;
}

/* The window's records, in order; the window may become shorter. */
static void
collect(const DynChangeRead *read, Window *window, Collector *all)
{
	MemoryContext context = CurrentMemoryContext;

	begin_collecting(all, window, context);
	if (!collect_range(read, all))
	{
		window->count = 1;
		begin_collecting(all, window, context);
		collect_single(read, all);
	}
	qsort(all->found, all->count, sizeof(DynChange), compare_changes);
}

/* All records of a window; false: too many. */
static bool
collect_range(const DynChangeRead *read, Collector *all)
{
	const Window *window = all->window;
	Oid			range_types[] = {INT8ARRAYOID, XID8OID, XID8OID};
	Oid			list_types[] = {INT8ARRAYOID, get_array_type(XID8OID)};
	Datum		lineages = lineage_array(read);
	Datum		range_values[] = {lineages, UInt64GetDatum(window->has_base ? window->base.xmax : 0),
		UInt64GetDatum(window->ticks[window->count - 1].xmax)};
	DynScope scope;

	all->receiver.receiveSlot = receive_of_window;
	begin_scope(&scope);
	dyn_sql_walk_latest("SELECT " COLUMNS " FROM dynamo.change_log WHERE lineage = ANY ($1) AND xid >= $2 AND xid < $3",
							3, range_types, range_values, &all->receiver);
	if (all->examined <= MOST_RECORDS && window->has_base && window->base.in_progress_count > 0)
	{
		Datum		list_values[] = {lineages, xid_array(window)};

		dyn_sql_walk_latest("SELECT " COLUMNS " FROM dynamo.change_log WHERE lineage = ANY ($1) AND xid = ANY ($2)",
								2, list_types, list_values, &all->receiver);
	}
	dyn_scope_end(&scope);
	return all->examined <= MOST_RECORDS;
}

/* The first records of a single tick behind the position, and one more if there is one. */
static void
collect_single(const DynChangeRead *read, Collector *all)
{
	const DynTick *tick = &all->window->ticks[0];
	Oid			types[] = {INT8OID, XID8OID, INT8OID, XID8OID};
	DynScope scope;

	all->receiver.receiveSlot = receive_of_tick;
	all->wanted = read->limit - read->count + 1;
	all->after = tick->tick == read->position.tick ? read->position.number : 0;
	begin_scope(&scope);
	for (int i = 0; i < read->lineage_count; i++)
	{
		uint64		from = all->window->has_base ? all->window->base.xmin : 0;

		all->skip_to = -1;
		while (all->skip_to != 0)
		{
			Datum		values[] = {Int64GetDatum(read->lineages[i]), UInt64GetDatum(from), Int64GetDatum(all->skip_to),
				UInt64GetDatum(tick->xmax)};

			CHECK_FOR_INTERRUPTS();
			all->skip_to = 0;
			all->xid = 0;
			dyn_sql_walk_latest("SELECT " COLUMNS " FROM dynamo.change_log WHERE lineage = $1 AND (xid, number) > ($2, $3) "
									"AND xid < $4 ORDER BY xid, number", 4, types, values, &all->receiver);
			from = all->xid;
		}
	}
	dyn_scope_end(&scope);
}

static void
begin_collecting(Collector *all, const Window *window, MemoryContext context)
{
	*all = (Collector) {.receiver = {NULL, start, finish, finish, DestNone}, .window = window, .context = context};
	all->room = FIRST_ROOM;
	all->found = MemoryContextAlloc(context, all->room * sizeof(DynChange));
}

/*
 * Runs as the log's owner, and forces the log's index, since the planner may not know yet how large the log has
 * become.
 */
static void
begin_scope(DynScope *scope)
{
	static const char *const others[] = {"enable_seqscan", "enable_bitmapscan", "enable_sort", "jit"};

	dyn_scope_begin(scope);
	for (int i = 0; i < lengthof(others); i++)
		dyn_scope_set(others[i], "off");
}

static bool
receive_of_window(TupleTableSlot *slot, DestReceiver *self)
{
	Collector  *all = (Collector *) self;
	int64		tick;

	if (++all->examined > MOST_RECORDS)
		return false;
	slot_getsomeattrs(slot, COLUMN_COUNT);
	tick = tick_of(all->window, DatumGetUInt64(slot->tts_values[0]));
	if (tick != 0)
		add(all, slot, tick);
	return true;
}

/*
 * Rows come by transaction and number.  A long run of unwanted rows ends this walk, and the next walk begins behind
 * them.
 */
static bool
receive_of_tick(TupleTableSlot *slot, DestReceiver *self)
{
	Collector  *all = (Collector *) self;
	uint64		xid;
	int64		number;

	slot_getsomeattrs(slot, COLUMN_COUNT);
	xid = DatumGetUInt64(slot->tts_values[0]);
	number = DatumGetInt64(slot->tts_values[1]);
	if (xid != all->xid)
	{
		all->in_tick = tick_of(all->window, xid) != 0;
		all->useless = 0;
	}
	all->xid = xid;
	if (all->in_tick && number > all->after && (all->bound == 0 || number < all->bound))
	{
		all->useless = 0;
		add(all, slot, all->window->ticks[0].tick);
		if (all->count >= 2 * all->wanted)
			drop_highest(all);
		return true;
	}
	if (++all->useless < SKIP_AFTER)
		return true;
	all->skip_to = all->in_tick && number <= all->after ? all->after : DYN_CHANGE_NUMBER_END;
	return false;
}

static void
start(DestReceiver *self, int operation, TupleDesc descriptor)
{
}

static void
finish(DestReceiver *self)
{
}

static void
add(Collector *all, TupleTableSlot *slot, int64 tick)
{
	DynChange  *change;

	if (all->count == all->room)
	{
		all->room *= 2;
		all->found = repalloc_huge(all->found, all->room * sizeof(DynChange));
	}
	change = &all->found[all->count++];
	change->position.tick = tick;
	change->position.number = DatumGetInt64(slot->tts_values[1]);
	change->event = DatumGetChar(slot->tts_values[2]);
	change->service = DatumGetBool(slot->tts_values[3]);
	change->size = DatumGetInt32(slot->tts_values[4]);
	change->written = DatumGetTimestampTz(slot->tts_values[5]);
	change->keys = image(slot, 6, all->context);
	change->old = image(slot, 7, all->context);
	change->new = image(slot, 8, all->context);
}

/* Keeps the wanted ones. */
static void
drop_highest(Collector *all)
{
	qsort(all->found, all->count, sizeof(DynChange), compare_changes);
	for (int i = all->wanted; i < all->count; i++)
	{
		Jsonb	   *images[] = {all->found[i].keys, all->found[i].old, all->found[i].new};

		for (int k = 0; k < lengthof(images); k++)
			if (images[k] != NULL)
				pfree(images[k]);
	}
	all->count = all->wanted;
	all->bound = all->found[all->count - 1].position.number;
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
compare_changes(const void *a, const void *b)
{
	const DynChangePosition *x = &((const DynChange *) a)->position;
	const DynChangePosition *y = &((const DynChange *) b)->position;

	if (x->tick != y->tick)
		return x->tick < y->tick ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* The image as the log has it, perhaps out of line.  Only the images of the page's records are fetched whole. */
static Jsonb *
image(TupleTableSlot *slot, int column, MemoryContext context)
{
	Pointer		value = DatumGetPointer(slot->tts_values[column]);

	if (slot->tts_isnull[column])
		return NULL;
	return memcpy(MemoryContextAlloc(context, VARSIZE_ANY(value)), value, VARSIZE_ANY(value));
}

/* Moves the first records behind the position into the page; true when it is full. */
static bool
take_page(DynChangeRead *read, const Collector *all, int64 *bytes, MemoryContext caller)
{
	const Window *window = all->window;
	const DynChange *found = all->found;
	MemoryContext scratch = MemoryContextSwitchTo(caller);
	bool		is_full = false;
	int			at = 0;

	while (at < all->count && (found[at].position.tick < read->position.tick ||
							   (found[at].position.tick == read->position.tick && found[at].position.number <= read->position.number)))
		at++;
	if (read->changes == NULL)
		read->changes = palloc(read->limit * sizeof(DynChange));
	for (; at < all->count && !is_full; at++)
	{
		DynChange	change = found[at];

		is_full = read->count == read->limit || (read->count > 0 && *bytes + change.size > read->byte_limit);
		if (is_full)
			break;
		*bytes += change.size;
		if (change.keys != NULL)
			change.keys = DatumGetJsonbPCopy(PointerGetDatum(change.keys));
		if (change.old != NULL)
			change.old = DatumGetJsonbPCopy(PointerGetDatum(change.old));
		if (change.new != NULL)
			change.new = DatumGetJsonbPCopy(PointerGetDatum(change.new));
		read->changes[read->count++] = change;
		read->position = change.position;
	}
	if (!is_full)
	{
		read->position.tick = window->ticks[window->count - 1].tick;
		read->position.number = DYN_CHANGE_NUMBER_END;
		is_full = read->count == read->limit;
	}
	MemoryContextSwitchTo(scratch);
	return is_full;
}
