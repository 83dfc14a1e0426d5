/*-------------------------------------------------------------------------
 *
 * cancel.c
 *	  Cancel requests to an instance that a conmgr watches.
 *
 * libpq sets no time limit to PQcancel(): a host that is gone holds the
 * program for as long as the kernel tries to connect, about two minutes.  If
 * conmgr's notice is there, we know better and do not try.
 *
 * The cancel object of a watched connection is ours: a slot in the handles'
 * range with libpq's own object behind it, and conmgr's socket as it was when
 * the object was made.  It needs nothing else of the connection, so it may
 * outlive it; then the socket is another's, or none, and libpq decides alone.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "export.h"
#include "real.h"
#include "watcher.h"

#define GONE "conmgr says that the instance is gone\n"

/* In the place of a PGcancel, or of a PGcancelConn. */
typedef struct CmCancel
{
	void *real; /* must be first: the forwarders read it */
	ino_t conmgr_ino;
	int	  conmgr_fd;
	bool  refused; /* by us; only for a PGcancelConn */
} CmCancel;

_Static_assert(sizeof(CmCancel) <= offsetof(CmHandle, watch),
			   "for the watcher, the slot is that of an unwatched handle");

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
	*cancel = (CmCancel){real, handle->watch.conmgr_ino,
						 handle->watch.conmgr_fd, false};
	return cancel;
}

static bool
is_gone(const CmCancel *cancel)
{
	return cm_notice_at(cancel->conmgr_fd, cancel->conmgr_ino);
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
	static const char message[] = "PQcancel() -- " GONE;
	CmCancel		 *own = ours(cancel);
	int				  before = errno;
	bool			  gone = own != NULL && is_gone(own);
	size_t			  length = sizeof(message) - 1;

	errno = before;
	if (!gone)
		return cm_real.PQcancel((PGcancel *) cm_unwrap((PGconn *) cancel),
								errbuf, errbufsize);
	if (errbufsize > 0)
	{
		if (length >= (size_t) errbufsize)
			length = (size_t) errbufsize - 1;
		memcpy(errbuf, message, length);
		errbuf[length] = '\0';
	}
	return 0;
}

CM_EXPORT int
PQrequestCancel(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->watch.conmgr_fd < 0 || !cm_watch_look(handle))
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
		own->refused = is_gone(own);
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
