/*-------------------------------------------------------------------------
 *
 * shmem.h
 *	  The one shared memory segment of the extension.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_SHMEM_H
#define WATCHDOG_SHMEM_H

#include "storage/latch.h"
#include "storage/lwlock.h"

#include "termination.h"

/* All fields but lock are guarded by lock. */
typedef struct WdShared
{
	LWLock *lock;
	Latch  *terminator_latch; /* NULL while it does not run */
	uint32	failures;		  /* of the watchdog, since it last ran well */
	uint32	row_count;		  /* peer rows in use */
	uint32	row_capacity;
} WdShared;

/* NULL without shared_preload_libraries */
extern WdShared *wd_shared;

extern void			  wd_shmem_install(void);
extern uint8		 *wd_shared_rows(void);
extern WdTermination *wd_shared_termination(void);

#endif /* WATCHDOG_SHMEM_H */
