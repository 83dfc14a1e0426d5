/*-------------------------------------------------------------------------
 *
 * untested_test.c
 *	  In front of a libpq that was not tested: everything passes through,
 *	  and it is said once.  Run with newer_libpq.so as the real one.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "libpqcm.h"

static void
everything_passes_through_and_it_is_said_once(void)
{
	char	said[500] = "";
	FILE   *log = tmpfile();
	int		saved = dup(2);
	PGconn *conn;
	ssize_t length;

	dup2(fileno(log), 2);
	conn = PQconnectdb("host=localhost port=1");
	CHECK(PQconnectdb("host=localhost port=1") == conn);
	dup2(saved, 2);
	length = pread(fileno(log), said, sizeof(said) - 1, 0);
	CHECK(length > 0 && strchr(said, '\n') == said + length - 1);
	CHECK(strstr(said, "libpq 99 is not one of the versions") != NULL);
	CHECK(strstr(said, "conmgr is not used") != NULL);

	CHECK(PQstatus(conn) == CONNECTION_OK);
	CHECK(PQsocket(conn) == 4711);
	CHECK(PQcmSocket(conn) == -1);
	/* One that this libpq does not have. */
	CHECK(PQbackendPID(conn) == 0);
}

int
main(void)
{
	RUN(everything_passes_through_and_it_is_said_once);
	return finish();
}
