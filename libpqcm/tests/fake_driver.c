/*-------------------------------------------------------------------------
 *
 * fake_driver.c
 *	  Stands for psqlODBC, and for the libpqcm behind it, in odbc_test.c.
 *
 * A data source is the word "stock", and the host that a conmgr sends to
 * behind a colon, or "refuse".
 *
 *-------------------------------------------------------------------------
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "export.h"
#include "fake_driver.h"

static FakeDriver state;

CM_EXPORT FakeDriver *
fake_driver(void)
{
	return &state;
}

#ifdef FAKE_IS_WIDE
CM_EXPORT const char *
PQcmLastHost(void)
{
	bool told = state.told;

	state.told = true;
	return told || state.host[0] == '\0' ? NULL : state.host;
}
#endif

static SQLRETURN
connect_to(const char *source)
{
	const char *host = strchr(source, ':');

	state.told = false;
	snprintf(state.host, sizeof(state.host), "%s", host != NULL ? host + 1 : "");
	return strncmp(source, "refuse", 6) == 0 ? SQL_ERROR : SQL_SUCCESS;
}

CM_EXPORT SQLRETURN SQL_API
SQLConnect(SQLHDBC dbc, SQLCHAR *source, SQLSMALLINT a, SQLCHAR *user,
		   SQLSMALLINT b, SQLCHAR *password, SQLSMALLINT c)
{
	(void) dbc, (void) user, (void) password;
	state.sum = a + b + c;
	return connect_to((char *) source);
}

CM_EXPORT SQLRETURN SQL_API
SQLDriverConnect(SQLHDBC dbc, SQLHWND window, SQLCHAR *in, SQLSMALLINT a,
				 SQLCHAR *out, SQLSMALLINT b, SQLSMALLINT *c, SQLUSMALLINT d)
{
	(void) dbc, (void) window, (void) out, (void) c;
	state.sum = a + b + d;
	return connect_to((char *) in);
}

CM_EXPORT SQLRETURN SQL_API
SQLBrowseConnect(SQLHDBC dbc, SQLCHAR *in, SQLSMALLINT a, SQLCHAR *out,
				 SQLSMALLINT b, SQLSMALLINT *c)
{
	(void) dbc, (void) out, (void) c;
	state.sum = a + b;
	return in[0] == '?' ? SQL_NEED_DATA : connect_to((char *) in);
}

CM_EXPORT SQLRETURN SQL_API
SQLDisconnect(SQLHDBC dbc)
{
	(void) dbc;
	return state.in_transaction ? SQL_ERROR : SQL_SUCCESS;
}

CM_EXPORT SQLRETURN SQL_API
SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle)
{
	(void) handle;
	state.freed = type;
	return SQL_SUCCESS;
}

static SQLRETURN
info(SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room, size_t unit,
	 SQLSMALLINT *length)
{
	const char *text = type == SQL_DBMS_NAME ? "PostgreSQL" : "stock";
	size_t		units = strlen(text);
	size_t		fits = room > 0 ? (size_t) room / unit - 1 : 0;

	if (state.unconnected)
		return SQL_ERROR;
	if (length != NULL)
		*length = (SQLSMALLINT) (units * unit);
	if (value == NULL)
		return SQL_SUCCESS;
	for (size_t i = 0; i <= fits && i <= units; i++)
	{
		char c = i < fits ? text[i] : '\0';

		if (unit == 1)
			((char *) value)[i] = c;
		else
			((SQLWCHAR *) value)[i] = (SQLWCHAR) c;
	}
	return units > fits ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS;
}

CM_EXPORT SQLRETURN SQL_API
SQLGetInfo(SQLHDBC dbc, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room,
		   SQLSMALLINT *length)
{
	(void) dbc;
	return info(type, value, room, sizeof(char), length);
}

/* One that the front knows nothing of. */
CM_EXPORT SQLRETURN SQL_API
SQLRowCount(SQLHSTMT statement, SQLLEN *count)
{
	(void) statement;
	*count = 42;
	return SQL_SUCCESS;
}

#ifdef FAKE_IS_WIDE

static SQLRETURN
connect_to_wide(const SQLWCHAR *source)
{
	char   narrow[200];
	size_t i = 0;

	do
		narrow[i] = (char) source[i];
	while (source[i++] != 0);
	return connect_to(narrow);
}

CM_EXPORT SQLRETURN SQL_API
SQLConnectW(SQLHDBC dbc, SQLWCHAR *source, SQLSMALLINT a, SQLWCHAR *user,
			SQLSMALLINT b, SQLWCHAR *password, SQLSMALLINT c)
{
	(void) dbc, (void) user, (void) password;
	state.sum = a + b + c;
	return connect_to_wide(source);
}

CM_EXPORT SQLRETURN SQL_API
SQLDriverConnectW(SQLHDBC dbc, SQLHWND window, SQLWCHAR *in, SQLSMALLINT a,
				  SQLWCHAR *out, SQLSMALLINT b, SQLSMALLINT *c, SQLUSMALLINT d)
{
	(void) dbc, (void) window, (void) out, (void) c;
	state.sum = a + b + d;
	return connect_to_wide(in);
}

CM_EXPORT SQLRETURN SQL_API
SQLBrowseConnectW(SQLHDBC dbc, SQLWCHAR *in, SQLSMALLINT a, SQLWCHAR *out,
				  SQLSMALLINT b, SQLSMALLINT *c)
{
	(void) dbc, (void) out, (void) c;
	state.sum = a + b;
	return in[0] == '?' ? SQL_NEED_DATA : connect_to_wide(in);
}

CM_EXPORT SQLRETURN SQL_API
SQLGetInfoW(SQLHDBC dbc, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room,
			SQLSMALLINT *length)
{
	(void) dbc;
	return info(type, value, room, sizeof(SQLWCHAR), length);
}

#endif /* FAKE_IS_WIDE */
