/*
 * PQconnectStart() and PQconnectPoll() with poll() in between; says each
 * PQstatus() and how long the longest call took.
 */
#include <poll.h>
#include <time.h>

#include "application.h"

static long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

int
main(int argc, char **argv)
{
	long		longest_us = 0;
	int			last_status = -1;
	int			last_socket = -1;
	int			sockets = 0;
	long		started = now_us();
	PGconn	   *conn = PQconnectStart(conninfo(argv));
	PGresult   *result;
	char		text[40];
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	(void) argc;
	longest_us = now_us() - started;
	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING)
	{
		struct pollfd wait = {PQsocket(conn),
							  next == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0};

		if (PQsocket(conn) != last_socket)
			sockets++;
		last_socket = PQsocket(conn);
		if ((int) PQstatus(conn) != last_status)
		{
			last_status = (int) PQstatus(conn);
			snprintf(text, sizeof(text), "%d", last_status);
			say("status", text);
		}
		if (poll(&wait, 1, 10000) <= 0)
		{
			say("error", "none timeout");
			return 1;
		}
		started = now_us();
		next = PQconnectPoll(conn);
		if (now_us() - started > longest_us)
			longest_us = now_us() - started;
	}
	snprintf(text, sizeof(text), "%ld", longest_us / 1000);
	say("longest_ms", text);
	snprintf(text, sizeof(text), "%d", sockets);
	say("sockets", text);
	if (next != PGRES_POLLING_OK)
	{
		say_error(conn, NULL);
		PQfinish(conn);
		return 1;
	}
	result = PQexec(conn, WHERE_ARE_WE);
	say_where(conn, result);
	PQclear(result);
	if (strcmp(argv[1], "work") == 0)
	{
		result = PQexec(conn, "SELECT sum(n) FROM generate_series(1, 100) n");
		say("work", PQgetvalue(result, 0, 0));
	}
	else
	{
		say("waiting", "yes");
		result = PQexec(conn, SLEEP);
		say_error(conn, result);
	}
	PQclear(result);
	PQfinish(conn);
	return 0;
}
