/* Pipeline mode: many statements on their way at a time. */
#include "application.h"

static int
send(PGconn *conn, const char *sql)
{
	return PQsendQueryParams(conn, sql, 0, NULL, NULL, NULL, NULL, 0);
}

static long
work(PGconn *conn)
{
	long	  sum = 0;
	PGresult *result;
	char	  sql[40];

	for (int n = 1; n <= 100; n++)
	{
		snprintf(sql, sizeof(sql), "SELECT %d", n);
		send(conn, sql);
	}
	PQpipelineSync(conn);
	for (int n = 1; n <= 100; n++)
	{
		result = PQgetResult(conn);
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
		{
			say_error(conn, result);
			exit(1);
		}
		sum += atol(PQgetvalue(result, 0, 0));
		PQclear(result);
		PQclear(PQgetResult(conn));
	}
	result = PQgetResult(conn);
	say("sync", PQresStatus(PQresultStatus(result)));
	PQclear(result);
	return sum;
}

int
main(int argc, char **argv)
{
	PGconn	 *conn = PQconnectdb(conninfo(argv));
	PGresult *result;
	char	  text[20];

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
	PQenterPipelineMode(conn);
	if (strcmp(argv[1], "work") == 0)
	{
		snprintf(text, sizeof(text), "%ld", work(conn));
		say("work", text);
	}
	else
	{
		say("waiting", "yes");
		send(conn, SLEEP);
		send(conn, "SELECT 1");
		PQpipelineSync(conn);
		result = PQgetResult(conn);
		say_error(conn, result);
		PQclear(result);
		/* What was behind it never comes, and nothing blocks. */
		for (int more = 0; more < 10; more++)
			PQclear(PQgetResult(conn));
	}
	PQfinish(conn);
	return 0;
}
