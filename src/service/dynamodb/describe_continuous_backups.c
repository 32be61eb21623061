/*
 * DescribeContinuousBackups: whether a table can be restored to a point in time.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "request/table_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_describe_continuous_backups(DynCall *call)
{
	char	   *name = dyn_table_params_name(call->body);
	const DynTable *table = dyn_table_cache_find_damaged(name, AccessShareLock);

	if (table == NULL)
		dyn_error(DYN_ERR_TABLE_NOT_FOUND, DYN_MSG_BACKUP_TABLE_NOT_FOUND, name);
	dyn_access_check(call, table, DYN_ACCESS_READ);
	dyn_table_reply_continuous_backups(call->reply);
}
