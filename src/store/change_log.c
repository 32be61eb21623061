/*
 * Writing the change log.
 *
 * One heap row and one index entry, put there directly: a statement would cost more than the row, and would ask whether
 * the current user may write the log, which nobody may.  The number is drawn here, while the item's row is locked by
 * the change; so of two changes of an item, the later one has the higher number and is never in an earlier tick.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/xid8.h"

#include "base/change_signal.h"
#include "base/clock.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "store/change_log.h"

typedef enum LogColumn
{
	LOG_SLOT,
	LOG_EVENT,
	LOG_SERVICE,
	LOG_SIZE,
	LOG_LINEAGE,
	LOG_XID,
	LOG_NUMBER,
	LOG_WRITTEN,
	LOG_KEYS,
	LOG_OLD,
	LOG_NEW,
	LOG_COLUMN_COUNT
} LogColumn;

static bool by_service = false;
static SubTransactionId by_service_in;	/* its abort switches by_service off */

static bool same_item(const Jsonb *a, const Jsonb *b);
static Jsonb *keys_of(const DynTable *table, Jsonb *item);
static Oid	dynamo_relation(const char *name);
static void insert_row(int slot, Datum *values, bool *nulls);
static void transaction_ended(XactEvent event, void *arg);
static void subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg);

void
dyn_change_log_append(const DynTable *table, const DynChangeTarget *target, const DynChangeImage *old,
					  const DynChangeImage *new)
{
	const DynChangeImage *either = new ? new : old;
	TimestampTz now = dyn_clock_now();
	bool		keep_old = old && target->keeps_old;
	bool		keep_new = new && target->keeps_new;
	Datum		values[LOG_COLUMN_COUNT] = {0};
	bool		nulls[LOG_COLUMN_COUNT] = {0};
	int			slot = dyn_change_log_slot(now);

	if (old && new && same_item(old->item, new->item))
		return;

	values[LOG_SLOT] = Int16GetDatum(slot);
	values[LOG_EVENT] = CharGetDatum(!old ? 'I' : new ? 'M' : 'R');
	values[LOG_SERVICE] = BoolGetDatum(by_service);
	values[LOG_SIZE] = Int32GetDatum((keep_old ? old->size : 0) + (keep_new ? new->size : 0));
	values[LOG_LINEAGE] = Int64GetDatum(target->stream_id * DYN_CHANGE_MAX_PARTS + either->hash % target->shard_count);
	/* the transaction has its id before the number is drawn: change_tick.c relies on it */
	values[LOG_XID] = FullTransactionIdGetDatum(GetTopFullTransactionId());
	values[LOG_NUMBER] = Int64GetDatum(nextval_internal(dynamo_relation("change_number"), false));
	values[LOG_WRITTEN] = TimestampTzGetDatum(now);
	nulls[LOG_KEYS] = keep_old || keep_new;
	if (!nulls[LOG_KEYS])
		values[LOG_KEYS] = JsonbPGetDatum(keys_of(table, either->item));
	nulls[LOG_OLD] = !keep_old;
	if (keep_old)
		values[LOG_OLD] = JsonbPGetDatum(old->item);
	nulls[LOG_NEW] = !keep_new;
	if (keep_new)
		values[LOG_NEW] = JsonbPGetDatum(new->item);
	insert_row(slot, values, nulls);
	dyn_change_signal_at_commit();
}

void
dyn_change_log_by_service(bool on)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(transaction_ended, NULL);
		RegisterSubXactCallback(subtransaction_ended, NULL);
		registered = true;
	}
	by_service = on;
	by_service_in = GetCurrentSubTransactionId();
}

int
dyn_change_log_slot(TimestampTz time)
{
	int64		turns = time / (DYN_CHANGE_SLOT_HOURS * USECS_PER_HOUR) % DYN_CHANGE_SLOTS;

	return turns < 0 ? turns + DYN_CHANGE_SLOTS : turns;
}

/* Stored items are in normal form: equal items are equal bytes. */
static bool
same_item(const Jsonb *a, const Jsonb *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

static Jsonb *
keys_of(const DynTable *table, Jsonb *item)
{
	int			count = dyn_key_part_count(&table->keys);
	DynItem    *keys = dyn_item_make(count);

	for (int i = 0; i < count; i++)
	{
		DynValue	value;

		if (dyn_item_jsonb_get(item, table->keys.parts[i].name, &value))
			dyn_item_set(keys, table->keys.parts[i].name, value);
	}
	return dyn_item_jsonb_build(keys);
}

static Oid
dynamo_relation(const char *name)
{
	return get_relname_relid(name, get_namespace_oid("dynamo", false));
}

static void
insert_row(int slot, Datum *values, bool *nulls)
{
	char		name[NAMEDATALEN];
	Relation	log;
	HeapTuple	tuple;
	List	   *indexes;
	ListCell   *cell;

	snprintf(name, sizeof(name), "change_log_%d", slot);
	log = table_open(dynamo_relation(name), RowExclusiveLock);
	tuple = heap_form_tuple(RelationGetDescr(log), values, nulls);
	simple_heap_insert(log, tuple);

	indexes = RelationGetIndexList(log);
	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), RowExclusiveLock);
		Datum		index_values[INDEX_MAX_KEYS];
		bool		index_nulls[INDEX_MAX_KEYS];

		for (int i = 0; i < index->rd_index->indnatts; i++)
		{
			AttrNumber	attnum = index->rd_index->indkey.values[i];

			if (attnum < 1 || attnum > LOG_COLUMN_COUNT)
				elog(ERROR, "\"%s\" has an index that is not ours", name);
			index_values[i] = values[attnum - 1];
			index_nulls[i] = nulls[attnum - 1];
		}
		index_insert(index, index_values, index_nulls, &tuple->t_self, log, UNIQUE_CHECK_NO, false, NULL);
		index_close(index, NoLock);
	}
	list_free(indexes);
	heap_freetuple(tuple);
	table_close(log, NoLock);
}

static void
transaction_ended(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		by_service = false;
}

static void
subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (mine != by_service_in)
		return;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		by_service = false;
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
		by_service_in = parent;
}
