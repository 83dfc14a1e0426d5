/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between PostgreSQL 14 and 19, in one place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_COMPAT_H
#define WATCHDOG_COMPAT_H

#include "access/xlog.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/guc.h"

#if PG_VERSION_NUM >= 150000
#include "access/xlogrecovery.h"
#else
#include "postmaster/autovacuum.h"
#include "replication/walsender.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "storage/waiteventset.h"
#endif

#if PG_VERSION_NUM < 140000
#error "watchdog needs PostgreSQL 14 or later"
#endif

/* 15 renamed what happens to unknown parameters of our prefix. */
#if PG_VERSION_NUM >= 150000
#define wd_reserve_guc_prefix(prefix) MarkGUCPrefixReserved(prefix)
#else
#define wd_reserve_guc_prefix(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

/* 16 tells backend ids and indexes into the status array apart. */
#if PG_VERSION_NUM >= 160000
#define wd_backend_status_by_index(i) pgstat_get_local_beentry_by_index(i)
#else
#define wd_backend_status_by_index(i) pgstat_fetch_stat_local_beentry(i)
#endif

/* 17 gives wait event sets to resource owners; NULL means process life. */
#if PG_VERSION_NUM >= 170000
#define wd_create_wait_event_set(n) CreateWaitEventSet(NULL, (n))
#else
#define wd_create_wait_event_set(n) CreateWaitEventSet(TopMemoryContext, (n))
#endif

/* 19 has a level for each type of process. */
#if PG_VERSION_NUM >= 190000
#define wd_log_min_messages (log_min_messages[MyBackendType])
#else
#define wd_log_min_messages log_min_messages
#endif

/* Where the "extra" of a parameter's check hook lives: 16 gave it a context. */
#if PG_VERSION_NUM >= 160000
#define wd_guc_malloc(size) guc_malloc(LOG, (size))
#else
#define wd_guc_malloc(size) malloc(size)
#endif

/*
 * MaxBackends as shared memory is requested.  14 asks while the libraries are
 * loaded, before it has computed that number.
 */
static inline int
wd_max_backends(void)
{
#if PG_VERSION_NUM >= 150000
	return MaxBackends;
#else
	return MaxConnections + autovacuum_max_workers + 1 + max_worker_processes +
		   max_wal_senders;
#endif
}

/* Locks that this process took without the lock table; 18 has more slots. */
static inline int64
wd_fast_path_lock_count(const PGPROC *proc)
{
#if PG_VERSION_NUM >= 180000
	int64 count = 0;

	for (int i = 0; i < FastPathLockGroupsPerBackend; i++)
		count += pg_popcount64(proc->fpLockBits[i]);
	return count;
#else
	return pg_popcount64(proc->fpLockBits);
#endif
}

/* Its locks in this partition of the lock table, whose lock must be held. */
static inline int64
wd_partition_lock_count(PGPROC *proc, int partition)
{
	int64 count = 0;

#if PG_VERSION_NUM >= 160000
	dlist_iter iter;

	dlist_foreach(iter, &proc->myProcLocks[partition]) count += pg_popcount32(
		(uint32) dlist_container(PROCLOCK, procLink, iter.cur)->holdMask);
#else
	SHM_QUEUE *head = &proc->myProcLocks[partition];
	PROCLOCK  *proclock =
		(PROCLOCK *) SHMQueueNext(head, head, offsetof(PROCLOCK, procLink));

	while (proclock != NULL)
	{
		count += pg_popcount32((uint32) proclock->holdMask);
		proclock = (PROCLOCK *) SHMQueueNext(head, &proclock->procLink,
											 offsetof(PROCLOCK, procLink));
	}
#endif
	return count;
}

/* Flushed position and timeline of a primary; call only out of recovery. */
static inline XLogRecPtr
wd_flush_position(TimeLineID *timeline)
{
#if PG_VERSION_NUM >= 150000
	return GetFlushRecPtr(timeline);
#else
	*timeline = ThisTimeLineID;
	return GetFlushRecPtr();
#endif
}

#endif /* WATCHDOG_COMPAT_H */
