/*
 * dynamo.expire_items(table_name): deletes expired items now.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "base/clock.h"
#include "base/compat.h"
#include "base/error.h"
#include "base/message.h"
#include "catalog/table_cache.h"
#include "store/row_expire.h"

PG_FUNCTION_INFO_V1(dynamo_expire_items);

#define BATCH 1000

/* All of them, in the caller's transaction. */
Datum
dynamo_expire_items(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const DynTable *table = dyn_table_cache_find(name, RowExclusiveLock);
	int64		now = dyn_clock_epoch_seconds();
	int64		total = 0;
	int			deleted;

	dyn_error_bare();
	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_TABLE_NOT_FOUND, dyn_text_printable(dyn_text_from_cstring(name)));
	/* triggers run as the owner, but with the search path of the caller, who would choose what they call */
	if (!DYN_CLASS_OWNERCHECK(table->relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, table->rel_name);
	if (table->ttl_attribute.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TTL_DISABLED_ALREADY);
	if (!table->ttl_ready)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the index for TimeToLive of table \"%s\" is still being built", name),
				 errhint("See dynamo.index_progress.")));
	do
	{
		CHECK_FOR_INTERRUPTS();
		deleted = dyn_row_expire_batch(table, now, BATCH);
		total += deleted;
	} while (deleted > 0);
	PG_RETURN_INT64(total);
}
