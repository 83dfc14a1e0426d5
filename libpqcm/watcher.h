/*-------------------------------------------------------------------------
 *
 * watcher.h
 *	  The thread that waits for conmgr's notices.
 *
 * One per process, started with the first connection that a conmgr has sent
 * on.  When conmgr's socket of a connection becomes readable or ends, it
 * shuts the SQL socket down: every wait on that ends at once, in the
 * application's own thread, as if the instance had closed it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_WATCHER_H
#define LIBPQCM_WATCHER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "handle.h"

/*
 * Takes over conmgr's socket.  False: errno says what is lacking; the socket
 * is still the caller's.
 */
extern bool cm_watch_start(CmHandle *handle, int conmgr_fd);

/*
 * The SQL connection has this socket now; called again whenever it may have
 * changed.  A notice that came before counts.  False: no descriptor, errno.
 */
extern bool cm_watch_sql(CmHandle *handle, int sql_fd);

/*
 * Ends the SQL connection if conmgr's notice is there, without waiting for
 * the watcher; says whether it is there.
 */
extern bool cm_watch_look(CmHandle *handle);

/*
 * Whether a notice is at conmgr's socket; no if it is not that socket (any
 * more).  Safe in a signal handler, but for errno.
 */
extern bool cm_notice_at(const CmWatch *watch);

/*
 * Where the SQL connection goes; false if that is no network address, or the
 * connection is not open (any more).  Safe in a signal handler, but for errno.
 */
extern bool cm_watch_peer(const CmWatch			  *watch,
						  struct sockaddr_storage *address, socklen_t *length);

/* Forgets the connection and closes both sockets. */
extern void cm_watch_stop(CmHandle *handle);

#endif /* LIBPQCM_WATCHER_H */
