/* What the C applications share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#define SLEEP "SELECT pg_sleep(3600)"
#define CREATE_TABLE "CREATE TEMPORARY TABLE numbers (n int)"
#define WHERE_ARE_WE                                                           \
	"SELECT current_setting('cluster_name'), (SELECT CASE WHEN ssl THEN 'on' " \
	"ELSE 'off' END FROM pg_stat_ssl WHERE pid = pg_backend_pid())"

static inline void
say(const char *key, const char *value)
{
	printf("%s=", key);
	for (; *value != '\0'; value++)
		putchar(*value == '\n' ? ' ' : *value);
	putchar('\n');
	fflush(stdout);
}

static inline void
say_error(PGconn *conn, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	char		text[2000];

	snprintf(text, sizeof(text), "%s %s %s", state != NULL ? state : "none",
			 result != NULL ? PQresStatus(PQresultStatus(result))
							: "CONNECTION_BAD",
			 PQerrorMessage(conn));
	say("error", text);
	say("closed", PQstatus(conn) == CONNECTION_BAD ? "yes" : "no");
}

/* A connection string of the arguments HOST PORT ATTRS SSLMODE. */
static inline const char *
conninfo(char **argv)
{
	static char text[2000];

	snprintf(text, sizeof(text),
			 "host=%s port=%s target_session_attrs=%s sslmode=%s user=postgres "
			 "dbname=postgres",
			 argv[2], argv[3], argv[4], argv[5]);
	return text;
}

static inline void
say_where(PGconn *conn, const PGresult *result)
{
	say("host", PQhost(conn));
	say("hostaddr", PQhostaddr(conn));
	say("port", PQport(conn));
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
	{
		say_error(conn, result);
		exit(1);
	}
	say("server", PQgetvalue(result, 0, 0));
	say("tls", PQgetvalue(result, 0, 1));
}
