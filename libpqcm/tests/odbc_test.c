/*-------------------------------------------------------------------------
 *
 * odbc_test.c
 *	  The ODBC driver in front of a fake one: odbc_test FOLDER, where both
 *	  drivers are.
 *
 *-------------------------------------------------------------------------
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "check.h"
#include "fake_driver.h"
#include "odbc/text.h"

/* A driver's functions, looked up as the driver manager does it. */
static struct
{
	__typeof__(SQLConnect)		  *connect;
	__typeof__(SQLConnectW)		  *connect_wide;
	__typeof__(SQLDriverConnect)  *driver_connect;
	__typeof__(SQLDriverConnectW) *driver_connect_wide;
	__typeof__(SQLBrowseConnect)  *browse;
	__typeof__(SQLBrowseConnectW) *browse_wide;
	__typeof__(SQLDisconnect)	  *disconnect;
	__typeof__(SQLFreeHandle)	  *free_handle;
	__typeof__(SQLGetInfo)		  *get_info;
	__typeof__(SQLGetInfoW)		  *get_info_wide;
	__typeof__(SQLRowCount)		  *row_count;
	FakeDriver *(*fake)(void);
} driver;

static FakeDriver *fake;
static char		   one[64];
static char		   two[64];

static void
load(const char *folder, const char *name)
{
	char  path[4096];
	void *library;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
	{
		printf("%s\n", dlerror());
		exit(1);
	}
	driver.connect = (__typeof__(driver.connect)) dlsym(library, "SQLConnect");
	driver.connect_wide =
		(__typeof__(driver.connect_wide)) dlsym(library, "SQLConnectW");
	driver.driver_connect =
		(__typeof__(driver.driver_connect)) dlsym(library, "SQLDriverConnect");
	driver.driver_connect_wide =
		(__typeof__(driver.driver_connect_wide)) dlsym(library,
													   "SQLDriverConnectW");
	driver.browse =
		(__typeof__(driver.browse)) dlsym(library, "SQLBrowseConnect");
	driver.browse_wide =
		(__typeof__(driver.browse_wide)) dlsym(library, "SQLBrowseConnectW");
	driver.disconnect =
		(__typeof__(driver.disconnect)) dlsym(library, "SQLDisconnect");
	driver.free_handle =
		(__typeof__(driver.free_handle)) dlsym(library, "SQLFreeHandle");
	driver.get_info = (__typeof__(driver.get_info)) dlsym(library, "SQLGetInfo");
	driver.get_info_wide =
		(__typeof__(driver.get_info_wide)) dlsym(library, "SQLGetInfoW");
	driver.row_count =
		(__typeof__(driver.row_count)) dlsym(library, "SQLRowCount");
	driver.fake = (__typeof__(driver.fake)) dlsym(library, "fake_driver");
	fake = driver.fake();
}

static SQLRETURN
connect_to(SQLHDBC dbc, const char *source)
{
	return driver.connect(dbc, (SQLCHAR *) source, 1, NULL, 2, NULL, 4);
}

static const char *
server_of(SQLHDBC dbc)
{
	static char name[300];

	name[0] = '\0';
	if (driver.get_info(dbc, SQL_SERVER_NAME, name, sizeof(name), NULL) !=
		SQL_SUCCESS)
		return "no success";
	return name;
}

static bool
is_server(SQLHDBC dbc, const char *name)
{
	const char *server = server_of(dbc);

	if (strcmp(server, name) != 0)
		printf("%s instead of %s\n", server, name);
	return strcmp(server, name) == 0;
}

static void
the_instance_is_told_after_each_way_to_connect(void)
{
	static SQLWCHAR wide[] = {'s', ':', 'd', 'b', '3', 0};

	CHECK(is_server(one, "stock"));
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS && fake->sum == 7);
	CHECK(is_server(one, "db1"));
	CHECK(driver.driver_connect(one, NULL, (SQLCHAR *) "stock:db2", 1, NULL, 2,
								NULL, 4) == SQL_SUCCESS &&
		  fake->sum == 7);
	CHECK(is_server(one, "db2"));
	CHECK(driver.connect_wide(one, wide, 1, NULL, 2, NULL, 4) == SQL_SUCCESS &&
		  fake->sum == 7);
	CHECK(is_server(one, "db3"));
	wide[4] = '4';
	CHECK(driver.driver_connect_wide(one, NULL, wide, 1, NULL, 2, NULL, 4) ==
			  SQL_SUCCESS &&
		  fake->sum == 7);
	CHECK(is_server(one, "db4"));
	wide[4] = '5';
	CHECK(driver.browse_wide(one, wide, 1, NULL, 2, NULL) == SQL_SUCCESS &&
		  fake->sum == 3);
	CHECK(is_server(one, "db5"));
	CHECK(driver.browse(one, (SQLCHAR *) "?", 1, NULL, 2, NULL) ==
		  SQL_NEED_DATA);
	CHECK(is_server(one, "stock"));
	CHECK(driver.browse(one, (SQLCHAR *) "stock:db6", 1, NULL, 2, NULL) ==
			  SQL_SUCCESS &&
		  fake->sum == 3);
	CHECK(is_server(one, "db6"));
	CHECK(driver.disconnect(one) == SQL_SUCCESS);
}

static void
without_conmgr_the_stock_driver_answers(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	CHECK(connect_to(two, "stock") == SQL_SUCCESS);
	CHECK(is_server(one, "db1"));
	CHECK(is_server(two, "stock"));
	CHECK(connect_to(one, "stock") == SQL_SUCCESS);
	CHECK(is_server(one, "stock"));
}

static void
a_refused_connect_leaves_nothing(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	CHECK(connect_to(one, "refuse:db2") == SQL_ERROR);
	CHECK(is_server(one, "stock"));
	/* Nor for the next connect of this thread. */
	CHECK(driver.browse(two, (SQLCHAR *) "?", 1, NULL, 2, NULL) ==
		  SQL_NEED_DATA);
	CHECK(is_server(two, "stock"));
}

static void
a_disconnect_ends_it_and_a_refused_one_does_not(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	CHECK(connect_to(two, "stock:db2") == SQL_SUCCESS);
	fake->in_transaction = true;
	CHECK(driver.disconnect(one) == SQL_ERROR);
	fake->in_transaction = false;
	CHECK(is_server(one, "db1"));
	CHECK(driver.disconnect(one) == SQL_SUCCESS);
	CHECK(is_server(one, "stock"));
	CHECK(is_server(two, "db2"));
	CHECK(driver.free_handle(SQL_HANDLE_STMT, two) == SQL_SUCCESS);
	CHECK(is_server(two, "db2"));
	CHECK(driver.free_handle(SQL_HANDLE_DBC, two) == SQL_SUCCESS);
	CHECK(fake->freed == SQL_HANDLE_DBC);
	CHECK(is_server(two, "stock"));
}

/* Each buffer is exactly as large as it says, so that a write behind it is seen. */
static void
a_short_buffer_gets_what_fits(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	for (int room = 0; room < 6; room++)
	{
		char	   *narrow = malloc((size_t) room + 1);
		SQLSMALLINT length = -1;
		SQLRETURN	result = driver.get_info(one, SQL_SERVER_NAME, narrow,
											 (SQLSMALLINT) room, &length);

		CHECK(length == 3);
		CHECK(result == (room > 3 ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO));
		CHECK(room == 0 || strncmp(narrow, "db1", (size_t) room - 1) == 0);
		CHECK(room == 0 || strlen(narrow) == (size_t) (room > 3 ? 3 : room - 1));
		free(narrow);
	}
	CHECK(driver.get_info(one, SQL_SERVER_NAME, NULL, 0, NULL) == SQL_SUCCESS);
	driver.disconnect(one);
}

static void
a_short_wide_buffer_gets_what_fits(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	for (int room = 0; room < 10; room++)
	{
		SQLWCHAR   *wide = malloc((size_t) room + 1);
		SQLSMALLINT length = -1;
		SQLRETURN	result = driver.get_info_wide(one, SQL_SERVER_NAME, wide,
												  (SQLSMALLINT) room, &length);
		int			units = room < 2 ? -1 : room > 7 ? 3 : room / 2 - 1;

		CHECK(length == 6);
		CHECK(result == (room > 7 ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO));
		for (int i = 0; i <= units; i++)
			CHECK(wide[i] == (i < units ? "db1"[i] : 0));
		free(wide);
	}
	driver.disconnect(one);
}

static void
what_the_stock_driver_refuses_is_refused(void)
{
	SQLSMALLINT length;
	char		name[20] = "as it was";

	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	fake->unconnected = true;
	CHECK(driver.get_info(one, SQL_SERVER_NAME, name, sizeof(name), &length) ==
		  SQL_ERROR);
	CHECK(strcmp(name, "as it was") == 0);
	fake->unconnected = false;
	driver.disconnect(one);
}

static void
all_else_is_the_stock_drivers(void)
{
	SQLLEN count = 0;
	char   name[20];

	CHECK(driver.row_count(one, &count) == SQL_SUCCESS && count == 42);
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	CHECK(driver.get_info(one, SQL_DBMS_NAME, name, sizeof(name), NULL) ==
		  SQL_SUCCESS);
	CHECK(strcmp(name, "PostgreSQL") == 0);
	driver.disconnect(one);
}

static void
many_connections_have_their_own(void)
{
	static char dbcs[1000][48];
	char		name[20];

	for (int i = 0; i < 1000; i++)
	{
		snprintf(name, sizeof(name), "stock:db%d", i);
		CHECK(connect_to(dbcs[i], name) == SQL_SUCCESS);
	}
	for (int i = 0; i < 1000; i++)
	{
		snprintf(name, sizeof(name), "db%d", i);
		CHECK(is_server(dbcs[i], name));
		CHECK(driver.disconnect(dbcs[i]) == SQL_SUCCESS);
	}
}

static bool
becomes(const char *utf8, const SQLWCHAR *expected, size_t units)
{
	SQLWCHAR out[20];
	size_t	 length = cm_text_write(utf8, 2, out, sizeof(out));

	return length == units * 2 && out[units] == 0 &&
		   memcmp(out, expected, length) == 0;
}

static void
wide_characters_are_utf16(void)
{
	const SQLWCHAR umlaut[] = {'d', 0xfc};
	const SQLWCHAR euro[] = {0x20ac};
	const SQLWCHAR pair[] = {0xd83d, 0xde00, '!'};
	const SQLWCHAR bad[] = {0xfffd, 'x'};
	const SQLWCHAR bad_three[] = {0xfffd, 0xfffd, 0xfffd};
	SQLWCHAR	   out[4] = {1, 1, 1, 1};

	CHECK(becomes("d\xc3\xbc", umlaut, 2));
	CHECK(becomes("\xe2\x82\xac", euro, 1));
	CHECK(becomes("\xf0\x9f\x98\x80!", pair, 3));
	CHECK(becomes("\xffx", bad, 2));
	CHECK(becomes("\xc3x", bad, 2));
	CHECK(becomes("\xc3", bad, 1));
	CHECK(becomes("\xe2\x82", bad_three, 2));
	/* A surrogate, and a NUL in two bytes. */
	CHECK(becomes("\xed\xa0\x80", bad_three, 3));
	CHECK(becomes("\xc0\x80", bad_three, 2));
	/* No half of a pair, and nothing behind what did not fit. */
	CHECK(cm_text_write("\xf0\x9f\x98\x80!", 2, out, 4) == 6);
	CHECK(out[0] == 0 && out[1] == 1);
}

static void
the_narrow_driver_has_no_wide_functions(void)
{
	CHECK(driver.connect_wide == NULL && driver.get_info_wide == NULL);
	CHECK(driver.driver_connect_wide == NULL && driver.browse_wide == NULL);
}

static void
with_a_stock_libpq_the_stock_driver_answers(void)
{
	CHECK(connect_to(one, "stock:db1") == SQL_SUCCESS);
	CHECK(is_server(one, "stock"));
	CHECK(driver.disconnect(one) == SQL_SUCCESS);
}

int
main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	load(argv[1], "conmgr-odbcw.so");
	RUN(the_instance_is_told_after_each_way_to_connect);
	RUN(without_conmgr_the_stock_driver_answers);
	RUN(a_refused_connect_leaves_nothing);
	RUN(a_disconnect_ends_it_and_a_refused_one_does_not);
	RUN(a_short_buffer_gets_what_fits);
	RUN(a_short_wide_buffer_gets_what_fits);
	RUN(what_the_stock_driver_refuses_is_refused);
	RUN(all_else_is_the_stock_drivers);
	RUN(many_connections_have_their_own);
	RUN(wide_characters_are_utf16);
	/* Its fake has no PQcmLastHost(). */
	load(argv[1], "conmgr-odbca.so");
	RUN(the_narrow_driver_has_no_wide_functions);
	RUN(with_a_stock_libpq_the_stock_driver_answers);
	return finish();
}
