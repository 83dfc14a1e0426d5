/*-------------------------------------------------------------------------
 *
 * libpqcm.h
 *	  What libpq with libpqcm in front of it can do beyond libpq.
 *
 * A program that calls PQcmSocket needs libpqcm at run time, too: link with
 * pkg-config's libpqcm, or look the function up with dlsym().
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_H
#define LIBPQCM_H

#include <libpq-fe.h>

#ifdef __cplusplus
extern "C"
{
#endif

/*
 * What PQstatus() gives while the driver waits for conmgr's answer.  Clear of
 * the values of libpq's own enum.
 */
#define CONNECTION_AWAITING_CMRESPONSE ((ConnStatusType) 100)

	/*
 * The socket to conmgr, or -1 if the connection is not one that a conmgr
 * watches (also as long as PQconnectPoll() has not had conmgr's answer).
 *
 * When it is readable, call PQconsumeInput() or PQgetResult() as if PQsocket()
 * was: they behave as on a cut connection.  Never read from it or close it.
 */
	extern int PQcmSocket(const PGconn *conn);

	/*
 * The host (PQhost()) of the connection that the calling thread has connected
 * last, if a conmgr had sent it there and it is still open; else NULL.  Told
 * once: the next call gives NULL until there is another.  Valid until the
 * connection is finished or reset.
 *
 * For code that stands in front of a driver and never sees its PGconn, such
 * as our ODBC driver.
 */
	extern const char *PQcmLastHost(void);

#ifdef __cplusplus
}
#endif

#endif /* LIBPQCM_H */
