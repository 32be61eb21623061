/*
 * TableDescription.
 */
#ifndef DYN_TABLE_REPLY_H
#define DYN_TABLE_REPLY_H

#include "meta/table_meta.h"

typedef enum DynTableReply
{
	DYN_TABLE_REPLY_CREATE,		/* statuses CREATING, no counts yet */
	DYN_TABLE_REPLY_DESCRIBE,
	DYN_TABLE_REPLY_UPDATE,		/* status UPDATING */
	DYN_TABLE_REPLY_DELETE		/* status DELETING */
} DynTableReply;

extern void dyn_table_reply_write(StringInfo out, const DynTable *table, DynTableReply kind);

#endif
