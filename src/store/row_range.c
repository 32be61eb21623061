/*
 * Ordered walk of a table or an index.
 *
 * The statement orders by the columns of one btree and bounds a prefix of them, so that it walks exactly the wanted
 * part of that btree:
 *
 *   hash columns = values, the first range columns = values     the fixed columns
 *   the next column within bounds
 *   (the columns that are not fixed) > (the start key's)        or < when backward
 *
 * The start key replaces the bound on its side, because one of the two is always redundant.  The walk of the btree
 * must begin at the stricter one; otherwise every page of a long query would begin at the far end.
 *
 * Columns that repeat are left out, as they are in the index itself.  An index that is partial says so in its
 * predicate, which the statement repeats.
 */
#include "postgres.h"

#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "store/key_columns.h"
#include "store/row_plan.h"
#include "store/row_range.h"

typedef struct Bound
{
	bool		given;
	bool		inclusive;
	DynValue	value;			/* strings in stored form */
} Bound;

/* A range as the columns of one btree. */
typedef struct Walk
{
	const DynRowRange *range;
	int			columns[DYN_MAX_WALK_COLUMNS];
	int			column_count;
	int			hash_count;		/* hash columns with a condition: all or none */
	int			fixed;			/* columns with an equality, hash columns included */
	Bound		lower;			/* of the column behind those */
	Bound		upper;
	bool		has_start;
} Walk;

typedef struct RowReceiver
{
	DestReceiver receiver;
	const DynRowRange *range;
	DynRowVisit visit;
	void	   *arg;
	MemoryContext scratch;		/* one row's */
} RowReceiver;

static void plan_walk(const DynRowRange *range, Walk *walk);
static void set_bound(Bound *bound, const DynValue *value, bool inclusive);
static bool drop_redundant(Walk *walk);
static const DynValue *start_value(const Walk *walk, int position);
static DynValue stored_value(const DynValue *value);
static bool next_prefix(DynValue prefix, DynValue *next);
static bool next_text(DynStr prefix, DynStr *next);
static uint32 walk_kind(const Walk *walk);
static SPIPlanPtr prepare(const Walk *walk, uint32 kind);
static ParamListInfo make_params(const Walk *walk);
static Datum bound_datum(const DynValue *value);
static uint64 segment_hash(Datum value);
static bool receive(TupleTableSlot *slot, DestReceiver *self);
static void start(DestReceiver *self, int operation, TupleDesc descriptor);
static void finish(DestReceiver *self);

void
dyn_row_range_walk(const DynRowRange *range, DynRowVisit visit, void *arg)
{
	RowReceiver rows = {{receive, start, finish, finish, DestNone}, range, visit, arg, NULL};
	Walk		walk = {0};
	SPIPlanPtr	plan;
	uint32		kind;

	SPI_connect();
	plan_walk(range, &walk);
	if (!drop_redundant(&walk))
	{
		SPI_finish();
		return;
	}
	rows.scratch = AllocSetContextCreate(CurrentMemoryContext, "dynamo row", ALLOCSET_DEFAULT_SIZES);
	kind = walk_kind(&walk);
	plan = dyn_row_plan_find(range->table, kind);
	if (plan == NULL)
		plan = prepare(&walk, kind);
	(void) dyn_row_plan_execute(range->table, plan, make_params(&walk), &rows.receiver);
	SPI_finish();
}

bool
dyn_row_range_start_fits(const DynRowRange *range)
{
	Walk		walk = {0};
	Datum		value;

	plan_walk(range, &walk);
	value = dyn_key_columns_datum(&range->table->columns[walk.columns[0]], start_value(&walk, 0));
	return segment_hash(value) % range->segments == range->segment;
}

static void
plan_walk(const DynRowRange *range, Walk *walk)
{
	const DynKeyRange *condition = range->range;

	walk->range = range;
	walk->column_count = dyn_table_walk_columns(range->table, range->index, walk->columns);
	walk->has_start = range->has_start;
	if (condition == NULL || condition->hash.count == 0)
		return;
	walk->hash_count = condition->hash.count;
	walk->fixed = condition->hash.count + condition->equal_count;
	if (condition->has_lower)
		set_bound(&walk->lower, &condition->lower, condition->lower_inclusive);
	if (condition->has_upper)
		set_bound(&walk->upper, &condition->upper, condition->upper_inclusive);
	if (condition->has_prefix)
	{
		set_bound(&walk->lower, &condition->prefix, true);
		walk->upper.given = next_prefix(walk->lower.value, &walk->upper.value);
		walk->upper.inclusive = false;
	}
}

static void
set_bound(Bound *bound, const DynValue *value, bool inclusive)
{
	bound->given = true;
	bound->inclusive = inclusive;
	bound->value = stored_value(value);
}

/* Keeps the start key or the bound on its side.  False: no row can follow the start key. */
static bool
drop_redundant(Walk *walk)
{
	Bound	   *bound = walk->range->backward ? &walk->upper : &walk->lower;
	DynValue	value;
	int			order;

	if (!walk->has_start)
		return true;
	if (walk->fixed >= walk->column_count)
		return false;			/* the only row that matches was the last one seen */
	if (!bound->given)
		return true;
	value = stored_value(start_value(walk, walk->fixed));
	order = dyn_value_compare(&value, &bound->value);
	if (walk->range->backward)
		order = -order;
	/* on the bound itself: an exclusive bound is the stricter one, an inclusive bound the weaker one */
	if (order < 0 || (order == 0 && !bound->inclusive))
		walk->has_start = false;
	else
		bound->given = false;
	return true;
}

/* The start key's value for a column of the walk. */
static const DynValue *
start_value(const Walk *walk, int position)
{
	const DynRowRange *range = walk->range;
	int			column = walk->columns[position];

	for (int i = 0; range->index != NULL && i < dyn_key_part_count(&range->index->keys); i++)
		if (range->index->keys.parts[i].column == column)
			return &range->start_index.values[i];
	for (int i = 0; i < dyn_key_part_count(&range->table->keys); i++)
		if (range->table->keys.parts[i].column == column)
			return &range->start_table.values[i];
	elog(ERROR, "a start key lacks column \"%s\"", range->table->columns[column].name);
}

static DynValue
stored_value(const DynValue *value)
{
	DynValue	stored = *value;

	if (stored.type == DYN_TYPE_S)
		stored.text = dyn_text_to_stored(stored.text);
	return stored;
}

/* The least value that is greater than every value with the prefix; false when there is none. */
static bool
next_prefix(DynValue prefix, DynValue *next)
{
	DynStr		bytes = prefix.text;
	char	   *copy;

	*next = prefix;
	if (prefix.type == DYN_TYPE_S)
		return next_text(bytes, &next->text);
	while (bytes.len > 0 && (unsigned char) bytes.data[bytes.len - 1] == 0xff)
		bytes.len--;
	if (bytes.len == 0)
		return false;
	copy = palloc(bytes.len);
	memcpy(copy, bytes.data, bytes.len);
	copy[bytes.len - 1]++;
	next->text = (DynStr) {copy, bytes.len};
	return true;
}

/* Replaces the last character by its successor; the last of all characters has none and is cut. */
static bool
next_text(DynStr prefix, DynStr *next)
{
	int			len = prefix.len;

	while (len > 0)
	{
		int			begin = len - 1;
		pg_wchar	character;
		char	   *copy;

		while (begin > 0 && ((unsigned char) prefix.data[begin] & 0xc0) == 0x80)
			begin--;
		character = utf8_to_unicode((const unsigned char *) prefix.data + begin) + 1;
		if (character == 0xd800)
			character = 0xe000; /* surrogates are no characters */
		if (character <= 0x10ffff)
		{
			copy = palloc(begin + MAX_MULTIBYTE_CHAR_LEN + 1);
			memcpy(copy, prefix.data, begin);
			unicode_to_utf8(character, (unsigned char *) copy + begin);
			*next = (DynStr) {copy, begin + pg_utf_mblen((const unsigned char *) copy + begin)};
			return true;
		}
		len = begin;
	}
	return false;
}

/* Everything on which the statement's text depends. */
static uint32
walk_kind(const Walk *walk)
{
	const DynRowRange *range = walk->range;
	uint32		kind = range->index ? range->index - range->table->indexes + 1 : 0;

	kind = kind << 4 | walk->fixed;
	kind = kind << 2 | (walk->lower.given ? 1 + walk->lower.inclusive : 0);
	kind = kind << 2 | (walk->upper.given ? 1 + walk->upper.inclusive : 0);
	kind = kind << 1 | walk->has_start;
	kind = kind << 1 | range->backward;
	kind = kind << 1 | (range->segments > 0);
	return DYN_PLAN_RANGE + kind;
}

/* The order of the parameters is that of make_params. */
static SPIPlanPtr
prepare(const Walk *walk, uint32 kind)
{
	const DynRowRange *range = walk->range;
	const DynTable *table = range->table;
	Oid			types[2 * DYN_MAX_WALK_COLUMNS + 2];
	int			count = 0;
	StringInfoData sql;
	StringInfoData left;
	const char *separator = " WHERE ";

	initStringInfo(&sql);
	initStringInfo(&left);
	appendStringInfo(&sql, "SELECT item, size%s%s FROM ONLY %s", range->segments > 0 ? ", " : "",
					 range->segments > 0 ? table->columns[walk->columns[0]].quoted : "", table->qualified);
	for (int i = 0; i < walk->column_count; i++)
	{
		const DynColumn *column = &table->columns[walk->columns[i]];

		if (!dyn_table_is_primary(table, walk->columns[i]))
		{
			appendStringInfo(&sql, "%s%s IS NOT NULL", separator, column->quoted);
			separator = " AND ";
		}
	}
	for (int i = 0; i < walk->fixed; i++)
	{
		const DynColumn *column = &table->columns[walk->columns[i]];

		types[count++] = dyn_key_columns_type(column);
		appendStringInfo(&sql, "%s%s OPERATOR(pg_catalog.=) $%d", separator, column->quoted, count);
		separator = " AND ";
	}
	for (int side = 0; side < 2; side++)
	{
		const Bound *bound = side == 0 ? &walk->lower : &walk->upper;
		const DynColumn *column;

		if (!bound->given)
			continue;
		column = &table->columns[walk->columns[walk->fixed]];
		types[count++] = dyn_key_columns_type(column);
		appendStringInfo(&sql, "%s%s OPERATOR(pg_catalog.%s%s) $%d", separator, column->quoted, side == 0 ? ">" : "<",
						 bound->inclusive ? "=" : "", count);
		separator = " AND ";
	}
	if (walk->has_start)
	{
		StringInfoData right;

		initStringInfo(&right);
		for (int i = walk->fixed; i < walk->column_count; i++)
		{
			const DynColumn *column = &table->columns[walk->columns[i]];

			types[count++] = dyn_key_columns_type(column);
			appendStringInfo(&left, "%s%s", i > walk->fixed ? ", " : "", column->quoted);
			appendStringInfo(&right, "%s$%d", i > walk->fixed ? ", " : "", count);
		}
		appendStringInfo(&sql, "%s(%s) OPERATOR(pg_catalog.%s) (%s)", separator, left.data, range->backward ? "<" : ">",
						 right.data);
	}
	for (int i = walk->fixed; i < walk->column_count; i++)
		appendStringInfo(&sql, "%s%s%s", i > walk->fixed ? ", " : " ORDER BY ", table->columns[walk->columns[i]].quoted,
						 range->backward ? " DESC" : "");
	return dyn_row_plan_prepare(table, kind, sql.data, count, types, CURSOR_OPT_FAST_PLAN);
}

static ParamListInfo
make_params(const Walk *walk)
{
	const DynRowRange *range = walk->range;
	const DynTable *table = range->table;
	ParamListInfo params = dyn_row_plan_params(2 * DYN_MAX_WALK_COLUMNS + 2);
	int			count = 0;

	for (int i = 0; i < walk->column_count; i++)
	{
		const DynColumn *column = &table->columns[walk->columns[i]];
		const DynValue *value;

		if (i < walk->hash_count)
			value = &range->range->hash.values[i];
		else if (i < walk->fixed)
			value = &range->range->equal[i - walk->hash_count];
		else
			break;
		dyn_row_plan_set(params, count++, dyn_key_columns_type(column), dyn_key_columns_datum(column, value), false);
	}
	for (int side = 0; side < 2; side++)
	{
		const Bound *bound = side == 0 ? &walk->lower : &walk->upper;

		if (bound->given)
			dyn_row_plan_set(params, count++, dyn_key_columns_type(&table->columns[walk->columns[walk->fixed]]),
							 bound_datum(&bound->value), false);
	}
	for (int i = walk->fixed; walk->has_start && i < walk->column_count; i++)
	{
		const DynColumn *column = &table->columns[walk->columns[i]];

		dyn_row_plan_set(params, count++, dyn_key_columns_type(column),
						 dyn_key_columns_datum(column, start_value(walk, i)), false);
	}
	params->numParams = count;
	return params;
}

/* Of a range column, whose string is in stored form already. */
static Datum
bound_datum(const DynValue *value)
{
	if (value->type == DYN_TYPE_N)
		return dyn_number_to_numeric(value->number);
	return PointerGetDatum(cstring_to_text_with_len(value->text.data, value->text.len));
}

/* FNV-1a, stirred: the segment of a hash key must be the same on every page of a scan, on every server version. */
static uint64
segment_hash(Datum value)
{
	struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);
	const unsigned char *data = (const unsigned char *) VARDATA_ANY(bytes);
	uint64		hash = UINT64CONST(0xcbf29ce484222325);

	for (int i = 0; i < VARSIZE_ANY_EXHDR(bytes); i++)
		hash = (hash ^ data[i]) * UINT64CONST(0x100000001b3);
	hash ^= hash >> 33;
	hash *= UINT64CONST(0xff51afd7ed558ccd);
	return hash ^ (hash >> 33);
}

static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *rows = (RowReceiver *) self;
	const DynRowRange *range = rows->range;
	MemoryContext old;
	bool		more = true;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0] || slot->tts_isnull[1] || (range->segments > 0 && slot->tts_isnull[2]))
		dyn_table_cache_null_found();
	MemoryContextReset(rows->scratch);
	old = MemoryContextSwitchTo(rows->scratch);
	if (range->segments <= 0 || segment_hash(slot->tts_values[2]) % range->segments == range->segment)
		more = rows->visit(rows->arg, DatumGetJsonbP(slot->tts_values[0]), DatumGetInt32(slot->tts_values[1]));
	MemoryContextSwitchTo(old);
	return more;
}

static void
start(DestReceiver *self, int operation, TupleDesc descriptor)
{
}

static void
finish(DestReceiver *self)
{
}
