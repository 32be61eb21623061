/*
 * Converters between natural JSON, as items are stored, and DynamoDB JSON.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "base/error.h"
#include "base/message.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_jsonb_build.h"
#include "item/item_size.h"
#include "request/error_layer.h"

PG_FUNCTION_INFO_V1(dynamo_to_dynamodb_json);
PG_FUNCTION_INFO_V1(dynamo_from_dynamodb_json);
PG_FUNCTION_INFO_V1(dynamo_item_size);

static const DynErrorLayer no_operation = {NULL, false, DYN_PHASE_TABLE};

/* {"a": 1} -> {"a": {"N": "1"}} */
Datum
dynamo_to_dynamodb_json(PG_FUNCTION_ARGS)
{
	DynItem    *item;
	StringInfoData out;

	/* an error of another kind, such as a cancel, leaves the words of the request that it ended */
	(void) dyn_error_layer_begin(no_operation);
	item = dyn_item_jsonb_read(PG_GETARG_JSONB_P(0));
	initStringInfo(&out);
	dyn_item_json_write(&out, item);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(dyn_json_stored_text(out.data, out.len))));
}

/* {"a": {"N": "1"}} -> {"a": 1} */
Datum
dynamo_from_dynamodb_json(PG_FUNCTION_ARGS)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);
	char	   *text = JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
	DynJson    *json = dyn_json_parse(text, strlen(text), true);

	(void) dyn_error_layer_begin(no_operation);
	if (!dyn_json_is_object(json))
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_SQL_ITEM_NO_OBJECT);
	PG_RETURN_JSONB_P(dyn_item_jsonb_build(dyn_item_json_read(json)));
}

/* DynamoDB's size of an item, in bytes. */
Datum
dynamo_item_size(PG_FUNCTION_ARGS)
{
	(void) dyn_error_layer_begin(no_operation);
	PG_RETURN_INT64(dyn_item_size(dyn_item_jsonb_read(PG_GETARG_JSONB_P(0))));
}
