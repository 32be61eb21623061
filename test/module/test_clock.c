/*
 * dynamo_test.clock(): moves the extension's own clock, not this module's copy of it.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(dynamo_test_clock);

Datum
dynamo_test_clock(PG_FUNCTION_ARGS)
{
	void		(*set) (TimestampTz time) = (void (*) (TimestampTz)) load_external_function("$libdir/dynamo", "dyn_clock_set", true, NULL);

	set(PG_ARGISNULL(0) ? 0 : PG_GETARG_TIMESTAMPTZ(0));
	PG_RETURN_VOID();
}
