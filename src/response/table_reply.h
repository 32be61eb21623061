/*
 * TableDescription.
 */
#ifndef DYN_TABLE_REPLY_H
#define DYN_TABLE_REPLY_H

#include "catalog/table_cache.h"

typedef enum DynTableReply
{
	DYN_TABLE_REPLY_CREATE,		/* statuses CREATING, no counts yet */
	DYN_TABLE_REPLY_DESCRIBE,
	DYN_TABLE_REPLY_UPDATE,		/* status UPDATING */
	DYN_TABLE_REPLY_DELETE		/* status DELETING */
} DynTableReply;

extern void dyn_table_reply_write(StringInfo out, const DynTable *table, DynTableReply kind);
/* The same with the states of what AWS changes in the background without saying UPDATING of the table. */
extern void dyn_table_reply_write_changing(StringInfo out, const DynTable *table, DynTableReply kind,
										   const char *warm_status, const char *sse_status);

/* ContinuousBackupsDescription, as long as there is no recovery to a point in time. */
extern void dyn_table_reply_continuous_backups(StringInfo out);

#endif
