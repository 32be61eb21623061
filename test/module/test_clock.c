/*
 * dynamo_test.clock() moves the extension's own clock, and dynamo_test.leave_prefix() its words around errors: not this
 * module's copies of them.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(dynamo_test_clock);
PG_FUNCTION_INFO_V1(dynamo_test_leave_prefix);

Datum
dynamo_test_clock(PG_FUNCTION_ARGS)
{
	void (*set)(TimestampTz time) =
		(void (*)(TimestampTz)) load_external_function("$libdir/dynamo", "dyn_clock_set", true, NULL);

	set(PG_ARGISNULL(0) ? 0 : PG_GETARG_TIMESTAMPTZ(0));
	PG_RETURN_VOID();
}

Datum
dynamo_test_leave_prefix(PG_FUNCTION_ARGS)
{
	void		(*wrap) (const char *before, const char *after) =
		(void (*) (const char *, const char *)) load_external_function("$libdir/dynamo", "dyn_error_wrap", true, NULL);

	wrap("LEFT BEHIND: ", "");
	PG_RETURN_VOID();
}
