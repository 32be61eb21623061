/*
 * SQL-callable wrappers around base/text, json/ and item/.  Items and values come and go as DynamoDB JSON, paths and
 * keys as JSON arrays; what AWS would refuse is the same error here.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "base/error.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "item/item_size.h"
#include "item/key.h"
#include "item/path.h"
#include "json/json_write.h"

PG_MODULE_MAGIC;

#define FUNCTION(name) \
	PG_FUNCTION_INFO_V1(dynamo_test_##name); \
	Datum dynamo_test_##name(PG_FUNCTION_ARGS)

/* text and bytea arguments are counted bytes alike */
static DynStr
bytes_argument(FunctionCallInfo fcinfo, int n)
{
	struct varlena *datum = PG_DETOAST_DATUM(PG_GETARG_DATUM(n));

	return (DynStr) {VARDATA_ANY(datum), VARSIZE_ANY_EXHDR(datum)};
}

static Datum
bytes_result(DynStr bytes)
{
	return PointerGetDatum(cstring_to_text_with_len(bytes.data, bytes.len));
}

static Datum
json_result(StringInfo json)
{
	return bytes_result((DynStr) {json->data, json->len});
}

static const DynJson *
json_argument(FunctionCallInfo fcinfo, int n)
{
	DynStr		text = bytes_argument(fcinfo, n);
	const DynJson *json = dyn_json_parse(text.data, text.len, false);

	if (json == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION), errmsg("argument %d is no JSON", n + 1)));
	return json;
}

static DynItem *
item_argument(FunctionCallInfo fcinfo, int n)
{
	return dyn_item_json_read(json_argument(fcinfo, n));
}

static DynValue
value_argument(FunctionCallInfo fcinfo, int n)
{
	return dyn_item_json_read_value(json_argument(fcinfo, n));
}

static Datum
item_result(const DynItem *item)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_item_json_write(&out, item);
	return json_result(&out);
}

static Datum
value_result(const DynValue *value)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_item_json_write_value(&out, value);
	return json_result(&out);
}

static DynNumber
number_argument(FunctionCallInfo fcinfo, int n)
{
	DynStr		text = bytes_argument(fcinfo, n);
	DynNumber	number;

	dyn_number_check(dyn_number_parse(text, &number), text);
	return number;
}

static DynPath
path_argument(FunctionCallInfo fcinfo, int n)
{
	const DynJson *json = json_argument(fcinfo, n);
	DynPath		path = {0, palloc0(dyn_json_count(json) * sizeof(DynPathStep))};

	for (const DynJson *step = dyn_json_first(json); step != NULL; step = dyn_json_next(step))
	{
		DynPathStep *to = &path.steps[path.count++];

		to->is_index = !dyn_json_is_string(step);
		if (to->is_index)
			to->index = dyn_json_integer(step);
		else
			to->name = dyn_json_string(step);
	}
	return path;
}

static DynKey
key_argument(FunctionCallInfo fcinfo, int n)
{
	DynKey		key = {0};

	for (const DynJson *part = dyn_json_first(json_argument(fcinfo, n)); part != NULL; part = dyn_json_next(part))
	{
		if (key.count == lengthof(key.values))
			elog(ERROR, "too many key parts");
		key.values[key.count++] = dyn_item_json_read_value(part);
	}
	return key;
}

static int
sign_of(int order)
{
	return (order > 0) - (order < 0);
}

FUNCTION(text_to_stored)
{
	return bytes_result(dyn_text_to_stored(bytes_argument(fcinfo, 0)));
}

FUNCTION(text_from_stored)
{
	return bytes_result(dyn_text_from_stored(bytes_argument(fcinfo, 0)));
}

FUNCTION(text_printable)
{
	PG_RETURN_TEXT_P(cstring_to_text(dyn_text_printable(bytes_argument(fcinfo, 0))));
}

FUNCTION(text_is_utf8)
{
	PG_RETURN_BOOL(dyn_text_is_utf8(bytes_argument(fcinfo, 0)));
}

FUNCTION(base64_encode)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_text_append_base64(&out, bytes_argument(fcinfo, 0));
	return json_result(&out);
}

FUNCTION(base64_decode)
{
	DynStr		bytes;

	if (!dyn_text_decode_base64(bytes_argument(fcinfo, 0), &bytes))
		PG_RETURN_NULL();
	return bytes_result(bytes);
}

FUNCTION(json_roundtrip)
{
	DynStr		text = bytes_argument(fcinfo, 0);
	const DynJson *json = dyn_json_parse(text.data, text.len, PG_GETARG_BOOL(1));
	StringInfoData out;

	if (json == NULL)
		PG_RETURN_NULL();
	initStringInfo(&out);
	dyn_json_append(&out, json);
	return json_result(&out);
}

FUNCTION(json_get)
{
	const DynJson *member = dyn_json_get_str(json_argument(fcinfo, 0), bytes_argument(fcinfo, 1));
	StringInfoData out;

	if (member == NULL)
		PG_RETURN_NULL();
	initStringInfo(&out);
	dyn_json_append(&out, member);
	return json_result(&out);
}

FUNCTION(json_integer)
{
	PG_RETURN_INT64(dyn_json_integer(json_argument(fcinfo, 0)));
}

FUNCTION(json_stored_text)
{
	DynStr		text = bytes_argument(fcinfo, 0);

	PG_RETURN_TEXT_P(cstring_to_text(dyn_json_stored_text(dyn_text_to_cstring(text), text.len)));
}

FUNCTION(json_write_double)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_json_write_double(&out, PG_GETARG_FLOAT8(0));
	return json_result(&out);
}

FUNCTION(json_write_string)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_json_write_string(&out, bytes_argument(fcinfo, 0));
	return json_result(&out);
}

FUNCTION(number_canonical)
{
	DynNumber	number = number_argument(fcinfo, 0);

	return bytes_result(dyn_number_text(&number));
}

FUNCTION(number_add)
{
	DynNumber	a = number_argument(fcinfo, 0);
	DynNumber	b = number_argument(fcinfo, 1);
	DynNumber	sum;

	dyn_number_check(dyn_number_add(&a, &b, &sum), DYN_STR(""));
	return bytes_result(dyn_number_text(&sum));
}

FUNCTION(number_subtract)
{
	DynNumber	a = number_argument(fcinfo, 0);
	DynNumber	b = number_argument(fcinfo, 1);
	DynNumber	difference;

	dyn_number_check(dyn_number_subtract(&a, &b, &difference), DYN_STR(""));
	return bytes_result(dyn_number_text(&difference));
}

FUNCTION(number_compare)
{
	DynNumber	a = number_argument(fcinfo, 0);
	DynNumber	b = number_argument(fcinfo, 1);

	PG_RETURN_INT32(sign_of(dyn_number_compare(&a, &b)));
}

FUNCTION(number_size)
{
	DynNumber	number = number_argument(fcinfo, 0);

	PG_RETURN_INT32(dyn_number_size(&number));
}

FUNCTION(number_to_numeric)
{
	DynNumber	number = number_argument(fcinfo, 0);

	return dyn_number_to_numeric(&number);
}

FUNCTION(number_from_numeric)
{
	DynNumber	number;

	if (!dyn_number_from_numeric(PG_GETARG_DATUM(0), &number))
		PG_RETURN_NULL();
	return bytes_result(dyn_number_text(&number));
}

FUNCTION(value_equal)
{
	DynValue	a = value_argument(fcinfo, 0);
	DynValue	b = value_argument(fcinfo, 1);

	PG_RETURN_BOOL(dyn_value_equal(&a, &b));
}

FUNCTION(value_depth)
{
	DynValue	value = value_argument(fcinfo, 0);

	PG_RETURN_INT32(dyn_value_depth(&value));
}

FUNCTION(value_size)
{
	DynValue	value = value_argument(fcinfo, 0);

	PG_RETURN_INT64(dyn_item_size_value(&value));
}

FUNCTION(value_to_stored)
{
	DynValue	value = value_argument(fcinfo, 0);

	PG_RETURN_JSONB_P(dyn_item_jsonb_build_value(&value));
}

FUNCTION(value_from_stored)
{
	DynValue	value = dyn_item_jsonb_read_value(PG_GETARG_JSONB_P(0));

	return value_result(&value);
}

FUNCTION(set_union)
{
	DynValue	a = value_argument(fcinfo, 0);
	DynValue	b = value_argument(fcinfo, 1);
	DynValue	result = dyn_value_set_union(&a, &b);

	return value_result(&result);
}

FUNCTION(set_difference)
{
	DynValue	a = value_argument(fcinfo, 0);
	DynValue	b = value_argument(fcinfo, 1);
	DynValue	result = dyn_value_set_difference(&a, &b);

	return value_result(&result);
}

FUNCTION(set_contains)
{
	DynValue	set = value_argument(fcinfo, 0);
	DynValue	element = value_argument(fcinfo, 1);

	PG_RETURN_BOOL(dyn_value_set_contains(&set, &element));
}

/* Written from a copy, so that copying is tested wherever items are. */
FUNCTION(item_json)
{
	return item_result(dyn_item_copy(item_argument(fcinfo, 0)));
}

FUNCTION(item_to_stored)
{
	PG_RETURN_JSONB_P(dyn_item_jsonb_build(item_argument(fcinfo, 0)));
}

FUNCTION(item_from_stored)
{
	return item_result(dyn_item_jsonb_read(PG_GETARG_JSONB_P(0)));
}

FUNCTION(item_print_stored)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_item_jsonb_write_json(&out, PG_GETARG_JSONB_P(0));
	return json_result(&out);
}

FUNCTION(item_normal)
{
	PG_RETURN_JSONB_P(dyn_item_jsonb_build(dyn_item_jsonb_read(PG_GETARG_JSONB_P(0))));
}

FUNCTION(item_stored_get)
{
	DynValue	value;

	if (!dyn_item_jsonb_get(PG_GETARG_JSONB_P(0), bytes_argument(fcinfo, 1), &value))
		PG_RETURN_NULL();
	return value_result(&value);
}

FUNCTION(item_equal)
{
	PG_RETURN_BOOL(dyn_item_equal(item_argument(fcinfo, 0), item_argument(fcinfo, 1)));
}

FUNCTION(item_size)
{
	PG_RETURN_INT64(dyn_item_size(item_argument(fcinfo, 0)));
}

FUNCTION(item_size_checked)
{
	PG_RETURN_INT32(dyn_item_size_checked(item_argument(fcinfo, 0)));
}

FUNCTION(read_units)
{
	PG_RETURN_FLOAT8(dyn_item_size_read_units(PG_GETARG_INT64(0), PG_GETARG_BOOL(1)));
}

FUNCTION(write_units)
{
	PG_RETURN_FLOAT8(dyn_item_size_write_units(PG_GETARG_INT64(0)));
}

FUNCTION(jsonb_bytes)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);

	return bytes_result((DynStr) {VARDATA(jsonb), VARSIZE(jsonb) - VARHDRSZ});
}

FUNCTION(path_get)
{
	DynPath		path = path_argument(fcinfo, 1);
	const DynValue *value = dyn_path_get(item_argument(fcinfo, 0), &path);

	if (value == NULL)
		PG_RETURN_NULL();
	return value_result(value);
}

FUNCTION(path_set)
{
	DynItem    *item = dyn_item_copy(item_argument(fcinfo, 0));
	DynPath		path = path_argument(fcinfo, 1);

	if (!dyn_path_set(item, &path, value_argument(fcinfo, 2)))
		PG_RETURN_NULL();
	return item_result(item);
}

FUNCTION(path_remove)
{
	DynItem    *item = dyn_item_copy(item_argument(fcinfo, 0));
	DynPath		path = path_argument(fcinfo, 1);

	if (!dyn_path_remove(item, &path))
		PG_RETURN_NULL();
	return item_result(item);
}

FUNCTION(path_text)
{
	DynPath		path = path_argument(fcinfo, 0);

	PG_RETURN_TEXT_P(cstring_to_text(dyn_path_text(&path)));
}

FUNCTION(path_steps_text)
{
	DynPath		path = path_argument(fcinfo, 0);

	PG_RETURN_TEXT_P(cstring_to_text(dyn_path_steps_text(&path)));
}

FUNCTION(path_equal)
{
	DynPath		a = path_argument(fcinfo, 0);
	DynPath		b = path_argument(fcinfo, 1);

	PG_RETURN_BOOL(dyn_path_equal(&a, &b));
}

FUNCTION(path_is_prefix)
{
	DynPath		a = path_argument(fcinfo, 0);
	DynPath		b = path_argument(fcinfo, 1);

	PG_RETURN_BOOL(dyn_path_is_prefix(&a, &b));
}

FUNCTION(key_encode)
{
	DynKey		key = key_argument(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	dyn_key_append_encoded(&out, &key);
	return json_result(&out);
}

FUNCTION(key_compare)
{
	DynKey		a = key_argument(fcinfo, 0);
	DynKey		b = key_argument(fcinfo, 1);

	PG_RETURN_INT32(sign_of(dyn_key_compare(&a, &b)));
}

FUNCTION(key_hash_column)
{
	DynValue	value = value_argument(fcinfo, 0);

	return bytes_result(dyn_key_hash_column(&value));
}

FUNCTION(key_from_item)
{
	const DynKeySchema schema = {
		.hash_count = 1,
		.range_count = 1,
		.parts = {{DYN_STR("h"), DYN_TYPE_S, true, 0}, {DYN_STR("r"), DYN_TYPE_N, false, 1}},
	};
	DynItem    *result = dyn_item_make(0);
	DynKey		key;

	if (!dyn_key_from_item(&schema, item_argument(fcinfo, 0), &key))
		PG_RETURN_NULL();
	dyn_key_to_item(&schema, &key, result);
	return item_result(result);
}
