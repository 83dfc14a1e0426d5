/*-------------------------------------------------------------------------
 *
 * shmem.c
 *	  The one shared memory segment of the extension (docs/adr/0003).
 *
 * Layout: WdShared, the peer rows exactly as Java wrote them, the state of
 * the terminations.  It survives the end of either worker, and is made anew
 * when the instance is crash-restarted: its sessions are gone then too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "storage/ipc.h"
#include "storage/shmem.h"

#include "compat.h"
#include "guc.h"
#include "shmem.h"
#include "tick.h"

#define SEGMENT_NAME "watchdog"

/* Cases beyond one per peer: for hosts that die within one another's minute. */
#define SPARE_CASES 64

WdShared *wd_shared = NULL;

static shmem_startup_hook_type previous_startup_hook = NULL;
#if PG_VERSION_NUM >= 150000
static shmem_request_hook_type previous_request_hook = NULL;
#endif

static uint32
case_capacity(void)
{
	return (uint32) wd_max_heartbeat_connections + SPARE_CASES;
}

static Size
rows_offset(void)
{
	return MAXALIGN(sizeof(WdShared));
}

static Size
termination_offset(void)
{
	return add_size(rows_offset(),
					MAXALIGN(mul_size(wd_max_heartbeat_connections,
									  WD_PEER_ROW_BYTES)));
}

static Size
segment_size(void)
{
	return add_size(termination_offset(),
					wd_termination_size(case_capacity(),
										(uint32) wd_max_backends()));
}

/* The peer rows; hold the lock. */
uint8 *
wd_shared_rows(void)
{
	return (uint8 *) wd_shared + rows_offset();
}

/* The judgements and their victims; hold the lock. */
WdTermination *
wd_shared_termination(void)
{
	return (WdTermination *) ((char *) wd_shared + termination_offset());
}

static void
request_memory(void)
{
#if PG_VERSION_NUM >= 150000
	if (previous_request_hook)
		previous_request_hook();
#endif
	RequestAddinShmemSpace(segment_size());
	RequestNamedLWLockTranche(SEGMENT_NAME, 1);
}

static void
start_memory(void)
{
	bool found;

	if (previous_startup_hook)
		previous_startup_hook();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	wd_shared = ShmemInitStruct(SEGMENT_NAME, segment_size(), &found);
	if (!found)
	{
		memset(wd_shared, 0, termination_offset());
		wd_shared->lock = &(GetNamedLWLockTranche(SEGMENT_NAME))->lock;
		wd_shared->row_capacity = (uint32) wd_max_heartbeat_connections;
		wd_termination_init(wd_shared_termination(), case_capacity(),
							(uint32) wd_max_backends());
	}
	LWLockRelease(AddinShmemInitLock);
}

/* Asks for the segment; only while shared_preload_libraries are loaded. */
void
wd_shmem_install(void)
{
#if PG_VERSION_NUM >= 150000
	previous_request_hook = shmem_request_hook;
	shmem_request_hook = request_memory;
#else
	request_memory();
#endif
	previous_startup_hook = shmem_startup_hook;
	shmem_startup_hook = start_memory;
}
