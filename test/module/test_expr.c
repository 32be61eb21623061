/*
 * Expressions, called from SQL: what the endpoint does with them, without tables and requests around them.
 *
 * Names, values and items are DynamoDB JSON.  Nothing is strict: a NULL map is an absent parameter, a NULL item is
 * none.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/error.h"
#include "expr/condition.h"
#include "expr/key_condition.h"
#include "expr/projection.h"
#include "expr/reserved_word.h"
#include "expr/update_apply.h"
#include "item/item_json.h"
#include "json/json_write.h"

PG_FUNCTION_INFO_V1(dynamo_test_condition);
PG_FUNCTION_INFO_V1(dynamo_test_update);
PG_FUNCTION_INFO_V1(dynamo_test_update_charge);
PG_FUNCTION_INFO_V1(dynamo_test_update_create);
PG_FUNCTION_INFO_V1(dynamo_test_update_touched);
PG_FUNCTION_INFO_V1(dynamo_test_projection);
PG_FUNCTION_INFO_V1(dynamo_test_key_condition);
PG_FUNCTION_INFO_V1(dynamo_test_key_matches);
PG_FUNCTION_INFO_V1(dynamo_test_bind);
PG_FUNCTION_INFO_V1(dynamo_test_reserved_word);

static DynStr
get_text(FunctionCallInfo fcinfo, int n)
{
	return dyn_text_from_cstring(text_to_cstring(PG_GETARG_TEXT_PP(n)));
}

static const DynJson *
get_object(FunctionCallInfo fcinfo, int n)
{
	DynStr		text;
	const DynJson *json;

	if (PG_ARGISNULL(n))
		return NULL;
	text = get_text(fcinfo, n);
	json = dyn_json_parse(text.data, text.len, false);
	if (!dyn_json_is_object(json))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("argument %d is not a JSON object", n + 1)));
	return json;
}

static DynItem *
get_item(FunctionCallInfo fcinfo, int n)
{
	const DynJson *json = get_object(fcinfo, n);

	return json == NULL ? NULL : dyn_item_json_read(json);
}

static DynBindings *
get_bindings(FunctionCallInfo fcinfo, int names_at, int values_at)
{
	DynBindings *bindings = dyn_expr_bind_make();
	const DynJson *names = get_object(fcinfo, names_at);
	const DynJson *values = values_at < 0 ? NULL : get_object(fcinfo, values_at);

	bindings->has_names = names != NULL;
	bindings->has_values = values != NULL;
	if (names != NULL)
		for (const DynJson *child = dyn_json_first(names); child != NULL; child = dyn_json_next(child))
			dyn_expr_bind_add_name(bindings, dyn_json_name(child), dyn_json_string(child));
	if (values != NULL)
		for (const DynJson *child = dyn_json_first(values); child != NULL; child = dyn_json_next(child))
			dyn_expr_bind_add_value(bindings, dyn_json_name(child), dyn_item_json_read_value(child));
	return bindings;
}

static Datum
item_datum(const DynItem *item)
{
	StringInfoData out;

	initStringInfo(&out);
	dyn_item_json_write(&out, item);
	return PointerGetDatum(cstring_to_text_with_len(out.data, out.len));
}

/* expression, names, values, item, parameter */
Datum
dynamo_test_condition(PG_FUNCTION_ARGS)
{
	DynBindings *bindings = get_bindings(fcinfo, 1, 2);
	const char *parameter = text_to_cstring(PG_GETARG_TEXT_PP(4));
	DynCondition *condition = dyn_condition_parse(get_text(fcinfo, 0), parameter, bindings);

	dyn_expr_bind_check(bindings, true);
	PG_RETURN_BOOL(dyn_condition_evaluate(condition, get_item(fcinfo, 3)));
}

static DynUpdate *
get_update(FunctionCallInfo fcinfo)
{
	DynBindings *bindings = get_bindings(fcinfo, 1, 2);
	DynUpdate  *update = dyn_update_parse(get_text(fcinfo, 0), bindings);

	dyn_expr_bind_check(bindings, true);
	return update;
}

/* The old item must come out unchanged. */
static void
check_untouched(FunctionCallInfo fcinfo, const DynItem *item)
{
	if (!dyn_item_equal(item, get_item(fcinfo, 3)))
		elog(ERROR, "the update changed the old item");
}

/* expression, names, values, item */
Datum
dynamo_test_update(PG_FUNCTION_ARGS)
{
	DynUpdate  *update = get_update(fcinfo);
	DynItem    *old = get_item(fcinfo, 3);
	DynItem    *new = dyn_update_apply_run(update, old);

	check_untouched(fcinfo, old);
	return item_datum(new);
}

/* expression, names, values */
Datum
dynamo_test_update_charge(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(dyn_update_charge(get_update(fcinfo)));
}

Datum
dynamo_test_update_create(PG_FUNCTION_ARGS)
{
	DynUpdate  *update = get_update(fcinfo);

	return item_datum(dyn_update_apply_create(update, get_item(fcinfo, 3)));
}

Datum
dynamo_test_update_touched(PG_FUNCTION_ARGS)
{
	DynUpdate  *update = get_update(fcinfo);
	DynItem    *touched = dyn_update_apply_touched(update, get_item(fcinfo, 3));

	if (touched == NULL)
		PG_RETURN_NULL();
	return item_datum(touched);
}

/* expression, names, item */
Datum
dynamo_test_projection(PG_FUNCTION_ARGS)
{
	DynBindings *bindings = get_bindings(fcinfo, 1, -1);
	DynProjection *projection = dyn_projection_parse(get_text(fcinfo, 0), bindings);

	dyn_expr_bind_check(bindings, true);
	return item_datum(dyn_projection_apply(projection, get_item(fcinfo, 2)));
}

static int
read_parts(ArrayType *array, bool is_hash, DynKeyPart *parts)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	if (count > DYN_MAX_INDEX_KEY_PARTS)
		elog(ERROR, "too many key parts");
	for (int i = 0; i < count; i++)
	{
		char	   *part = TextDatumGetCString(elements[i]);
		char	   *colon = strrchr(part, ':');

		if (colon == NULL || !dyn_value_type_from_name(dyn_text_from_cstring(colon + 1), &parts[i].type))
			elog(ERROR, "a key part is written name:type");
		parts[i].name = (DynStr) {part, (int) (colon - part)};
		parts[i].is_hash = is_hash;
		parts[i].column = -1;
	}
	return count;
}

/* expression, names, values, hash parts, range parts */
static void
get_range(FunctionCallInfo fcinfo, DynKeySchema *schema, DynKeyRange *range)
{
	DynBindings *bindings = get_bindings(fcinfo, 1, 2);
	DynCondition *condition = dyn_key_condition_parse(get_text(fcinfo, 0), bindings);

	dyn_expr_bind_check(bindings, true);
	memset(schema, 0, sizeof(*schema));
	schema->hash_count = read_parts(PG_GETARG_ARRAYTYPE_P(3), true, schema->parts);
	schema->range_count = read_parts(PG_GETARG_ARRAYTYPE_P(4), false, schema->parts + schema->hash_count);
	dyn_key_condition_check(condition);
	dyn_key_condition_fit(condition, schema, false, range);
}

static void
write_bound(StringInfo out, const char *name, bool present, const DynValue *value)
{
	if (!present)
		return;
	dyn_json_write_member(out, name);
	dyn_item_json_write_value(out, value);
}

Datum
dynamo_test_key_condition(PG_FUNCTION_ARGS)
{
	DynKeySchema schema;
	DynKeyRange range;
	StringInfoData out;

	get_range(fcinfo, &schema, &range);
	initStringInfo(&out);
	dyn_json_write_object_start(&out);
	dyn_json_write_member(&out, "hash");
	dyn_json_write_array_start(&out);
	for (int i = 0; i < range.hash.count; i++)
		dyn_item_json_write_value(&out, &range.hash.values[i]);
	dyn_json_write_array_end(&out);
	dyn_json_write_member(&out, "equal");
	dyn_json_write_array_start(&out);
	for (int i = 0; i < range.equal_count; i++)
		dyn_item_json_write_value(&out, &range.equal[i]);
	dyn_json_write_array_end(&out);
	write_bound(&out, range.lower_inclusive ? ">=" : ">", range.has_lower, &range.lower);
	write_bound(&out, range.upper_inclusive ? "<=" : "<", range.has_upper, &range.upper);
	write_bound(&out, "prefix", range.has_prefix, &range.prefix);
	dyn_json_write_object_end(&out);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* ... and an item */
Datum
dynamo_test_key_matches(PG_FUNCTION_ARGS)
{
	DynKeySchema schema;
	DynKeyRange range;
	DynKey		key;

	get_range(fcinfo, &schema, &range);
	if (!dyn_key_from_item(&schema, get_item(fcinfo, 5), &key))
		elog(ERROR, "the item has no such key");
	PG_RETURN_BOOL(dyn_key_condition_matches(&range, &key, &schema));
}

/* names, values, what to look up, whether there is an expression: the number of look-ups that found something */
Datum
dynamo_test_bind(PG_FUNCTION_ARGS)
{
	DynBindings *bindings = get_bindings(fcinfo, 0, 1);
	int			found = 0;
	Datum	   *elements;
	int			count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		DynStr		key = dyn_text_from_cstring(TextDatumGetCString(elements[i]));

		if (key.data[0] == '#')
			found += dyn_expr_bind_name(bindings, key) != NULL;
		else
			found += dyn_expr_bind_value(bindings, key) != NULL;
	}
	dyn_expr_bind_check(bindings, PG_GETARG_BOOL(3));
	PG_RETURN_INT32(found);
}

Datum
dynamo_test_reserved_word(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dyn_reserved_word_is(get_text(fcinfo, 0)));
}
