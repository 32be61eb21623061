/*
 * What happens when the library is loaded: settings, hooks, the launcher's registration.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "base/guc.h"
#include "base/shmem.h"
#include "feature/stream/stream.h"
#include "worker/extension_watch.h"
#include "worker/launcher.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	dyn_guc_define();
	dyn_stream_init();
	if (!process_shared_preload_libraries_in_progress)
		return;					/* the SQL functions work without the rest */
	dyn_shmem_install();
	dyn_extension_watch_install();
	dyn_launcher_register();
}
