/*-------------------------------------------------------------------------
 *
 * driver.c
 *	  An ODBC driver that is psqlODBC, but for SQLGetInfo(SQL_SERVER_NAME).
 *
 * psqlODBC answers that from its own copy of the connection string, which
 * has conmgr's name.  The driver manager looks a driver's functions up with
 * dlsym(), which also looks into what the driver needs: so the few functions
 * here go before psqlODBC's, and all others are psqlODBC's own.  As we need
 * libpqcm besides, psqlODBC's libpq is libpqcm.
 *
 * Built twice, for psqlodbcw.so and psqlodbca.so.  The latter has no
 * functions for wide characters; if we had some, the driver manager would
 * take it for a driver that has.
 *
 *-------------------------------------------------------------------------
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <sql.h>
#include <sqlext.h>
#ifdef STOCK_IS_WIDE
#include <sqlucode.h>
#endif

#include "../export.h"
#include "servers.h"
#include "text.h"

_Static_assert(sizeof(SQLWCHAR) == 2, "as unixODBC has it, not iODBC");

#ifdef STOCK_IS_WIDE
#define WIDE_FUNCTIONS(X) \
	X(SQLConnectW)        \
	X(SQLDriverConnectW)  \
	X(SQLBrowseConnectW)  \
	X(SQLGetInfoW)
#else
#define WIDE_FUNCTIONS(X)
#endif

#define STOCK_FUNCTIONS(X) \
	X(SQLConnect)          \
	X(SQLDriverConnect)    \
	X(SQLBrowseConnect)    \
	X(SQLDisconnect)       \
	X(SQLFreeHandle)       \
	X(SQLGetInfo)          \
	WIDE_FUNCTIONS(X)

/* Read only once we are loaded. */
static struct
{
#define STOCK_POINTER(name) __typeof__(name) *(name);
	STOCK_FUNCTIONS(STOCK_POINTER)
#undef STOCK_POINTER
	/* PQcmLastHost() of libpqcm.h; NULL: the process has a stock libpq. */
	const char *(*last_host)(void);
} stock;

__attribute__((constructor)) static void
load(void)
{
	/* It is loaded already, or we could not be. */
	void *library = dlopen(STOCK, RTLD_LAZY | RTLD_NOLOAD);

	if (library == NULL)
	{
		/* Without it, dlsym() would find the driver manager's functions. */
		fprintf(stderr, "conmgr's ODBC driver: %s\n", dlerror());
		abort();
	}
#define STOCK_LOOKUP(name) \
	stock.name = (__typeof__(stock.name)) dlsym(library, #name);
	STOCK_FUNCTIONS(STOCK_LOOKUP)
#undef STOCK_LOOKUP
	/* Also looks into the libpq that the stock driver has. */
	stock.last_host =
		(__typeof__(stock.last_host)) dlsym(library, "PQcmLastHost");
	/* It stays as long as we do. */
	dlclose(library);
}

/* psqlODBC connects within the call, in the caller's thread. */
static void
begin(SQLHDBC dbc)
{
	cm_server_forget(dbc);
	if (stock.last_host != NULL)
		(void) stock.last_host();
}

static SQLRETURN
end(SQLHDBC dbc, SQLRETURN result)
{
	const char *host = stock.last_host != NULL && SQL_SUCCEEDED(result)
						   ? stock.last_host()
						   : NULL;

	if (host != NULL)
		cm_server_keep(dbc, host);
	return result;
}

CM_EXPORT SQLRETURN SQL_API
SQLConnect(SQLHDBC dbc, SQLCHAR *source, SQLSMALLINT source_length,
		   SQLCHAR *user, SQLSMALLINT user_length, SQLCHAR *password,
		   SQLSMALLINT password_length)
{
	begin(dbc);
	return end(dbc, stock.SQLConnect(dbc, source, source_length, user,
									 user_length, password, password_length));
}

CM_EXPORT SQLRETURN SQL_API
SQLDriverConnect(SQLHDBC dbc, SQLHWND window, SQLCHAR *in,
				 SQLSMALLINT in_length, SQLCHAR *out, SQLSMALLINT out_room,
				 SQLSMALLINT *out_length, SQLUSMALLINT completion)
{
	begin(dbc);
	return end(dbc, stock.SQLDriverConnect(dbc, window, in, in_length, out,
										   out_room, out_length, completion));
}

CM_EXPORT SQLRETURN SQL_API
SQLBrowseConnect(SQLHDBC dbc, SQLCHAR *in, SQLSMALLINT in_length, SQLCHAR *out,
				 SQLSMALLINT out_room, SQLSMALLINT *out_length)
{
	begin(dbc);
	return end(dbc, stock.SQLBrowseConnect(dbc, in, in_length, out, out_room,
										   out_length));
}

CM_EXPORT SQLRETURN SQL_API
SQLDisconnect(SQLHDBC dbc)
{
	SQLRETURN result = stock.SQLDisconnect(dbc);

	/* It may refuse, within a transaction. */
	if (SQL_SUCCEEDED(result))
		cm_server_forget(dbc);
	return result;
}

CM_EXPORT SQLRETURN SQL_API
SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle)
{
	if (type == SQL_HANDLE_DBC)
		cm_server_forget(handle);
	return stock.SQLFreeHandle(type, handle);
}

/*
 * The stock driver knows whether the question is allowed now, and keeps the
 * diagnostic records: so it is asked too, with a buffer that its answer fits
 * into if ours does, and else has room for the NUL alone (01004).
 */
static SQLRETURN
get_info(__typeof__(SQLGetInfo) *real, size_t unit, SQLHDBC dbc,
		 SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room,
		 SQLSMALLINT *length)
{
	char		name[CM_SERVER_BYTES];
	SQLWCHAR	scratch[100];
	SQLSMALLINT scratch_room = (SQLSMALLINT) sizeof(scratch);
	SQLSMALLINT ignored;
	SQLRETURN	result;
	size_t		whole;

	if (type != SQL_SERVER_NAME || room < 0 || !cm_server_of(dbc, name))
		return real(dbc, type, value, room, length);
	whole = cm_text_write(name, unit, NULL, 0);
	if (value != NULL && whole + unit > (size_t) room)
		scratch_room = (SQLSMALLINT) unit;
	result = real(dbc, SQL_DBMS_NAME, scratch, scratch_room, &ignored);
	if (!SQL_SUCCEEDED(result))
		return result;
	(void) cm_text_write(name, unit, value, (size_t) room);
	if (length != NULL)
		*length = (SQLSMALLINT) whole;
	return result;
}

CM_EXPORT SQLRETURN SQL_API
SQLGetInfo(SQLHDBC dbc, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room,
		   SQLSMALLINT *length)
{
	return get_info(stock.SQLGetInfo, sizeof(char), dbc, type, value, room,
					length);
}

#ifdef STOCK_IS_WIDE

CM_EXPORT SQLRETURN SQL_API
SQLConnectW(SQLHDBC dbc, SQLWCHAR *source, SQLSMALLINT source_length,
			SQLWCHAR *user, SQLSMALLINT user_length, SQLWCHAR *password,
			SQLSMALLINT password_length)
{
	begin(dbc);
	return end(dbc, stock.SQLConnectW(dbc, source, source_length, user,
									  user_length, password, password_length));
}

CM_EXPORT SQLRETURN SQL_API
SQLDriverConnectW(SQLHDBC dbc, SQLHWND window, SQLWCHAR *in,
				  SQLSMALLINT in_length, SQLWCHAR *out, SQLSMALLINT out_room,
				  SQLSMALLINT *out_length, SQLUSMALLINT completion)
{
	begin(dbc);
	return end(dbc, stock.SQLDriverConnectW(dbc, window, in, in_length, out,
											out_room, out_length, completion));
}

CM_EXPORT SQLRETURN SQL_API
SQLBrowseConnectW(SQLHDBC dbc, SQLWCHAR *in, SQLSMALLINT in_length,
				  SQLWCHAR *out, SQLSMALLINT out_room, SQLSMALLINT *out_length)
{
	begin(dbc);
	return end(dbc, stock.SQLBrowseConnectW(dbc, in, in_length, out, out_room,
											out_length));
}

CM_EXPORT SQLRETURN SQL_API
SQLGetInfoW(SQLHDBC dbc, SQLUSMALLINT type, SQLPOINTER value, SQLSMALLINT room,
			SQLSMALLINT *length)
{
	return get_info(stock.SQLGetInfoW, sizeof(SQLWCHAR), dbc, type, value, room,
					length);
}

#endif /* STOCK_IS_WIDE */
