/*
 * A nonblocking application that, while it waits for a result, polls conmgr's
 * socket alone: what the documents' PQcmSocket() is for.  Linked with libpqcm.
 */
#include <poll.h>

#include <libpqcm.h>

#include "application.h"

/* Waits on both sockets, or on conmgr's alone. */
static void
wait_for_input(PGconn *conn, int both)
{
	struct pollfd wait[2] = {{PQcmSocket(conn), POLLIN, 0},
							 {PQsocket(conn), POLLIN, 0}};

	if (poll(wait, both ? 2 : 1, -1) < 0)
		exit(1);
	if (!both)
		say("readable", "PQcmSocket");
}

static PGresult *
result_of(PGconn *conn, const char *sql, int both)
{
	PGresult *result;
	PGresult *more;

	if (PQsendQuery(conn, sql) != 1)
		return NULL;
	while (PQflush(conn) > 0)
		;
	while (PQisBusy(conn))
	{
		wait_for_input(conn, both);
		if (PQconsumeInput(conn) == 0)
			say("consumed", "0");
	}
	result = PQgetResult(conn);
	while ((more = PQgetResult(conn)) != NULL)
		PQclear(more);
	return result;
}

int
main(int argc, char **argv)
{
	PGconn	 *conn = PQconnectdb(conninfo(argv));
	PGresult *result;

	(void) argc;
	if (PQstatus(conn) != CONNECTION_OK)
	{
		say_error(conn, NULL);
		PQfinish(conn);
		return 1;
	}
	say("cmsocket", PQcmSocket(conn) >= 0 ? "yes" : "no");
	PQsetnonblocking(conn, 1);
	result = result_of(conn, WHERE_ARE_WE, 1);
	say_where(conn, result);
	PQclear(result);
	if (strcmp(argv[1], "work") == 0)
	{
		result = result_of(conn, "SELECT sum(n) FROM generate_series(1, 100) n", 1);
		say("work", PQgetvalue(result, 0, 0));
	}
	else
	{
		say("waiting", "yes");
		result = result_of(conn, SLEEP, 0);
		say_error(conn, result);
	}
	PQclear(result);
	PQfinish(conn);
	return 0;
}
