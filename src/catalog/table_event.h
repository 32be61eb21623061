/*
 * What happens to a table, told to the features that must follow.
 *
 * Control goes down: the catalogue knows no feature.  A feature registers once, when the library is loaded, and is then
 * called in the transaction that makes the change.
 */
#ifndef DYN_TABLE_EVENT_H
#define DYN_TABLE_EVENT_H

#include "catalog/table.h"

typedef struct DynTableFollower
{
	/* Before the row of the catalogue is written: fills in what the feature decides.  old NULL: the table is new. */
	void		(*changing) (const DynTable *old, DynTable *changed);
	/* After that.  The table is locked so that nobody writes, wherever StreamViewType changes. */
	void		(*changed) (const DynTable *old, const DynTable *changed);
	/* The table, which is locked against everybody, has another name. */
	void		(*renamed) (int64 table_id, const char *new_name);
	/*
	 * Before DeleteTable drops it, or when DROP TABLE in SQL has done so.  owner owned it last; InvalidOid: nobody knows
	 * who.
	 */
	void		(*dropping) (int64 table_id, Oid owner);
	/* Tables have left the catalogue, by DeleteTable or by DROP TABLE in SQL.  Inside a scope of the extension's owner. */
	void		(*dropped) (void);
} DynTableFollower;

/* follower lives for ever; what it does not care for is NULL. */
extern void dyn_table_event_follow(const DynTableFollower *follower);

extern void dyn_table_event_changing(const DynTable *old, DynTable *changed);
extern void dyn_table_event_changed(const DynTable *old, const DynTable *changed);
extern void dyn_table_event_renamed(int64 table_id, const char *new_name);
extern void dyn_table_event_dropping(int64 table_id, Oid owner);
extern void dyn_table_event_dropped(void);

#endif
