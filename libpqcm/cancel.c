/*-------------------------------------------------------------------------
 *
 * cancel.c
 *	  Cancel requests to an instance that a conmgr watches.
 *
 * libpq sets no time limit to PQcancel(): a host that is gone holds the
 * program for as long as the kernel tries to connect, about two minutes.  If
 * conmgr's notice is there, we know better and do not try.  If it is not, the
 * host may be gone all the same; so a connection of our own, which says
 * nothing, goes first, and waits for the notice too.
 *
 * The cancel object of a watched connection is ours: a slot in the handles'
 * range with libpq's own object behind it, and the sockets as they were when
 * the object was made.  It needs nothing else of the connection, so it may
 * outlive it; then the sockets are others', or none, and libpq decides alone.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "export.h"
#include "real.h"
#include "watcher.h"

#define GONE		"conmgr says that the instance is gone\n"
#define UNREACHABLE "the instance's host does not answer\n"
#define PREFIX		"PQcancel() -- "

/* In the place of a PGcancel, or of a PGcancelConn. */
typedef struct CmCancel
{
	void   *real; /* must be first: the forwarders read it */
	CmWatch target;
	CmWatch none;	 /* for the watcher: that of an unwatched handle */
	bool	refused; /* by us; only for a PGcancelConn */
} CmCancel;

_Static_assert(offsetof(CmCancel, none) == offsetof(CmHandle, watch) &&
				   sizeof(CmCancel) <= sizeof(CmHandle),
			   "it takes the place of a handle");

/* NULL: it is libpq's own, or freed. */
static CmCancel *
ours(const void *cancel)
{
	CmCancel *own = (CmCancel *) cm_handle(cancel);

	return own != NULL && own->real != NULL ? own : NULL;
}

/* What the application gets for libpq's object. */
static void *
wrap(PGconn *conn, void *real)
{
	CmHandle *handle = cm_handle(conn);
	CmCancel *cancel;

	if (handle == NULL || handle->watch.conmgr_fd < 0 || real == NULL)
		return real;
	cancel = (CmCancel *) cm_handle_allocate();
	/* Without memory, it is libpq's. */
	if (cancel == NULL)
		return real;
	cancel->real = real;
	cancel->target = handle->watch;
	/* A new handle has its generation there. */
	cancel->refused = false;
	return cancel;
}

/* Waits for the connection, or the notice; the socket's error, or 0. */
static int
await_connection(int fd, const CmWatch *target)
{
	struct pollfd fds[] = {{.fd = fd, .events = POLLOUT},
						   {.fd = target->conmgr_fd, .events = POLLIN}};
	int			  error = 0;
	socklen_t	  length = sizeof(error);

	do
	{
		if (poll(fds, 2, -1) < 0)
		{
			if (errno != EINTR)
				return 0;
			continue;
		}
		if (fds[1].revents != 0 && cm_notice_at(target))
			return 0;
		/* The number is another's now. */
		if (fds[1].revents != 0)
			fds[1].fd = -1;
	} while (fds[0].revents == 0);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
	return error;
}

/*
 * NULL, or PQcancel()'s error: there is no use in a request.  Waits until the
 * host has answered, until it is known to be gone, or until the kernel gives
 * up.
 */
static const char *
futile(const CmWatch *target)
{
	struct sockaddr_storage address;
	socklen_t				length = sizeof(address);
	/* Before the look: whoever has cut it since has seen the notice. */
	bool known = cm_watch_peer(target, &address, &length);
	int	 error = 0;
	int	 fd;

	if (cm_notice_at(target))
		return PREFIX GONE;
	if (!known)
		return NULL;
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				0);
	if (fd < 0)
		return NULL;
	if (connect(fd, (struct sockaddr *) &address, length) != 0)
		error = errno == EINPROGRESS ? await_connection(fd, target) : errno;
	close(fd);
	if (cm_notice_at(target))
		return PREFIX GONE;
	/* Any other is here at once, and libpq tells it best. */
	return error == ETIMEDOUT ? PREFIX UNREACHABLE : NULL;
}

CM_EXPORT PGcancel *
PQgetCancel(PGconn *conn)
{
	return wrap(conn, cm_real.PQgetCancel(cm_unwrap(conn)));
}

CM_EXPORT void
PQfreeCancel(PGcancel *cancel)
{
	CmCancel *own = ours(cancel);

	cm_real.PQfreeCancel((PGcancel *) cm_unwrap((PGconn *) cancel));
	if (own != NULL)
		cm_handle_free((CmHandle *) own);
}

/* For signal handlers too: system calls and memory alone, no lock. */
CM_EXPORT int
PQcancel(PGcancel *cancel, char *errbuf, int errbufsize)
{
	CmCancel   *own = ours(cancel);
	int			before = errno;
	const char *reason = own != NULL ? futile(&own->target) : NULL;

	errno = before;
	if (reason == NULL)
		return cm_real.PQcancel((PGcancel *) cm_unwrap((PGconn *) cancel),
								errbuf, errbufsize);
	if (errbufsize > 0)
	{
		size_t length = strlen(reason);

		if (length >= (size_t) errbufsize)
			length = (size_t) errbufsize - 1;
		memcpy(errbuf, reason, length);
		errbuf[length] = '\0';
	}
	return 0;
}

CM_EXPORT int
PQrequestCancel(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->watch.conmgr_fd < 0 ||
		futile(&handle->watch) == NULL || !cm_watch_look(handle))
		return cm_real.PQrequestCancel(cm_unwrap(conn));
	/* The connection is cut now: libpq sees that, and has the error's text. */
	(void) cm_real.PQconsumeInput(handle->real);
	return 0;
}

/*-------------------------------------------------------------------------
 * The functions of 17, by their names: the headers at hand may be older, and
 * behind an older libpq nobody can call them.  PQcancelBlocking() keeps to
 * connect_timeout; where there is none, it waits like PQcancel().
 *-------------------------------------------------------------------------
 */

typedef struct pg_cancel_conn PGcancelConn;

extern PGcancelConn				*PQcancelCreate(PGconn *conn);
extern int						 PQcancelBlocking(PGcancelConn *cancel);
extern int						 PQcancelStart(PGcancelConn *cancel);
extern PostgresPollingStatusType PQcancelPoll(PGcancelConn *cancel);
extern ConnStatusType			 PQcancelStatus(const PGcancelConn *cancel);
extern char *PQcancelErrorMessage(const PGcancelConn *cancel);
extern void	 PQcancelReset(PGcancelConn *cancel);
extern void	 PQcancelFinish(PGcancelConn *cancel);

#define REAL(function) ((__typeof__(&(function))) cm_real_function(#function))
#define UNWRAP(cancel) ((PGcancelConn *) cm_unwrap((PGconn *) (cancel)))

/* Whether this request is not made, or not waited for any longer. */
static bool
is_refused(PGcancelConn *cancel)
{
	CmCancel *own = ours(cancel);

	if (own != NULL && !own->refused)
		own->refused = cm_notice_at(&own->target);
	return own != NULL && own->refused;
}

CM_EXPORT PGcancelConn *
PQcancelCreate(PGconn *conn)
{
	return wrap(conn, REAL(PQcancelCreate)(cm_unwrap(conn)));
}

CM_EXPORT int
PQcancelBlocking(PGcancelConn *cancel)
{
	return is_refused(cancel) ? 0 : REAL(PQcancelBlocking)(UNWRAP(cancel));
}

CM_EXPORT int
PQcancelStart(PGcancelConn *cancel)
{
	return is_refused(cancel) ? 0 : REAL(PQcancelStart)(UNWRAP(cancel));
}

CM_EXPORT PostgresPollingStatusType
PQcancelPoll(PGcancelConn *cancel)
{
	return is_refused(cancel) ? PGRES_POLLING_FAILED
							  : REAL(PQcancelPoll)(UNWRAP(cancel));
}

CM_EXPORT ConnStatusType
PQcancelStatus(const PGcancelConn *cancel)
{
	const CmCancel *own = ours(cancel);

	return own != NULL && own->refused ? CONNECTION_BAD
									   : REAL(PQcancelStatus)(UNWRAP(cancel));
}

CM_EXPORT char *
PQcancelErrorMessage(const PGcancelConn *cancel)
{
	static char		message[] = GONE;
	const CmCancel *own = ours(cancel);

	return own != NULL && own->refused
			   ? message
			   : REAL(PQcancelErrorMessage)(UNWRAP(cancel));
}

CM_EXPORT void
PQcancelReset(PGcancelConn *cancel)
{
	CmCancel *own = ours(cancel);

	if (own != NULL)
		own->refused = false;
	REAL(PQcancelReset)(UNWRAP(cancel));
}

CM_EXPORT void
PQcancelFinish(PGcancelConn *cancel)
{
	CmCancel *own = ours(cancel);

	REAL(PQcancelFinish)(UNWRAP(cancel));
	if (own != NULL)
		cm_handle_free((CmHandle *) own);
}
