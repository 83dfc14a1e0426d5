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

#define GONE "PQcancel() -- conmgr says that the instance is gone\n"

typedef struct CmCancel
{
	PGcancel *real; /* must be first: the forwarders read it */
	ino_t	  conmgr_ino;
	int		  conmgr_fd;
} CmCancel;

_Static_assert(sizeof(CmCancel) <= offsetof(CmHandle, watch),
			   "for the watcher, the slot is that of an unwatched handle");

/* NULL: it is libpq's own. */
static CmCancel *
ours(const PGcancel *cancel)
{
	return (CmCancel *) cm_handle((const PGconn *) cancel);
}

CM_EXPORT PGcancel *
PQgetCancel(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);
	PGcancel *real = cm_real.PQgetCancel(cm_unwrap(conn));
	CmCancel *cancel;

	if (handle == NULL || handle->watch.conmgr_fd < 0 || real == NULL)
		return real;
	cancel = (CmCancel *) cm_handle_allocate();
	/* Without memory, it is libpq's. */
	if (cancel == NULL)
		return real;
	*cancel =
		(CmCancel){real, handle->watch.conmgr_ino, handle->watch.conmgr_fd};
	return (PGcancel *) cancel;
}

CM_EXPORT void
PQfreeCancel(PGcancel *cancel)
{
	CmCancel *own = ours(cancel);

	cm_real.PQfreeCancel(own != NULL ? own->real : cancel);
	if (own != NULL && own->real != NULL)
		cm_handle_free((CmHandle *) own);
}

/* For signal handlers too: system calls and memory alone, no lock. */
CM_EXPORT int
PQcancel(PGcancel *cancel, char *errbuf, int errbufsize)
{
	CmCancel *own = ours(cancel);
	int		  before = errno;
	bool	  gone;

	if (own == NULL)
		return cm_real.PQcancel(cancel, errbuf, errbufsize);
	gone = own->real != NULL && cm_notice_at(own->conmgr_fd, own->conmgr_ino);
	errno = before;
	if (!gone)
		return cm_real.PQcancel(own->real, errbuf, errbufsize);
	if (errbufsize > 0)
	{
		size_t length = strlen(GONE);

		if (length >= (size_t) errbufsize)
			length = (size_t) errbufsize - 1;
		memcpy(errbuf, GONE, length);
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
