/* Blocking calls only. */
#include "application.h"

static PGresult *
must(PGconn *conn, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
		status != PGRES_COPY_IN)
	{
		say_error(conn, result);
		exit(1);
	}
	return result;
}

static void
work(PGconn *conn)
{
	PGresult *result;
	char	  line[20];

	PQclear(must(conn, PQexec(conn, CREATE_TABLE)));
	PQclear(must(conn, PQexec(conn, "COPY numbers FROM STDIN")));
	for (int n = 1; n <= 100; n++)
		PQputCopyData(conn, line, snprintf(line, sizeof(line), "%d\n", n));
	PQputCopyEnd(conn, NULL);
	while ((result = PQgetResult(conn)) != NULL)
		PQclear(must(conn, result));
	PQclear(must(conn, PQprepare(conn, "sum", "SELECT sum(n) FROM numbers", 0, NULL)));
	result = must(conn, PQexecPrepared(conn, "sum", 0, NULL, NULL, NULL, 0));
	say("work", PQgetvalue(result, 0, 0));
	PQclear(result);
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
	result = PQexec(conn, WHERE_ARE_WE);
	say_where(conn, result);
	PQclear(result);
	if (strcmp(argv[1], "work") == 0)
	{
		/* The standby takes no temporary table. */
		result = must(conn, PQexec(conn, "SHOW transaction_read_only"));
		if (strcmp(PQgetvalue(result, 0, 0), "off") == 0)
			work(conn);
		PQclear(result);
	}
	else
	{
		say("waiting", "yes");
		result = PQexec(conn, SLEEP);
		say_error(conn, result);
		PQclear(result);
	}
	PQfinish(conn);
	return 0;
}
