/*
 * dynamo_test.setting(): a dynamo.* setting that only a reload could change, for this session.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_FUNCTION_INFO_V1(dynamo_test_setting);

Datum
dynamo_test_setting(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	if (strncmp(name, "dynamo.", strlen("dynamo.")) != 0)
		elog(ERROR, "\"%s\" is no setting of the extension", name);
	SetConfigOption(name, text_to_cstring(PG_GETARG_TEXT_PP(1)), PGC_SIGHUP, PGC_S_OVERRIDE);
	PG_RETURN_VOID();
}
