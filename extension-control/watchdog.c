/*-------------------------------------------------------------------------
 *
 * watchdog.c
 *	  Application hosts and this instance watch each other by heartbeats:
 *	  what happens when the library is loaded.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "postmaster/bgworker.h"

#include "compat.h"
#include "guc.h"
#include "shmem.h"
#include "terminator.h"
#include "watchdog_worker.h"

#define LIBRARY_NAME	"watchdog"
#define RESTART_SECONDS 1

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

/* The name is also the type, which pg_stat_activity shows. */
static void
register_worker(const char *name, const char *function)
{
	BackgroundWorker entry = {0};

	entry.bgw_flags =
		BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	entry.bgw_start_time = BgWorkerStart_ConsistentState;
	entry.bgw_restart_time = RESTART_SECONDS;
	snprintf(entry.bgw_name, sizeof(entry.bgw_name), "%s", name);
	snprintf(entry.bgw_type, sizeof(entry.bgw_type), "%s", name);
	snprintf(entry.bgw_library_name, sizeof(entry.bgw_library_name), "%s",
			 LIBRARY_NAME);
	snprintf(entry.bgw_function_name, sizeof(entry.bgw_function_name), "%s",
			 function);
	RegisterBackgroundWorker(&entry);
}

/*
 * Loaded by a session, and not with the server, the library does nothing but
 * offer its functions, which then say what is missing.
 */
void
_PG_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	wd_guc_define();
	wd_shmem_install();
	if (IsBinaryUpgrade)
		return;
	register_worker("watchdog", "watchdog_worker_main");
	register_worker("terminator", "terminator_main");
}
