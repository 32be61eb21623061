/*
 * Streams in SQL: the trigger that records changes, and dynamo.stream_records().
 *
 * The trigger fires after the row was written, when nothing can alter it any more, for every way to write it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/error.h"
#include "base/message.h"
#include "catalog/table_cache.h"
#include "flow/stream_access.h"
#include "item/item_jsonb_build.h"
#include "store/change_log.h"

PG_FUNCTION_INFO_V1(dynamo_stream_trigger);
PG_FUNCTION_INFO_V1(dynamo_stream_records);

static void record_truncation(const DynTable *table, const DynChangeTarget *target, Relation relation);
static void read_image(const DynTable *table, HeapTuple row, TupleDesc descriptor, DynChangeImage *image);
static bool same_key(const DynTable *table, HeapTuple a, HeapTuple b, TupleDesc descriptor);
static uint32 hash_column(const DynColumn *column, Datum value);
static Jsonb *keys_of(const DynStream *stream, const DynChange *change);

Datum
dynamo_stream_trigger(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	DynChangeTarget target;
	const DynTable *table;
	TupleDesc	descriptor;
	DynChangeImage old;
	DynChangeImage new;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!dyn_stream_target(trigger->tg_trigger->tgargs, trigger->tg_trigger->tgnargs, &target))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("dynamo.stream_trigger() must be called as the trigger of a DynamoDB table's stream")));
	table = dyn_table_cache_by_relid(RelationGetRelid(trigger->tg_relation));
	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("\"%s\" is not the item table of a DynamoDB table", RelationGetRelationName(trigger->tg_relation))));
	if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
	{
		record_truncation(table, &target, trigger->tg_relation);
		return PointerGetDatum(NULL);
	}

	descriptor = RelationGetDescr(trigger->tg_relation);
	read_image(table, trigger->tg_trigtuple, descriptor, TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? &new : &old);
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		read_image(table, trigger->tg_newtuple, descriptor, &new);
	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		dyn_change_log_append(table, &target, NULL, &new);
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		dyn_change_log_append(table, &target, &old, NULL);
	else if (same_key(table, trigger->tg_trigtuple, trigger->tg_newtuple, descriptor))
		dyn_change_log_append(table, &target, &old, &new);
	else
	{
		dyn_change_log_append(table, &target, &old, NULL);
		dyn_change_log_append(table, &target, NULL, &new);
	}
	return PointerGetDatum(NULL);
}

Datum
dynamo_stream_records(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	DynStream  *stream;
	DynChangeRead read = {0};
	int64	   *lineages;
	int64		left;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("table_name must not be null")));
	InitMaterializedSRF(fcinfo, 0);
	dyn_error_bare();
	stream = dyn_stream_access_of_table(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	read.position.number = DYN_CHANGE_NUMBER_END;
	if (!PG_ARGISNULL(1))
	{
		text	   *after = PG_GETARG_TEXT_PP(1);

		if (!dyn_change_read_parse_sequence((DynStr) {VARDATA_ANY(after), VARSIZE_ANY_EXHDR(after)}, &read.position))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SEQUENCE_NUMBER_INVALID);
	}
	left = PG_ARGISNULL(2) ? PG_INT64_MAX : PG_GETARG_INT32(2);

	lineages = palloc(stream->shard_count * sizeof(int64));
	for (int i = 0; i < stream->shard_count; i++)
		lineages[i] = stream->id * DYN_CHANGE_MAX_PARTS + i;
	read.lineages = lineages;
	read.lineage_count = stream->shard_count;
	dyn_change_tick_for_reader(false);
	while (left > 0)
	{
		DynChangePosition before = read.position;

		read.limit = Min(left, 1000);
		read.byte_limit = 16 * 1024 * 1024;
		dyn_change_read_page(&read);
		if (read.count == 0 && read.position.tick == before.tick && read.position.number == before.number)
			break;
		for (int i = 0; i < read.count; i++)
		{
			DynChange  *change = &read.changes[i];
			const char *event = change->event == 'I' ? "INSERT" : change->event == 'M' ? "MODIFY" : "REMOVE";
			Datum		values[6] = {CStringGetTextDatum(dyn_change_read_sequence(change->position)),
				CStringGetTextDatum(event), JsonbPGetDatum(keys_of(stream, change)),
				JsonbPGetDatum(change->old), JsonbPGetDatum(change->new), TimestampTzGetDatum(change->written)};
			bool		nulls[6] = {false, false, false, change->old == NULL, change->new == NULL, false};

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
		left -= read.count;
	}
	return (Datum) 0;
}

/* TRUNCATE removes every item, and nobody else can be writing. */
static void
record_truncation(const DynTable *table, const DynChangeTarget *target, Relation relation)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(relation, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "dynamo truncate", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		DynChangeImage old;

		CHECK_FOR_INTERRUPTS();
		read_image(table, ExecFetchSlotHeapTuple(slot, false, NULL), RelationGetDescr(relation), &old);
		dyn_change_log_append(table, target, &old, NULL);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
}

static void
read_image(const DynTable *table, HeapTuple row, TupleDesc descriptor, DynChangeImage *image)
{
	const DynColumn *hash = &table->columns[table->keys.parts[0].column];
	bool		nulls[3];
	Datum		item = heap_getattr(row, table->item_attnum, descriptor, &nulls[0]);
	Datum		size = heap_getattr(row, table->size_attnum, descriptor, &nulls[1]);
	Datum		hash_value = heap_getattr(row, hash->attnum, descriptor, &nulls[2]);

	if (nulls[0] || nulls[1] || nulls[2])
		dyn_table_cache_null_found();
	image->item = DatumGetJsonbP(item);
	image->size = DatumGetInt32(size);
	image->hash = hash_column(hash, hash_value);
}

static bool
same_key(const DynTable *table, HeapTuple a, HeapTuple b, TupleDesc descriptor)
{
	for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
	{
		const DynColumn *column = &table->columns[table->keys.parts[i].column];
		bool		nulls[2];
		Datum		x = heap_getattr(a, column->attnum, descriptor, &nulls[0]);
		Datum		y = heap_getattr(b, column->attnum, descriptor, &nulls[1]);

		if (nulls[0] || nulls[1])
			dyn_table_cache_null_found();
		if (column->type == DYN_TYPE_N ? !DatumGetBool(DirectFunctionCall2(numeric_eq, x, y)) :
			!DatumGetBool(DirectFunctionCall2(byteaeq, x, y)))
			return false;
	}
	return true;
}

static uint32
hash_column(const DynColumn *column, Datum value)
{
	struct varlena *bytes;

	if (column->type == DYN_TYPE_N)
		return DatumGetUInt32(DirectFunctionCall1(hash_numeric, value));
	bytes = PG_DETOAST_DATUM_PACKED(value);
	return hash_bytes((unsigned char *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
}

static Jsonb *
keys_of(const DynStream *stream, const DynChange *change)
{
	return change->keys ? change->keys : dyn_item_jsonb_build(dyn_stream_keys(stream, change));
}
