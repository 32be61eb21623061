/*
 * One call of one operation, from either door (the endpoint or SQL), passed to every layer above.
 */
#ifndef DYN_CALL_H
#define DYN_CALL_H

#include "lib/stringinfo.h"

struct cJSON;
struct DynOperation;

typedef struct DynCall
{
	const struct DynOperation *operation;
	const char *operation_name; /* AWS's, for layers that do not see operation's type; dyn_service_run sets it */
	const struct cJSON *body;	/* the request, a DynJson; NULL members are absent */
	StringInfo	reply;			/* the response's JSON, written as the operation goes */
	MemoryContext context;		/* lives until the response has left; outlives the transaction */
	Oid			role;			/* who asks: current_user in SQL, the access key's role at the endpoint */
	const char *caller_name;	/* for AccessDeniedException's text: a role name */
	const char *host;			/* the endpoint's address as the client wrote it, NULL: unknown */
	bool		from_sql;		/* true: inside the session's transaction, which this call must not end */

	/*
	 * Members to add to the error's body after its message, e.g. "\"Item\":{...}"; NULL when there are none.  Allocated
	 * in context, because the transaction's memory is gone when the error is written.
	 */
	StringInfo	error_members;
} DynCall;

#endif
