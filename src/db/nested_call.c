/*
 * Runs a step in a subtransaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "base/error.h"
#include "db/nested_call.h"

ErrorData *
dyn_nested_call_run(DynNestedStep step, void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		step(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
			PG_RE_THROW();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return error;
}

bool
dyn_nested_call_is_conflict(const ErrorData *error)
{
	const char *message;

	return dyn_error_from_data(error, &message)->code == DYN_ERR_TRANSACTION_CONFLICT;
}
