/*
 * The catalogue of streams and shards.
 *
 * Writers know nothing of shards.  A record carries its lineage, a part of the hash keys, and a shard is a lineage
 * between two ticks.  So a shard ends and its child begins without a writer noticing.  This happens between one tick
 * and the next: earlier records are in the parent.
 *
 * The trigger that records changes is named with an exclamation mark because PostgreSQL fires triggers in the order of
 * their names.  A trigger of an SQL user that changes the row once more must come after the one that records the first
 * change; otherwise the two records would be in the wrong order.
 *
 * Switching a stream on or off takes a lock on the item table that waits for all its writers.  So all changes after
 * the moment of switching on are recorded, and none after the moment of switching off.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/message.h"
#include "db/sql.h"
#include "db/scope.h"
#include "feature/stream/stream_catalog.h"

#define SHARD_HOURS 4			/* as in AWS, a shard is replaced after so long */
#define SHARDS_PER_TICK 500
#define RETENTION_HOURS 24
#define ROW_TRIGGER "\"" DYN_STREAM_ROW_TRIGGER "\""
#define TRUNCATE_TRIGGER "\"" DYN_STREAM_TRUNCATE_TRIGGER "\""
#define STREAM_COLUMNS \
	"id, table_id, table_name, label, view, hash_key, range_key, shard_count, owner, created, closed IS NOT NULL, ended"
#define SHARD_COLUMNS "id, parent, lineage, start_tick, COALESCE(end_tick, 0)"

static void table_changing(const DynTable *old, DynTable *changed);
static void table_changed(const DynTable *old, const DynTable *changed);
static void table_renamed(int64 table_id, const char *new_name);
static void table_dropping(int64 table_id, Oid owner);
static void tables_dropped(void);
static char *make_label(const char *table_name, TimestampTz time);
static char *format_label(TimestampTz time);
static void open_stream(const DynTable *table, const char *view, const char *label);
static void close_stream(const DynTable *table);
static void insert_shard(int64 stream_id, int position, const char *parent, TimestampTz created, int64 start_tick);
static void make_triggers(const DynTable *table, int64 stream_id, int shard_count, const char *view);
static int64 next_stream_id(void);
static int64 last_tick(void);
static void read_stream(HeapTuple row, DynStream *stream, MemoryContext context);
static int	read_shards(int count, DynShard **shards, MemoryContext context);
static Datum column(HeapTuple row, int number, bool *is_null);
static int64 int64_column(HeapTuple row, int number);
static char *text_column(HeapTuple row, int number, MemoryContext context);
static DynStr name_column(HeapTuple row, int number, MemoryContext context);
static Datum text_or_null(const char *text, char *is_null);

const DynTableFollower dyn_stream_catalog_follower = {
	.changing = table_changing,
	.changed = table_changed,
	.renamed = table_renamed,
	.dropping = table_dropping,
	.dropped = tables_dropped
};

/* Every stream has a label of its own. */
static void
table_changing(const DynTable *old, DynTable *changed)
{
	if (changed->stream_view != NULL && (old == NULL || old->stream_view == NULL))
		changed->stream_label = make_label(changed->name, old == NULL ? changed->created : dyn_clock_now());
}

/* Makes the streams follow a change of the table's StreamViewType; waits for the table's writers. */
static void
table_changed(const DynTable *old, const DynTable *changed)
{
	const char *old_view = old != NULL ? old->stream_view : NULL;
	const char *new_view = changed->stream_view;
	DynScope	scope;

	if (old_view == new_view || (old_view != NULL && new_view != NULL && strcmp(old_view, new_view) == 0))
		return;
	dyn_scope_begin(&scope);
	if (old_view != NULL)
		close_stream(old);
	if (new_view != NULL)
		open_stream(changed, new_view, changed->stream_label);
	dyn_scope_end(&scope);
	dyn_change_signal_at_commit();
}

/* Streams keep their labels, shards and records.  One of an earlier table of the new name may have a label of ours. */
static void
table_renamed(int64 table_id, const char *new_name)
{
	Oid			types[] = {INT8OID, TEXTOID};
	Datum		values[] = {Int64GetDatum(table_id), CStringGetTextDatum(new_name)};
	DynScope	scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_latest("SELECT 1 FROM dynamo.streams s JOIN dynamo.streams o ON o.label = s.label AND o.table_name = $2 "
					   "WHERE s.table_id = $1 AND o.table_id <> $1", 2, types, values, 1) > 0)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_STREAM_LABEL_TAKEN, new_name);
	dyn_sql_run("UPDATE dynamo.streams SET table_name = $2 WHERE table_id = $1", 2, types, values, NULL, SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

/* From now on the table's last owner owns its streams. */
static void
table_dropping(int64 table_id, Oid owner)
{
	Oid			types[] = {INT8OID, OIDOID};
	Datum		values[] = {Int64GetDatum(table_id), ObjectIdGetDatum(owner)};
	DynScope	scope;

	dyn_scope_begin(&scope);
	dyn_sql_run("UPDATE dynamo.streams SET owner = $2 WHERE table_id = $1", 2, types, values, NULL, SPI_OK_UPDATE);
	dyn_scope_end(&scope);
}

/* Closes the streams whose tables have left the catalogue in this transaction. */
static void
tables_dropped(void)
{
	Oid			type = TIMESTAMPTZOID;
	Datum		value = TimestampTzGetDatum(dyn_clock_now());

	dyn_sql_run("UPDATE dynamo.streams s SET closed = $1, closed_xid = pg_catalog.pg_current_xact_id() "
		"WHERE s.closed IS NULL AND NOT EXISTS (SELECT FROM dynamo.tables t WHERE t.id = s.table_id)",
		1, &type, &value, NULL, SPI_OK_UPDATE);
	if (SPI_processed > 0)
		dyn_change_signal_at_commit();
}

/*
 * A label like 2026-01-02T03:04:05.678 (UTC): the time given, or the first later one that no stream of a table of that
 * name has.
 */
static char *
make_label(const char *table_name, TimestampTz time)
{
	char	   *label = format_label(time);

	while (dyn_stream_find(table_name, label) != NULL)
	{
		time += USECS_PER_SEC / 1000;
		label = format_label(time);
	}
	return label;
}

DynStream *
dyn_stream_find(const char *table_name, const char *label)
{
	Oid			types[] = {TEXTOID, TEXTOID};
	Datum		values[] = {CStringGetTextDatum(table_name), CStringGetTextDatum(label)};
	MemoryContext caller = CurrentMemoryContext;
	DynStream  *stream = NULL;
	DynScope	scope;

	dyn_scope_begin(&scope);
	if (dyn_sql_latest("SELECT " STREAM_COLUMNS " FROM dynamo.streams WHERE table_name = $1 AND label = $2", 2, types,
					   values, 1) > 0)
	{
		stream = MemoryContextAllocZero(caller, sizeof(DynStream));
		read_stream(SPI_tuptable->vals[0], stream, caller);
	}
	dyn_scope_end(&scope);
	return stream;
}

int
dyn_stream_list(const char *only, const char *table_name, const char *label, int limit, DynStream **streams)
{
	Oid			types[] = {TEXTOID, TEXTOID, TEXTOID, INT8OID, BOOLOID};
	Datum		values[] = {CStringGetTextDatum(only ? only : ""), CStringGetTextDatum(table_name ? table_name : ""),
		CStringGetTextDatum(label ? label : ""), Int64GetDatum(limit), BoolGetDatum(only == NULL)};
	MemoryContext caller = CurrentMemoryContext;
	DynScope	scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_sql_latest("SELECT " STREAM_COLUMNS " FROM dynamo.streams WHERE ($5 OR table_name = $1) "
								"AND (table_name, label) > ($2, $3) ORDER BY table_name, label LIMIT $4", 5, types, values, 0);
	*streams = MemoryContextAllocZero(caller, Max(count, 1) * sizeof(DynStream));
	for (int i = 0; i < count; i++)
		read_stream(SPI_tuptable->vals[i], &(*streams)[i], caller);
	dyn_scope_end(&scope);
	return count;
}

int
dyn_stream_shards(const DynStream *stream, const char *after, const char *parent, int limit, DynShard **shards)
{
	Oid			types[] = {INT8OID, TEXTOID, TEXTOID, INT8OID};
	Datum		values[] = {Int64GetDatum(stream->id), CStringGetTextDatum(after ? after : ""),
		CStringGetTextDatum(parent ? parent : ""), Int64GetDatum(limit)};
	MemoryContext caller = CurrentMemoryContext;
	DynScope	scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_sql_latest("SELECT " SHARD_COLUMNS " FROM dynamo.stream_shards WHERE stream_id = $1 AND id > $2 "
								"AND ($3 = '' OR parent = $3) ORDER BY id LIMIT $4", 4, types, values, 0);
	count = read_shards(count, shards, caller);
	dyn_scope_end(&scope);
	return count;
}

DynShard *
dyn_stream_shard(const DynStream *stream, const char *id)
{
	Oid			types[] = {INT8OID, TEXTOID};
	Datum		values[] = {Int64GetDatum(stream->id), CStringGetTextDatum(id)};
	MemoryContext caller = CurrentMemoryContext;
	DynShard   *shard;
	DynScope	scope;
	int			count;

	dyn_scope_begin(&scope);
	count = dyn_sql_latest("SELECT " SHARD_COLUMNS " FROM dynamo.stream_shards WHERE stream_id = $1 AND id = $2", 2,
						   types, values, 1);
	count = read_shards(count, &shard, caller);
	dyn_scope_end(&scope);
	return count > 0 ? shard : NULL;
}

bool
dyn_stream_catalog_has_unended(void)
{
	return dyn_sql_latest("SELECT FROM dynamo.streams WHERE closed IS NOT NULL AND NOT ended LIMIT 1", 0, NULL, NULL,
						  0) > 0;
}

void
dyn_stream_catalog_end_closed(int64 tick, Datum snapshot)
{
	Oid			types[] = {INT8OID, PG_SNAPSHOTOID};
	Datum		values[] = {Int64GetDatum(tick), snapshot};

	/* an open transaction that deletes a stream's table holds the stream's row; a later tick ends that stream */
	dyn_sql_run("WITH done AS (UPDATE dynamo.streams SET ended = true WHERE id IN (SELECT id FROM dynamo.streams "
		"WHERE closed IS NOT NULL AND NOT ended AND pg_catalog.pg_visible_in_snapshot(closed_xid, $2) "
		"FOR NO KEY UPDATE SKIP LOCKED) RETURNING id) "
		"UPDATE dynamo.stream_shards s SET end_tick = $1 FROM done WHERE s.stream_id = done.id AND s.end_tick IS NULL",
		2, types, values, NULL, SPI_OK_UPDATE);
}

bool
dyn_stream_catalog_roll(int64 tick, TimestampTz now)
{
	Oid			types[] = {TIMESTAMPTZOID, INT8OID, INT8OID};
	Datum		values[] = {TimestampTzGetDatum(now - SHARD_HOURS * USECS_PER_HOUR), Int64GetDatum(tick),
					  Int64GetDatum(SHARDS_PER_TICK)};
	int			count;
	DynShard   *old;
	MemoryContext context = CurrentMemoryContext;

	count = dyn_sql_latest("SELECT " SHARD_COLUMNS " FROM dynamo.stream_shards s WHERE end_tick IS NULL AND created < $1 "
								"AND start_tick < $2 AND NOT EXISTS (SELECT FROM dynamo.streams t "
								"WHERE t.id = s.stream_id AND t.closed IS NOT NULL) LIMIT $3", 3, types, values, 0);
	count = read_shards(count, &old, context);
	for (int i = 0; i < count; i++)
	{
		Oid			end_types[] = {INT8OID, INT8OID, TEXTOID};
		Datum		end_values[] = {Int64GetDatum(tick), Int64GetDatum(old[i].lineage / DYN_CHANGE_MAX_PARTS),
			CStringGetTextDatum(old[i].id)};

		dyn_sql_run("UPDATE dynamo.stream_shards SET end_tick = $1 WHERE stream_id = $2 AND id = $3 AND end_tick IS NULL",
			3, end_types, end_values, NULL, SPI_OK_UPDATE);
		insert_shard(old[i].lineage / DYN_CHANGE_MAX_PARTS, old[i].lineage % DYN_CHANGE_MAX_PARTS, old[i].id, now, tick);
	}
	return count == SHARDS_PER_TICK;
}

void
dyn_stream_catalog_forget(int64 trimmed_tick, TimestampTz now)
{
	Oid			types[] = {INT8OID, TIMESTAMPTZOID};
	Datum		values[] = {Int64GetDatum(trimmed_tick), TimestampTzGetDatum(now - RETENTION_HOURS * USECS_PER_HOUR)};

	dyn_sql_run("DELETE FROM dynamo.stream_shards WHERE end_tick <= $1", 1, types, values, NULL, SPI_OK_DELETE);
	dyn_sql_run("DELETE FROM dynamo.streams s WHERE ended AND closed < $2 "
		"AND NOT EXISTS (SELECT FROM dynamo.stream_shards h WHERE h.stream_id = s.id AND h.end_tick > $1)",
		2, types, values, NULL, SPI_OK_DELETE);
}

static char *
format_label(TimestampTz time)
{
	struct pg_tm tm;
	fsec_t		fraction;

	if (timestamp2tm(time, NULL, &tm, &fraction, NULL, NULL) != 0)
		elog(ERROR, "timestamp out of range");
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02d.%03d", tm.tm_year, tm.tm_mon, tm.tm_mday,
					tm.tm_hour, tm.tm_min, tm.tm_sec, (int) (fraction / 1000));
}

static void
open_stream(const DynTable *table, const char *view, const char *label)
{
	int64		id = next_stream_id();
	TimestampTz now = dyn_clock_now();
	Oid			types[] = {INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID, TIMESTAMPTZOID};
	Datum		values[] = {Int64GetDatum(id), Int64GetDatum(table->id), CStringGetTextDatum(table->name),
		CStringGetTextDatum(label), CStringGetTextDatum(view), Int32GetDatum(dyn_guc_stream_shards),
		TimestampTzGetDatum(now)};
	int64		start_tick;

	/* first the lock that waits for writers, then the last tick: the stream's changes must all come after that tick */
	make_triggers(table, id, dyn_guc_stream_shards, view);
	start_tick = last_tick();
	dyn_sql_run(
		"INSERT INTO dynamo.streams (id, table_id, table_name, label, view, hash_key, range_key, shard_count, created) "
		"SELECT $1, $2, $3, $4, $5, hash_key, range_key, $6, $7 FROM dynamo.tables WHERE id = $2",
		7, types, values, NULL, SPI_OK_INSERT);
	if (SPI_processed != 1)
		elog(ERROR, "table \"%s\" has no row in dynamo.tables", table->name);
	for (int i = 0; i < dyn_guc_stream_shards; i++)
		insert_shard(id, i, NULL, now, start_tick);
}

static void
close_stream(const DynTable *table)
{
	Oid			types[] = {INT8OID, TIMESTAMPTZOID};
	Datum		values[] = {Int64GetDatum(table->id), TimestampTzGetDatum(dyn_clock_now())};

	/* unless the table's owner has dropped them */
	if (OidIsValid(get_trigger_oid(table->relid, DYN_STREAM_ROW_TRIGGER, true)))
		dyn_sql_utility(psprintf("ALTER TABLE %s DISABLE TRIGGER " ROW_TRIGGER, table->qualified));
	if (OidIsValid(get_trigger_oid(table->relid, DYN_STREAM_TRUNCATE_TRIGGER, true)))
		dyn_sql_utility(psprintf("ALTER TABLE %s DISABLE TRIGGER " TRUNCATE_TRIGGER, table->qualified));
	dyn_sql_run("UPDATE dynamo.streams SET closed = $2, closed_xid = pg_catalog.pg_current_xact_id() "
		"WHERE table_id = $1 AND closed IS NULL",
		2, types, values, NULL, SPI_OK_UPDATE);
}

/* Ids sort by the time at which shards began, so that a parent comes before its child. */
static void
insert_shard(int64 stream_id, int position, const char *parent, TimestampTz created, int64 start_tick)
{
	Oid			types[] = {INT8OID, TEXTOID, TEXTOID, INT8OID, TIMESTAMPTZOID, INT8OID};
	char		nulls[] = "      ";
	int64		milliseconds = (int64) (dyn_clock_to_epoch(created) * 1000) + position;
	int64		lineage = stream_id * DYN_CHANGE_MAX_PARTS + position;
	Datum		values[6];

	values[0] = Int64GetDatum(stream_id);
	values[1] = CStringGetTextDatum(psprintf("shardId-%020lld-%08x", (long long) milliseconds,
											 hash_bytes((unsigned char *) &lineage, sizeof(lineage))));
	values[2] = text_or_null(parent, &nulls[2]);
	values[3] = Int64GetDatum(lineage);
	values[4] = TimestampTzGetDatum(created);
	values[5] = Int64GetDatum(start_tick);
	dyn_sql_run("INSERT INTO dynamo.stream_shards (stream_id, id, parent, lineage, created, start_tick) "
		"VALUES ($1, $2, $3, $4, $5, $6)",
		6, types, values, nulls, SPI_OK_INSERT);
}

static void
make_triggers(const DynTable *table, int64 stream_id, int shard_count, const char *view)
{
	char	   *arguments = psprintf("%lld, %d, %s", (long long) stream_id, shard_count, quote_literal_cstr(view));

	dyn_sql_utility(psprintf("CREATE OR REPLACE TRIGGER " ROW_TRIGGER " AFTER INSERT OR UPDATE OR DELETE ON %s "
				 "FOR EACH ROW EXECUTE FUNCTION dynamo.stream_trigger(%s)", table->qualified, arguments));
	dyn_sql_utility(psprintf("CREATE OR REPLACE TRIGGER " TRUNCATE_TRIGGER " BEFORE TRUNCATE ON %s "
				 "FOR EACH STATEMENT EXECUTE FUNCTION dynamo.stream_trigger(%s)", table->qualified, arguments));
}

static int64
next_stream_id(void)
{
	bool		is_null;

	dyn_sql_run("SELECT pg_catalog.nextval('dynamo.stream_id')", 0, NULL, NULL, NULL, SPI_OK_SELECT);
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

/*
 * The last tick whose snapshot is taken.  Its number was drawn after its snapshot.  So a transaction that commits
 * after this look is in none of the ticks up to this one, whether or not the tick has been committed.
 */
static int64
last_tick(void)
{
	bool		is_null;

	dyn_sql_run("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM dynamo.change_tick", 0, NULL, NULL, NULL,
				SPI_OK_SELECT);
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

static void
read_stream(HeapTuple row, DynStream *stream, MemoryContext context)
{
	bool		is_null;

	stream->id = int64_column(row, 1);
	stream->table_id = int64_column(row, 2);
	stream->table_name = text_column(row, 3, context);
	stream->label = text_column(row, 4, context);
	stream->view = text_column(row, 5, context);
	stream->hash_key = name_column(row, 6, context);
	stream->range_key = name_column(row, 7, context);
	stream->shard_count = DatumGetInt32(column(row, 8, &is_null));
	stream->owner = DatumGetObjectId(column(row, 9, &is_null));
	if (is_null)
		stream->owner = InvalidOid;
	stream->created = DatumGetTimestampTz(column(row, 10, &is_null));
	stream->closed = DatumGetBool(column(row, 11, &is_null));
	stream->ended = DatumGetBool(column(row, 12, &is_null));
}

static int
read_shards(int count, DynShard **shards, MemoryContext context)
{
	*shards = MemoryContextAllocZero(context, Max(count, 1) * sizeof(DynShard));
	for (int i = 0; i < count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		DynShard   *shard = &(*shards)[i];

		shard->id = text_column(row, 1, context);
		shard->parent = text_column(row, 2, context);
		shard->lineage = int64_column(row, 3);
		shard->start_tick = int64_column(row, 4);
		shard->end_tick = int64_column(row, 5);
	}
	return count;
}

static Datum
column(HeapTuple row, int number, bool *is_null)
{
	return SPI_getbinval(row, SPI_tuptable->tupdesc, number, is_null);
}

static int64
int64_column(HeapTuple row, int number)
{
	bool		is_null;

	return DatumGetInt64(column(row, number, &is_null));
}

/* Any type, in its text form; NULL when null. */
static char *
text_column(HeapTuple row, int number, MemoryContext context)
{
	char	   *text = SPI_getvalue(row, SPI_tuptable->tupdesc, number);

	return text ? MemoryContextStrdup(context, text) : NULL;
}

/* An attribute name, which the catalogue keeps in stored form. */
static DynStr
name_column(HeapTuple row, int number, MemoryContext context)
{
	char	   *text = text_column(row, number, context);
	MemoryContext old = MemoryContextSwitchTo(context);
	DynStr		name = text ? dyn_text_from_stored(dyn_text_from_cstring(text)) : (DynStr) {NULL, 0};

	MemoryContextSwitchTo(old);
	return name;
}

static Datum
text_or_null(const char *text, char *is_null)
{
	if (text != NULL)
		return CStringGetTextDatum(text);
	*is_null = 'n';
	return (Datum) 0;
}
