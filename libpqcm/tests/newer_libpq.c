/*-------------------------------------------------------------------------
 *
 * newer_libpq.c
 *	  Stands for a libpq of a version that does not exist yet.
 *
 *-------------------------------------------------------------------------
 */
#include <libpq-fe.h>

static int connection;

int
PQlibVersion(void)
{
	return 990000;
}

PGconn *
PQconnectdb(const char *conninfo)
{
	(void) conninfo;
	return (PGconn *) &connection;
}

ConnStatusType
PQstatus(const PGconn *conn)
{
	return conn == (PGconn *) &connection ? CONNECTION_OK : CONNECTION_BAD;
}

int
PQsocket(const PGconn *conn)
{
	return conn == (PGconn *) &connection ? 4711 : -1;
}
