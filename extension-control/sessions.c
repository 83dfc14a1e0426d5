/*-------------------------------------------------------------------------
 *
 * sessions.c
 *	  The client sessions of this instance: listing and ending them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <signal.h>
#include <time.h>

#include "postmaster/postmaster.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/backend_status.h"

#include "compat.h"
#include "guc.h"
#include "sessions.h"

/* Between two attempts to look into the lock table */
#define LOCK_STEP_US 100

static int
compare_pids(const void *a, const void *b)
{
	int left = ((const WdSession *) a)->pid;
	int right = ((const WdSession *) b)->pid;

	return (left > right) - (left < right);
}

/*
 * The client backends and walsenders, sorted by pid, in palloc'd memory: as
 * they were when this transaction first looked at the backends' states.  A
 * session appears when its authentication has succeeded (before 18) or begins
 * (18).
 */
WdSessionList
wd_sessions_of_snapshot(void)
{
	WdSessionList list = {NULL, 0};
	int			  entries = pgstat_fetch_stat_numbackends();
	WdSession	 *sessions = palloc0(sizeof(WdSession) * Max(entries, 1));

	for (int i = 1; i <= entries; i++)
	{
		const LocalPgBackendStatus *local = wd_backend_status_by_index(i);
		const PgBackendStatus	   *status;
		WdSession				   *session = &sessions[list.count];

		if (local == NULL)
			continue;
		status = &local->backendStatus;
		if (status->st_procpid <= 0 || (status->st_backendType != B_BACKEND &&
										status->st_backendType != B_WAL_SENDER))
			continue;
		session->pid = status->st_procpid;
		session->start_us = status->st_proc_start_timestamp;
		session->xact_start_us = status->st_xact_start_timestamp;
		session->walsender = status->st_backendType == B_WAL_SENDER;
		wd_address_of((const struct sockaddr *) &status->st_clientaddr.addr,
					  &session->address);
		list.count++;
	}
	qsort(sessions, list.count, sizeof(WdSession), compare_pids);
	list.sessions = sessions;
	return list;
}

/* The same as they are now. */
WdSessionList
wd_sessions_read(void)
{
	WdSessionList list;

	/* Without this the list of an earlier call would be returned. */
	pgstat_clear_backend_activity_snapshot();
	list = wd_sessions_of_snapshot();
	pgstat_clear_backend_activity_snapshot();
	return list;
}

void
wd_sessions_free(WdSessionList list)
{
	pfree((void *) list.sessions);
}

/*
 * Sends SIGTERM to a session as pg_terminate_backend() does, but for the
 * checks of a caller's privileges: there is no caller.  False if it is gone.
 */
bool
wd_session_signal(const WdSession *session)
{
	if (BackendPidGetProc(session->pid) == NULL)
		return false;
#ifdef HAVE_SETSID
	if (kill(-session->pid, SIGTERM) == 0)
		return true;
#else
	if (kill(session->pid, SIGTERM) == 0)
		return true;
#endif
	if (errno != ESRCH)
		ereport(WARNING, (errmsg("could not send signal to process %d: %m",
								 session->pid)));
	return false;
}

/* Waits for a lock of the lock table, but not for ever. */
static bool
acquire_shared_until(LWLock *lock, int64 limit_us)
{
	while (!LWLockConditionalAcquire(lock, LW_SHARED))
	{
		if (wd_monotonic_us() >= limit_us)
			return false;
		pg_usleep(LOCK_STEP_US);
	}
	return true;
}

/*
 * How many locks a session holds, as pg_locks counts them; WD_LOCKS_UNKNOWN
 * if the lock table was not to be had before the limit (monotonic).  Walks
 * the session's own lists only, one partition of the table at a time.
 */
int64
wd_session_locks(const WdSession *session, int64 limit_us)
{
	PGPROC *proc = BackendPidGetProc(session->pid);
	int64	count;

	if (proc == NULL)
		return 0;
	/* Read without their lock: others may look at the same moment. */
	count = wd_fast_path_lock_count(proc) + (proc->fpVXIDLock ? 1 : 0);
	for (int i = 0; i < NUM_LOCK_PARTITIONS; i++)
	{
		LWLock *partition = LockHashPartitionLockByIndex(i);

		if (!acquire_shared_until(partition, limit_us))
			return WD_LOCKS_UNKNOWN;
		count += wd_partition_lock_count(proc, i);
		LWLockRelease(partition);
	}
	return count;
}

/* Writes the address into text, which has WD_ADDRESS_TEXT bytes. */
void
wd_address_text(const WdAddress *address, char *text)
{
	if (inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes,
				  text, WD_ADDRESS_TEXT) == NULL)
		snprintf(text, WD_ADDRESS_TEXT, "?");
}

/* The settings as they are now. */
void
wd_read_policy(WdPolicy *policy)
{
	policy->mode = (WdTerminateMode) wd_terminate;
	policy->walsenders = wd_terminate_walsenders;
	policy->authentication_timeout_us =
		(int64) AuthenticationTimeout * USECS_PER_SEC;
}

/* A clock that nobody sets, the same in every process of this host. */
int64
wd_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * USECS_PER_SEC + now.tv_nsec / 1000;
}
