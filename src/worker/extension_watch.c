/*
 * Notices CREATE and DROP of extensions and databases, and wakes our processes when they commit.
 *
 * Every backend has the hook, since any of them may run CREATE EXTENSION.  The workers therefore need not poll: an
 * endpoint opens within milliseconds of the commit and closes as quickly.  The hook sees neither what a standby
 * replays nor the renaming of a database; because of those, the processes look again every few seconds.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_database.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"

#include "base/shmem.h"
#include "worker/extension_watch.h"

static object_access_hook_type previous_hook = NULL;
static bool callback_registered = false;
static bool changed_in_transaction = false;

static bool generation_seen = false;
static uint32 last_generation = 0;

static void note_object(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg);
static void end_of_transaction(XactEvent event, void *arg);

void
dyn_extension_watch_install(void)
{
	previous_hook = object_access_hook;
	object_access_hook = note_object;
}

bool
dyn_extension_watch_exists(void)
{
	return OidIsValid(get_extension_oid("dynamo", true));
}

bool
dyn_extension_watch_changed(void)
{
	uint32		generation = pg_atomic_read_u32(&dyn_shmem->extension_generation);
	bool		changed = !generation_seen || generation != last_generation;

	generation_seen = true;
	last_generation = generation;
	return changed;
}

static void
note_object(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg)
{
	if (previous_hook)
		previous_hook(access, class_id, object_id, sub_id, arg);
	if ((access != OAT_POST_CREATE && access != OAT_DROP) ||
		(class_id != ExtensionRelationId && class_id != DatabaseRelationId))
		return;
	if (!callback_registered)
	{
		RegisterXactCallback(end_of_transaction, NULL);
		callback_registered = true;
	}
	changed_in_transaction = true;
}

static void
end_of_transaction(XactEvent event, void *arg)
{
	if (!changed_in_transaction ||
		(event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE))
		return;
	changed_in_transaction = false;
	if (event == XACT_EVENT_ABORT || dyn_shmem == NULL)
		return;
	pg_atomic_fetch_add_u32(&dyn_shmem->extension_generation, 1);
	dyn_shmem_wake_all();
}
