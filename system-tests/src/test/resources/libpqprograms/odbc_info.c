/*
 * odbc_info DRIVER CONMGR_PORT INSTANCE INSTANCE_PORT: what an ODBC application hears of where it is, by each way to connect and
 * to ask.  The data source "shop" leads to conmgr on localhost, and its primary; INSTANCE is the address of one, dialled directly.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

static SQLHENV env;
static char	  **arguments;

static SQLHDBC
new_connection(void)
{
	SQLHDBC dbc;

	SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc);
	return dbc;
}

static const char *
state_of(SQLSMALLINT type, SQLHANDLE handle)
{
	static SQLCHAR state[6];
	SQLCHAR		   text[1000];

	strcpy((char *) state, "none");
	SQLGetDiagRec(type, handle, 1, state, NULL, text, sizeof(text), NULL);
	return (char *) state;
}

static void
expect_connected(SQLHDBC dbc, SQLRETURN result)
{
	SQLCHAR state[6] = "none";
	SQLCHAR text[1000] = "";

	if (SQL_SUCCEEDED(result))
		return;
	SQLGetDiagRec(SQL_HANDLE_DBC, dbc, 1, state, NULL, text, sizeof(text), NULL);
	printf("no connection: %d %s %s\n", result, (char *) state, (char *) text);
	exit(1);
}

static char *
target(const char *host, const char *port, const char *attrs)
{
	static char text[1000];

	snprintf(text, sizeof(text),
			 "DRIVER={%s};Servername=%s;Port=%s;Database=postgres;UID=postgres;"
			 "pqopt={target_session_attrs=%s}",
			 arguments[1], host, port, attrs);
	return text;
}

static SQLWCHAR *
wide(const char *text)
{
	static SQLWCHAR units[1000];
	size_t			i = 0;

	do
		units[i] = (SQLWCHAR) text[i];
	while (text[i++] != '\0');
	return units;
}

static const char *
narrow(const SQLWCHAR *units)
{
	static char text[1000];
	size_t		i = 0;

	do
		text[i] = (char) units[i];
	while (units[i++] != 0);
	return text;
}

static void
drive(SQLHDBC dbc, const char *host, const char *port, const char *attrs)
{
	expect_connected(dbc, SQLDriverConnect(dbc, NULL,
										   (SQLCHAR *) target(host, port, attrs),
										   SQL_NTS, NULL, 0, NULL,
										   SQL_DRIVER_NOPROMPT));
}

static void
say_server(const char *what, SQLHDBC dbc)
{
	char		name[200] = "";
	SQLSMALLINT length = 0;
	SQLRETURN	result =
		SQLGetInfo(dbc, SQL_SERVER_NAME, name, sizeof(name), &length);

	printf("%s: %s %d %d\n", what, name, length, result);
}

static void
say_wide_server(const char *what, SQLHDBC dbc)
{
	SQLWCHAR	name[200] = {0};
	SQLSMALLINT length = 0;
	SQLRETURN	result =
		SQLGetInfoW(dbc, SQL_SERVER_NAME, name, sizeof(name), &length);

	printf("%s: %s %d %d\n", what, narrow(name), length, result);
}

static void
say_short_buffers(SQLHDBC dbc)
{
	char		name[3] = "??";
	SQLWCHAR	units[3] = {'?', '?', 0};
	SQLSMALLINT length = 0;
	SQLRETURN	result;

	result = SQLGetInfo(dbc, SQL_SERVER_NAME, name, sizeof(name), &length);
	printf("short: %s %d %d %s\n", name, length, result,
		   state_of(SQL_HANDLE_DBC, dbc));
	result = SQLGetInfo(dbc, SQL_SERVER_NAME, NULL, 0, &length);
	printf("length alone: %d %d\n", length, result);
	/* Before a driver without wide characters, unixODBC gets this wrong. */
	if (strstr(arguments[1], "Unicode") == NULL)
		return;
	result = SQLGetInfoW(dbc, SQL_SERVER_NAME, units, sizeof(units), &length);
	printf("short, wide: %s %d %d %s\n", narrow(units), length, result,
		   state_of(SQL_HANDLE_DBC, dbc));
}

static void
say_states(SQLHDBC dbc)
{
	static const char *const statements[] = {"SELECT 1/0", "SELEC 1",
											 "SELECT * FROM nowhere"};
	SQLHSTMT				 statement;

	for (int i = 0; i < 3; i++)
	{
		SQLAllocHandle(SQL_HANDLE_STMT, dbc, &statement);
		SQLExecDirect(statement, (SQLCHAR *) statements[i], SQL_NTS);
		printf("%s: %s\n", statements[i], state_of(SQL_HANDLE_STMT, statement));
		SQLFreeHandle(SQL_HANDLE_STMT, statement);
	}
}

/* Each of the functions that connect. */
static void
say_each_way(void)
{
	SQLHDBC		dbc = new_connection();
	SQLWCHAR	out_wide[1000];
	SQLCHAR		out[1000];
	SQLSMALLINT length;
	SQLRETURN	result;

	expect_connected(dbc, SQLConnect(dbc, (SQLCHAR *) "shop", SQL_NTS, NULL, 0,
									 NULL, 0));
	say_server("SQLConnect", dbc);
	SQLDisconnect(dbc);
	expect_connected(dbc, SQLConnectW(dbc, wide("shop"), SQL_NTS, NULL, 0, NULL,
									  0));
	say_server("SQLConnectW", dbc);
	SQLDisconnect(dbc);
	expect_connected(dbc, SQLDriverConnectW(dbc, NULL,
											wide(target("localhost", arguments[2],
														"standby")),
											SQL_NTS, out_wide, 1000, &length,
											SQL_DRIVER_NOPROMPT));
	say_server("SQLDriverConnectW", dbc);
	/* Who connects with what it says asks conmgr again. */
	printf("its string: %s\n", strcasestr(narrow(out_wide), "localhost") != NULL
								   ? "conmgr's"
								   : narrow(out_wide));
	SQLDisconnect(dbc);
	/* psqlODBC does not have it. */
	result = SQLBrowseConnect(dbc,
							  (SQLCHAR *) target("localhost", arguments[2],
												 "primary"),
							  SQL_NTS, out, sizeof(out), &length);
	printf("SQLBrowseConnect: %d %s\n", result, state_of(SQL_HANDLE_DBC, dbc));
	SQLFreeHandle(SQL_HANDLE_DBC, dbc);
}

int
main(int argc, char **argv)
{
	SQLHDBC	  primary;
	SQLHDBC	  standby;
	SQLHDBC	  direct;
	SQLHDBC	  refused;
	SQLRETURN result;

	if (argc != 5)
		return 2;
	arguments = argv;
	SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
	SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER) SQL_OV_ODBC3, 0);
	primary = new_connection();
	standby = new_connection();
	direct = new_connection();
	refused = new_connection();
	drive(primary, "localhost", argv[2], "primary");
	drive(standby, "localhost", argv[2], "standby");
	drive(direct, argv[3], argv[4], "any");
	say_server("primary", primary);
	say_wide_server("primary, wide", primary);
	say_server("standby", standby);
	say_server("direct", direct);
	say_short_buffers(primary);
	say_states(primary);
	SQLDisconnect(primary);
	result = SQLGetInfo(primary, SQL_SERVER_NAME, NULL, 0, NULL);
	printf("disconnected: %d %s\n", result, state_of(SQL_HANDLE_DBC, primary));
	drive(primary, "localhost", argv[2], "standby");
	say_server("again", primary);
	SQLDisconnect(primary);
	drive(primary, argv[3], argv[4], "any");
	say_server("again, directly", primary);
	SQLDisconnect(primary);
	result = SQLDriverConnect(refused, NULL,
							  (SQLCHAR *) target("localhost", "1", "any"),
							  SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
	printf("nobody there: %d %s\n", result, state_of(SQL_HANDLE_DBC, refused));
	say_each_way();
	SQLDisconnect(standby);
	SQLDisconnect(direct);
	SQLFreeHandle(SQL_HANDLE_DBC, primary);
	SQLFreeHandle(SQL_HANDLE_DBC, standby);
	SQLFreeHandle(SQL_HANDLE_DBC, direct);
	SQLFreeHandle(SQL_HANDLE_DBC, refused);
	SQLFreeHandle(SQL_HANDLE_ENV, env);
	return 0;
}
