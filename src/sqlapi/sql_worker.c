/*
 * dynamo.run_worker(name): one step of a chore, now and in the caller's transaction, for tests and operators.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "worker/work_list.h"

PG_FUNCTION_INFO_V1(dynamo_run_worker);

Datum
dynamo_run_worker(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const DynWork *chore = dyn_work_list_find(name, DYN_WORK_CHORE);

	if (chore == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no worker \"%s\"", name)));
	PG_RETURN_BOOL(chore->step());
}
