/*
 * What readers of streams need: iterators and records.
 *
 * A shard iterator is the stream's ARN, as in AWS, and behind it the position, the time at which it was given out and
 * the shard, with a code that only this database's secret makes: nothing is kept for it, and nobody can alter it.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "port/pg_bswap.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/message.h"
#include "base/sha256.h"
#include "catalog/arn.h"
#include "feature/stream/stream.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_size.h"
#include "json/json_write.h"

#define ITERATOR_MINUTES 15
#define ITERATOR_SEPARATOR "|1|"
#define CODE_SIZE 16

/* The part of an iterator between the ARN and the shard's id; integers in network order. */
typedef struct IteratorHead
{
	uint64		tick;
	uint64		number;
	uint64		issued;			/* microseconds */
} IteratorHead;

static void sign(DynShardIterator *iterator, DynStr arn, DynStr payload, uint8 *code);
static const char *event_name(char event);

char *
dyn_stream_iterator(DynShardIterator *iterator)
{
	char	   *arn = dyn_arn_stream(iterator->stream->table_name, iterator->stream->label);
	IteratorHead head = {pg_hton64(iterator->position.tick), pg_hton64(iterator->position.number),
						 pg_hton64(dyn_clock_now())};
	StringInfoData payload;
	StringInfoData text;
	uint8		code[CODE_SIZE];

	initStringInfo(&payload);
	appendBinaryStringInfo(&payload, (char *) &head, sizeof(head));
	appendStringInfoString(&payload, iterator->shard->id);
	sign(iterator, dyn_text_from_cstring(arn), (DynStr) {payload.data, payload.len}, code);
	appendBinaryStringInfo(&payload, (char *) code, CODE_SIZE);
	initStringInfo(&text);
	appendStringInfo(&text, "%s" ITERATOR_SEPARATOR, arn);
	dyn_text_append_base64(&text, (DynStr) {payload.data, payload.len});
	return text.data;
}

bool
dyn_stream_read_iterator(DynStr text, DynStr *arn, char **shard_id, DynShardIterator *iterator)
{
	DynStr		encoded;
	DynStr		payload;
	IteratorHead head;
	uint8		code[CODE_SIZE];
	uint8		difference = 0;
	const char *bar = memchr(text.data, '|', text.len);

	*arn = (DynStr) {text.data, bar ? bar - text.data : 0};
	encoded.data = text.data + arn->len + strlen(ITERATOR_SEPARATOR);
	encoded.len = text.len - arn->len - strlen(ITERATOR_SEPARATOR);
	if (bar == NULL || encoded.len <= 0 || memcmp(bar, ITERATOR_SEPARATOR, strlen(ITERATOR_SEPARATOR)) != 0 ||
		!dyn_text_decode_base64(encoded, &payload) || payload.len <= (int) sizeof(head) + CODE_SIZE)
		return false;
	payload.len -= CODE_SIZE;
	iterator->secret = (DynStr) {NULL, 0};
	sign(iterator, *arn, payload, code);
	for (int i = 0; i < CODE_SIZE; i++)
		difference |= code[i] ^ (uint8) payload.data[payload.len + i];
	if (difference != 0)
		return false;

	memcpy(&head, payload.data, sizeof(head));
	if ((TimestampTz) pg_ntoh64(head.issued) + ITERATOR_MINUTES * USECS_PER_MINUTE < dyn_clock_now())
		dyn_error(DYN_ERR_EXPIRED_ITERATOR, DYN_MSG_ITERATOR_EXPIRED);
	iterator->position.tick = pg_ntoh64(head.tick);
	iterator->position.number = pg_ntoh64(head.number);
	*shard_id = pnstrdup(payload.data + sizeof(head), payload.len - sizeof(head));
	return true;
}

void
dyn_stream_check_trimmed(DynChangePosition position)
{
	int64		trimmed = dyn_change_tick_trimmed();

	if (position.tick < trimmed || (position.tick == trimmed && trimmed > 0 && position.number < DYN_CHANGE_NUMBER_END))
		dyn_error(DYN_ERR_TRIMMED_DATA_ACCESS, DYN_MSG_RECORDS_TRIMMED);
}

DynChangePosition
dyn_stream_shard_start(const DynShard *shard)
{
	return (DynChangePosition) {shard->start_tick + 1, 0};
}

DynChangePosition
dyn_stream_shard_end(const DynShard *shard)
{
	return (DynChangePosition) {shard->end_tick, DYN_CHANGE_NUMBER_END};
}

DynItem *
dyn_stream_keys(const DynStream *stream, const DynChange *change)
{
	Jsonb	   *from = change->keys ? change->keys : change->new ? change->new : change->old;
	const DynStr names[] = {stream->hash_key, stream->range_key};
	DynItem    *keys = dyn_item_make(2);

	for (int i = 0; i < lengthof(names); i++)
	{
		DynValue	value;

		if (names[i].data != NULL && from != NULL && dyn_item_jsonb_get(from, names[i], &value))
			dyn_item_set(keys, names[i], value);
	}
	return keys;
}

void
dyn_stream_write_record(StringInfo out, const DynStream *stream, const DynChange *change)
{
	DynItem    *keys = dyn_stream_keys(stream, change);
	unsigned char *identity = (unsigned char *) &change->position.number;

	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "awsRegion", dyn_guc_region);
	dyn_json_write_member(out, "dynamodb");
	dyn_json_write_object_start(out);
	dyn_json_write_integer_member(out, "ApproximateCreationDateTime", (int64) dyn_clock_to_epoch(change->written));
	dyn_json_write_member(out, "Keys");
	dyn_item_json_write(out, keys);
	if (change->new != NULL)
	{
		dyn_json_write_member(out, "NewImage");
		dyn_item_jsonb_write_json(out, change->new);
	}
	if (change->old != NULL)
	{
		dyn_json_write_member(out, "OldImage");
		dyn_item_jsonb_write_json(out, change->old);
	}
	dyn_json_write_string_member(out, "SequenceNumber", dyn_change_read_sequence(change->position));
	dyn_json_write_integer_member(out, "SizeBytes", change->size + dyn_item_size(keys));
	dyn_json_write_string_member(out, "StreamViewType", stream->view);
	dyn_json_write_object_end(out);
	/* the number is unique in the database, and the same at every reading */
	dyn_json_write_string_member(out, "eventID",
								 psprintf("%016llx%016llx", (unsigned long long) hash_bytes_extended(identity, sizeof(int64), stream->id),
										  (unsigned long long) hash_bytes_extended(identity, sizeof(int64), ~stream->id)));
	dyn_json_write_string_member(out, "eventName", event_name(change->event));
	dyn_json_write_string_member(out, "eventSource", "aws:dynamodb");
	dyn_json_write_string_member(out, "eventVersion", "1.1");
	if (change->service)
	{
		dyn_json_write_member(out, "userIdentity");
		dyn_json_write_object_start(out);
		dyn_json_write_string_member(out, "PrincipalId", "dynamodb.amazonaws.com");
		dyn_json_write_string_member(out, "Type", "Service");
		dyn_json_write_object_end(out);
	}
	dyn_json_write_object_end(out);
}

static void
sign(DynShardIterator *iterator, DynStr arn, DynStr payload, uint8 *code)
{
	uint8		digest[DYN_SHA256_SIZE];
	StringInfoData all;

	if (iterator->secret.data == NULL)
		iterator->secret = dyn_change_tick_secret();
	initStringInfo(&all);
	appendBinaryStringInfo(&all, arn.data, arn.len);
	appendStringInfoString(&all, ITERATOR_SEPARATOR);
	appendBinaryStringInfo(&all, payload.data, payload.len);
	dyn_sha256_hmac(iterator->secret, (DynStr) {all.data, all.len}, digest);
	memcpy(code, digest, CODE_SIZE);
}

static const char *
event_name(char event)
{
	return event == 'I' ? "INSERT" : event == 'M' ? "MODIFY" : "REMOVE";
}
