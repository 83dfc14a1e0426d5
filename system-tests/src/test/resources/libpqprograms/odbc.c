/* psqlODBC through unixODBC's driver manager. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>

static void
say(const char *key, const char *value)
{
	printf("%s=%s\n", key, value);
	fflush(stdout);
}

static void
say_error(SQLSMALLINT type, SQLHANDLE handle)
{
	SQLCHAR		state[6] = "none";
	SQLCHAR		text[1000] = "";
	SQLINTEGER	native = 0;

	SQLGetDiagRec(type, handle, 1, state, &native, text, sizeof(text), NULL);
	for (SQLCHAR *c = text; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	printf("error=%s %d %s\n", (char *) state, (int) native, (char *) text);
	fflush(stdout);
}

static SQLHDBC dbc;

static void
ask(const char *sql, char *first, char *second)
{
	SQLHSTMT	statement;

	SQLAllocHandle(SQL_HANDLE_STMT, dbc, &statement);
	if (!SQL_SUCCEEDED(SQLExecDirect(statement, (SQLCHAR *) sql, SQL_NTS)))
	{
		say_error(SQL_HANDLE_STMT, statement);
		SQLFreeHandle(SQL_HANDLE_STMT, statement);
		return;
	}
	if (first != NULL && SQL_SUCCEEDED(SQLFetch(statement)))
	{
		SQLGetData(statement, 1, SQL_C_CHAR, first, 100, NULL);
		if (second != NULL)
			SQLGetData(statement, 2, SQL_C_CHAR, second, 100, NULL);
	}
	SQLFreeHandle(SQL_HANDLE_STMT, statement);
}

int
main(int argc, char **argv)
{
	SQLHENV		env;
	SQLCHAR		name[200] = "";
	SQLUINTEGER dead = 0;
	char		target[2000];
	char		server[100] = "";
	char		tls[100] = "";
	char		total[100] = "";

	(void) argc;
	snprintf(target, sizeof(target),
			 "DRIVER={conmgr Unicode};Servername=%s;Port=%s;Database=postgres;"
			 "UID=postgres;SSLmode=%s;pqopt={target_session_attrs=%s}",
			 argv[2], argv[3], argv[5], argv[4]);
	SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
	SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER) SQL_OV_ODBC3, 0);
	SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);
	if (!SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, (SQLCHAR *) target, SQL_NTS,
										NULL, 0, NULL, SQL_DRIVER_NOPROMPT)))
	{
		say_error(SQL_HANDLE_DBC, dbc);
		return 1;
	}
	SQLGetInfo(dbc, SQL_SERVER_NAME, name, sizeof(name), NULL);
	say("host", (char *) name);
	ask("SELECT current_setting('cluster_name'), CASE WHEN ssl THEN 'on' ELSE 'off' END "
		"FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
		server, tls);
	say("server", server);
	say("tls", tls);
	if (strcmp(argv[1], "work") == 0)
	{
		ask("SELECT sum(n) FROM generate_series(1, 100) n", total, NULL);
		say("work", total);
		SQLDisconnect(dbc);
	}
	else
	{
		say("waiting", "yes");
		ask("SELECT pg_sleep(3600)", total, NULL);
		SQLGetConnectAttr(dbc, SQL_ATTR_CONNECTION_DEAD, &dead, 0, NULL);
		say("closed", dead == SQL_CD_TRUE ? "yes" : "no");
	}
	SQLFreeHandle(SQL_HANDLE_DBC, dbc);
	SQLFreeHandle(SQL_HANDLE_ENV, env);
	return 0;
}
