/*-------------------------------------------------------------------------
 *
 * sessions.c
 *	  The client sessions of this instance: listing and ending them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <time.h>

#include "postmaster/postmaster.h"
#include "storage/procarray.h"
#include "utils/backend_status.h"

#include "compat.h"
#include "guc.h"
#include "sessions.h"

/* An IPv4-mapped IPv6 address becomes IPv4; anything but IP gets family 0. */
static void
address_of(const SockAddr *sockaddr, WdAddress *address)
{
	static const uint8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	memset(address, 0, sizeof(*address));
	if (sockaddr->addr.ss_family == AF_INET)
	{
		const struct sockaddr_in *in =
			(const struct sockaddr_in *) &sockaddr->addr;

		address->family = 4;
		memcpy(address->bytes, &in->sin_addr, 4);
	}
	else if (sockaddr->addr.ss_family == AF_INET6)
	{
		const struct sockaddr_in6 *in6 =
			(const struct sockaddr_in6 *) &sockaddr->addr;
		const uint8 *bytes = (const uint8 *) &in6->sin6_addr;

		if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
		{
			address->family = 4;
			memcpy(address->bytes, bytes + 12, 4);
		}
		else
		{
			address->family = 6;
			memcpy(address->bytes, bytes, 16);
		}
	}
}

static int
compare_pids(const void *a, const void *b)
{
	int left = ((const WdSession *) a)->pid;
	int right = ((const WdSession *) b)->pid;

	return (left > right) - (left < right);
}

/*
 * The client backends and walsenders as they are now, sorted by pid, in
 * palloc'd memory.  A session appears when its authentication has succeeded
 * (before 18) or begins (18).
 */
WdSessionList
wd_sessions_read(void)
{
	WdSessionList list = {NULL, 0};
	WdSession	 *sessions;
	int			  entries;

	/* Without this the list of an earlier call would be returned. */
	pgstat_clear_backend_activity_snapshot();
	entries = pgstat_fetch_stat_numbackends();
	sessions = palloc0(sizeof(WdSession) * Max(entries, 1));
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
		session->walsender = status->st_backendType == B_WAL_SENDER;
		address_of(&status->st_clientaddr, &session->address);
		list.count++;
	}
	pgstat_clear_backend_activity_snapshot();
	qsort(sessions, list.count, sizeof(WdSession), compare_pids);
	list.sessions = sessions;
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
