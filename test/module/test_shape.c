/*
 * SQL-callable wrappers around request/shape.c: a body is checked without running its operation.
 */
#include "postgres.h"

#include "fmgr.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"

#include "base/compat.h"
#include "request/shape.h"

static const DynShape *find_input(const char *operation);
static const DynJson *parse_body(const text *body);

PG_FUNCTION_INFO_V1(dynamo_test_shape_check);
PG_FUNCTION_INFO_V1(dynamo_test_shape_nanoseconds);

/* True, or the error that the endpoint would answer with. */
Datum
dynamo_test_shape_check(PG_FUNCTION_ARGS)
{
	const DynShape *shape = find_input(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	dyn_shape_check(shape, parse_body(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_BOOL(true);
}

/* The time of one check of a good body, over the given number of them. */
Datum
dynamo_test_shape_nanoseconds(PG_FUNCTION_ARGS)
{
	const DynShape *shape = find_input(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	const DynJson *body = parse_body(PG_GETARG_TEXT_PP(1));
	int			times = PG_GETARG_INT32(2);
	instr_time	start;
	instr_time	end;

	INSTR_TIME_SET_CURRENT(start);
	for (int i = 0; i < times; i++)
		dyn_shape_check(shape, body);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	PG_RETURN_FLOAT8(INSTR_TIME_GET_DOUBLE(end) * 1e9 / times);
}

static const DynShape *
find_input(const char *operation)
{
	const DynModel *models[] = {&dyn_model_dynamodb, &dyn_model_streams};

	for (int m = 0; m < lengthof(models); m++)
		for (int i = 0; i < models[m]->operation_count; i++)
			if (strcmp(models[m]->operations[i].name, operation) == 0)
				return models[m]->operations[i].input;
	elog(ERROR, "the service model has no operation %s", operation);
}

static const DynJson *
parse_body(const text *body)
{
	const DynJson *json = dyn_json_parse(VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body), false);

	if (json == NULL)
		elog(ERROR, "the body is no JSON");
	return json;
}
