/*
 * Material for tests of items: random items, mutated documents, and the time that each step of an item's way takes.
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "fmgr.h"
#include "funcapi.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "item/item_size.h"

PG_FUNCTION_INFO_V1(dynamo_test_random_item);
PG_FUNCTION_INFO_V1(dynamo_test_mutate);
PG_FUNCTION_INFO_V1(dynamo_test_item_time);

static DynItem *random_map(pg_prng_state *random, int depth);
static DynValue random_value(pg_prng_state *random, int depth);

static int
below(pg_prng_state *random, int limit)
{
	return (int) pg_prng_uint64_range(random, 0, limit - 1);
}

/* Any of what strings get wrong: NUL, U+0001, controls, quotes, long characters, names of wrappers. */
static DynStr
random_text(pg_prng_state *random, bool name)
{
	static const DynStr parts[] = {{"\0", 1},
								   {"\1", 1},
								   {"\2", 1},
								   {"\1\1", 2},
								   {"\1\2", 2},
								   {"\"", 1},
								   {"\\", 1},
								   {"\n", 1},
								   {"\x1f", 1},
								   {"\x7f", 1},
								   {"\xc3\xa9", 2},
								   {"\xe2\x82\xac", 3},
								   {"\xf0\x9f\x98\x80", 4},
								   {"\\u0000", 6},
								   {"$", 1},
								   {"$B", 2},
								   {"$M", 2},
								   {"$SS", 3},
								   {"a", 1},
								   {"B", 1},
								   {"name", 4},
								   {"x.y[0]", 6},
								   {" ", 1},
								   {"/", 1},
								   {"0123456789abcdef", 16}};
	StringInfoData text;
	int			count = below(random, 20) == 0 ? below(random, 60) : below(random, 5);

	initStringInfo(&text);
	do
	{
		const DynStr *part = &parts[below(random, lengthof(parts))];

		if (count > 0 || name)
			appendBinaryStringInfo(&text, part->data, part->len);
	} while (--count > 0);
	return (DynStr) {text.data, text.len};
}

static DynValue
random_number(pg_prng_state *random)
{
	DynNumber  *number = palloc0(sizeof(DynNumber));

	number->count = below(random, 3) == 0 ? below(random, DYN_MAX_NUMBER_DIGITS + 1) : below(random, 6);
	for (int i = 0; i < number->count; i++)
		number->digits[i] = below(random, 10);
	if (number->count > 0)
	{
		number->digits[0] = 1 + below(random, 9);
		number->digits[number->count - 1] = 1 + below(random, 9);
		number->negative = below(random, 2);
		number->exponent = below(random, 3) == 0 ? below(random, 256) - 130 : below(random, 12) - 4;
	}
	return dyn_value_number(number);
}

static DynValue
random_binary(pg_prng_state *random)
{
	int			len = below(random, 12);
	char	   *bytes = palloc(len + 1);

	for (int i = 0; i < len; i++)
		bytes[i] = below(random, 256);
	return dyn_value_binary((DynStr) {bytes, len});
}

static DynValue
random_scalar(pg_prng_state *random, DynType type)
{
	switch (type)
	{
		case DYN_TYPE_S:
			return dyn_value_string(random_text(random, false));
		case DYN_TYPE_N:
			return random_number(random);
		case DYN_TYPE_B:
			return random_binary(random);
		case DYN_TYPE_BOOL:
			return dyn_value_boolean(below(random, 2));
		default:
			return dyn_value_null();
	}
}

static DynValue
random_value(pg_prng_state *random, int depth)
{
	DynType		type = below(random, DYN_TYPE_BS + 1);
	DynValue	list = dyn_value_list();
	int			count = below(random, 30) == 0 ? below(random, 100) : below(random, 4);

	/* one value in a few goes deep, with one child on each level */
	if (depth > 2 && type != DYN_TYPE_L && type != DYN_TYPE_M && below(random, 4) > 0)
		type = below(random, 2) ? DYN_TYPE_L : DYN_TYPE_M;
	if (depth >= 31 && (type == DYN_TYPE_L || type == DYN_TYPE_M))
		type = DYN_TYPE_S;
	if (depth > 2)
		count = 1;
	switch (type)
	{
		case DYN_TYPE_L:
			for (int i = 0; i < count; i++)
				dyn_value_list_append(&list, random_value(random, depth + 1));
			return list;
		case DYN_TYPE_M:
			return (DynValue) {.type = DYN_TYPE_M, .map = random_map(random, depth + 1)};
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			for (int i = 0; i <= count; i++)
				dyn_value_list_append(&list, random_scalar(random, dyn_value_element_type(type)));
			list.type = type;
			dyn_value_set_normalize(&list);
			return list;
		default:
			return random_scalar(random, type);
	}
}

static DynItem *
random_map(pg_prng_state *random, int depth)
{
	int			count = depth > 2 ? below(random, 2) : below(random, 50) == 0 ? below(random, 80) : below(random, 6);
	DynItem    *map = dyn_item_make(count);

	for (int i = 0; i < count; i++)
		dyn_item_append(map, random_text(random, true), random_value(random, depth));
	dyn_item_sort(map);
	return map;
}

Datum
dynamo_test_random_item(PG_FUNCTION_ARGS)
{
	pg_prng_state random;
	StringInfoData out;

	pg_prng_seed(&random, PG_GETARG_INT64(0));
	initStringInfo(&out);
	dyn_item_json_write(&out, random_map(&random, 0));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

Datum
dynamo_test_mutate(PG_FUNCTION_ARGS)
{
	bytea	   *document = PG_GETARG_BYTEA_PP(0);
	static const char *const pieces[] = {"\"",
										 "{",
										 "}",
										 "[",
										 "]",
										 ",",
										 ":",
										 "\\",
										 "\\u0001",
										 "\\u0000",
										 "\\ud800",
										 "null",
										 "1e999",
										 "-",
										 "0",
										 "\x01",
										 "\xff",
										 "{\"M\":{\"$M\":{\"S\":\"x\"}}}",
										 "{\"N\":\"1e-140\"}",
										 "\"SS\"",
										 "\"B\"",
										 "true"};
	pg_prng_state random;
	StringInfoData out;

	pg_prng_seed(&random, PG_GETARG_INT64(1));
	initStringInfo(&out);
	appendBinaryStringInfo(&out, VARDATA_ANY(document), VARSIZE_ANY_EXHDR(document));
	for (int changes = 1 + below(&random, 3); changes > 0 && out.len > 0; changes--)
	{
		int			at = below(&random, out.len);
		int			some = 1 + below(&random, 8);
		int			len = Min(some, out.len - at);
		const char *piece = pieces[below(&random, lengthof(pieces))];
		StringInfoData changed;

		initStringInfo(&changed);
		appendBinaryStringInfo(&changed, out.data, at);
		switch (below(&random, 5))
		{
			case 0:				/* another byte */
				appendStringInfoChar(&changed, below(&random, 256));
				len = 1;
				break;
			case 1:				/* drop */
				break;
			case 2:				/* double */
				appendBinaryStringInfo(&changed, out.data + at, len);
				len = 0;
				break;
			case 3:				/* insert */
				appendStringInfoString(&changed, piece);
				len = 0;
				break;
			default:			/* replace */
				appendStringInfoString(&changed, piece);
				break;
		}
		appendBinaryStringInfo(&changed, out.data + at + len, out.len - at - len);
		out = changed;
	}
	PG_RETURN_BYTEA_P((bytea *) cstring_to_text_with_len(out.data, out.len));
}

typedef enum Step
{
	STEP_PARSE,
	STEP_READ,
	STEP_SIZE,
	STEP_WRITE_JSONB,
	STEP_READ_JSONB,
	STEP_WRITE_JSON,
	STEP_JSONB_TO_JSON,
	STEP_COUNT
} Step;

typedef struct Work
{
	const char *text;
	int			len;
	const DynJson *json;
	DynItem    *item;
	Jsonb	   *jsonb;
} Work;

static void
run_step(Step step, Work *work)
{
	StringInfoData out;

	switch (step)
	{
		case STEP_PARSE:
			work->json = dyn_json_parse(work->text, work->len, false);
			break;
		case STEP_READ:
			work->item = dyn_item_json_read(work->json);
			break;
		case STEP_SIZE:
			dyn_item_size(work->item);
			break;
		case STEP_WRITE_JSONB:
			work->jsonb = dyn_item_jsonb_build(work->item);
			break;
		case STEP_READ_JSONB:
			dyn_item_jsonb_read(work->jsonb);
			break;
		case STEP_WRITE_JSON:
			initStringInfo(&out);
			dyn_item_json_write(&out, work->item);
			break;
		default:
			initStringInfo(&out);
			dyn_item_jsonb_write_json(&out, work->jsonb);
			break;
	}
}

Datum
dynamo_test_item_time(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"parse JSON", "read item",  "size",         "write jsonb",
										"read jsonb", "write JSON", "jsonb to JSON"};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *document = PG_GETARG_TEXT_PP(0);
	Work		work = {VARDATA_ANY(document), VARSIZE_ANY_EXHDR(document)};
	int			rounds = Max(PG_GETARG_INT32(1), 1);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "item time", ALLOCSET_DEFAULT_SIZES);

	InitMaterializedSRF(fcinfo, 0);
	for (Step step = 0; step < STEP_COUNT; step++)
	{
		Datum		values[2];
		bool		nulls[2] = {false, false};
		instr_time	start;
		instr_time	end;

		INSTR_TIME_SET_CURRENT(start);
		for (int i = 0; i < rounds; i++)
		{
			Work		copy = work;
			MemoryContext saved = MemoryContextSwitchTo(scratch);

			run_step(step, &copy);
			MemoryContextSwitchTo(saved);
			MemoryContextReset(scratch);
		}
		INSTR_TIME_SET_CURRENT(end);
		INSTR_TIME_SUBTRACT(end, start);
		run_step(step, &work);
		values[0] = CStringGetTextDatum(names[step]);
		values[1] = Float8GetDatum(INSTR_TIME_GET_DOUBLE(end) * 1e9 / rounds);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
