/*
 * UpdateContinuousBackups: point-in-time recovery is off and stays off.
 *
 * To switch it on is refused as an error of the request.  AWS's ContinuousBackupsUnavailableException would say the
 * same, but whoever gets it (Terraform, for twenty minutes) tries again.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "request/table_params.h"
#include "response/table_reply.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_update_continuous_backups(DynCall *call)
{
	const DynJson *specification = dyn_json_get(call->body, "PointInTimeRecoverySpecification");
	bool		enable = dyn_json_get_boolean(specification, "PointInTimeRecoveryEnabled", false);
	char	   *name = dyn_table_params_name(call->body);
	const DynTable *table;

	if (!enable && dyn_json_get(specification, "RecoveryPeriodInDays") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RECOVERY_PERIOD_WITHOUT_RECOVERY);
	table = dyn_table_cache_find_damaged(name, AccessShareLock);
	if (table == NULL)
		dyn_error(DYN_ERR_TABLE_NOT_FOUND, DYN_MSG_BACKUP_TABLE_NOT_FOUND, name);
	dyn_access_check(call, table, DYN_ACCESS_OWN);
	if (enable)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RECOVERY_UNSUPPORTED);
	dyn_table_reply_continuous_backups(call->reply);
}
