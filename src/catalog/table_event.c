/*
 * What happens to a table, told to the features that must follow.
 */
#include "postgres.h"

#include "catalog/table_event.h"

#define MOST_FOLLOWERS 16

static const DynTableFollower *followers[MOST_FOLLOWERS];
static int	follower_count = 0;

void
dyn_table_event_follow(const DynTableFollower *follower)
{
	if (follower_count == MOST_FOLLOWERS)
		elog(ERROR, "too many features follow tables");
	followers[follower_count++] = follower;
}

void
dyn_table_event_changing(const DynTable *old, DynTable *changed)
{
	for (int i = 0; i < follower_count; i++)
		if (followers[i]->changing != NULL)
			followers[i]->changing(old, changed);
}

void
dyn_table_event_changed(const DynTable *old, const DynTable *changed)
{
	for (int i = 0; i < follower_count; i++)
		if (followers[i]->changed != NULL)
			followers[i]->changed(old, changed);
}

void
dyn_table_event_renamed(int64 table_id, const char *new_name)
{
	for (int i = 0; i < follower_count; i++)
		if (followers[i]->renamed != NULL)
			followers[i]->renamed(table_id, new_name);
}

void
dyn_table_event_dropping(int64 table_id, Oid owner)
{
	for (int i = 0; i < follower_count; i++)
		if (followers[i]->dropping != NULL)
			followers[i]->dropping(table_id, owner);
}

void
dyn_table_event_dropped(void)
{
	for (int i = 0; i < follower_count; i++)
		if (followers[i]->dropped != NULL)
			followers[i]->dropped();
}
