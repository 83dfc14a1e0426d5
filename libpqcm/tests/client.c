/*-------------------------------------------------------------------------
 *
 * client.c
 *	  An application for the system tests: client VERB CONNINFO [SQL].
 *
 * It prints "connected HOST HOSTADDR PORT WATCHED", then waits as the verb
 * says, and prints "ended NANOSECONDS STATUS SQLSTATE MESSAGE" with the
 * monotonic time at which the wait ended.  Exits with 0 if it connected.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libpqcm.h"

static long long
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void
say_where(const char *word, PGconn *conn)
{
	if (PQstatus(conn) == CONNECTION_OK)
		printf("%s %s %s %s %s\n", word, PQhost(conn), PQhostaddr(conn),
			   PQport(conn), PQcmSocket(conn) >= 0 ? "watched" : "unwatched");
	else
		printf("refused %s", PQerrorMessage(conn));
}

static void
say_end(PGconn *conn, PGresult *result)
{
	long long	ns = now_ns();
	const char *state =
		result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	char *message = strdup(PQerrorMessage(conn));

	for (char *at = message; *at != '\0'; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	printf("ended %lld %s %s %s\n", ns,
		   result != NULL ? PQresStatus(PQresultStatus(result)) : "-",
		   state != NULL ? state : "-", message);
	free(message);
	PQclear(result);
}

static void
exec(PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
		printf("value %s\n", PQgetvalue(result, 0, 0));
	say_end(conn, result);
}

/* Writes rows until that fails. */
static void
copy_in(PGconn *conn, const char *sql)
{
	char	  row[8192];
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_COPY_IN)
	{
		say_end(conn, result);
		return;
	}
	PQclear(result);
	memset(row, 'x', sizeof(row));
	row[sizeof(row) - 1] = '\n';
	while (PQputCopyData(conn, row, sizeof(row)) == 1)
		;
	say_end(conn, NULL);
}

static void
copy_out(PGconn *conn, const char *sql)
{
	char	 *row;
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) == PGRES_COPY_OUT)
		while (PQgetCopyData(conn, &row, 0) > 0)
			PQfreemem(row);
	PQclear(result);
	say_end(conn, PQgetResult(conn));
}

static void
pipeline(PGconn *conn, const char *sql)
{
	PQenterPipelineMode(conn);
	for (int i = 0; i < 3; i++)
		PQsendQueryParams(conn, sql, 0, NULL, NULL, NULL, NULL, 0);
	PQpipelineSync(conn);
	say_end(conn, PQgetResult(conn));
}

static void
by_poll(PGconn *conn, const char *sql, int socket)
{
	PQsetnonblocking(conn, 1);
	PQsendQuery(conn, sql);
	while (PQflush(conn) == 1)
		poll(NULL, 0, 1);
	while (PQisBusy(conn))
	{
		struct pollfd fd = {.fd = socket, .events = POLLIN};

		poll(&fd, 1, -1);
		if (!PQconsumeInput(conn))
			break;
	}
	say_end(conn, PQgetResult(conn));
}

static void
by_socket(PGconn *conn, const char *sql)
{
	by_poll(conn, sql, PQsocket(conn));
}

static void
by_cm_socket(PGconn *conn, const char *sql)
{
	by_poll(conn, sql, PQcmSocket(conn));
}

static void *
cancel_soon(void *cancel)
{
	char error[256];

	poll(NULL, 0, 300);
	if (PQcancel(cancel, error, sizeof(error)) != 1)
		printf("not cancelled: %s\n", error);
	return NULL;
}

static void
cancel(PGconn *conn, const char *sql)
{
	PGcancel *request = PQgetCancel(conn);
	pthread_t thread;

	pthread_create(&thread, NULL, cancel_soon, request);
	exec(conn, sql);
	pthread_join(thread, NULL);
	PQfreeCancel(request);
}

/* Waits until the statement fails, then resets until there is a connection. */
static void
reset(PGconn *conn, const char *sql)
{
	exec(conn, sql);
	for (int i = 0; i < 300; i++)
	{
		PQreset(conn);
		if (PQstatus(conn) == CONNECTION_OK)
			break;
		poll(NULL, 0, 100);
	}
	say_where("again", conn);
}

/* Connects by PQconnectPoll(); prints the statuses in their order. */
static PGconn *
connect_by_poll(const char *conninfo)
{
	PGconn					 *conn = PQconnectStart(conninfo);
	long long				  longest = 0;
	int						  last = -1;
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	printf("statuses");
	while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED)
	{
		struct pollfd fd = {.fd = PQsocket(conn),
							.events = status == PGRES_POLLING_READING ? POLLIN
																	  : POLLOUT};
		long long	  before;

		if ((int) PQstatus(conn) != last)
			printf(" %d", last = (int) PQstatus(conn));
		poll(&fd, 1, -1);
		before = now_ns();
		status = PQconnectPoll(conn);
		if (now_ns() - before > longest)
			longest = now_ns() - before;
	}
	printf("\nlongest %lld\n", longest);
	return conn;
}

int
main(int argc, char **argv)
{
	static const struct
	{
		const char *name;
		void (*run)(PGconn *conn, const char *sql);
	} verbs[] = {
		{"exec", exec},
		{"copy-in", copy_in},
		{"copy-out", copy_out},
		{"pipeline", pipeline},
		{"by-socket", by_socket},
		{"by-cm-socket", by_cm_socket},
		{"cancel", cancel},
		{"reset", reset},
		{"asynchronous", by_socket},
	};
	PGconn *conn;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IONBF, 0);
	conn = strcmp(argv[1], "asynchronous") == 0 ? connect_by_poll(argv[2])
												: PQconnectdb(argv[2]);
	say_where("connected", conn);
	if (PQstatus(conn) != CONNECTION_OK)
		return 1;
	for (size_t i = 0; argc > 3 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			verbs[i].run(conn, argv[3]);
	PQfinish(conn);
	return 0;
}
