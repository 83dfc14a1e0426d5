/*-------------------------------------------------------------------------
 *
 * options.c
 *	  What the application's parameters come to.
 *
 * libpq puts them together in PQconnectStartParams(), and shows the result in
 * PQconninfo() of that connection.  To make a connection just for that costs
 * more than all else that we do in a connect; so where no service file is
 * involved it is done here, by libpq's own table: for each option, what the
 * application gives, else the environment variable, else the default.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "options.h"
#include "real.h"

/* An sslmode that no libpq has. */
#define READ_ONLY_SSLMODE "conmgr-reads-options"

/* Those that we go by; all others may lack a value that is a default. */
static const char *const needed[] = {"host",
									 "hostaddr",
									 "port",
									 "target_session_attrs",
									 "gssencmode",
									 "load_balance_hosts",
									 "connect_timeout",
									 "application_name",
									 "fallback_application_name",
									 "sslnegotiation",
									 "service"};

/* libpq puts it together: a connection that fails before anything is sent. */
static PQconninfoOption *
ask_libpq(CmParams *params)
{
	PQconninfoOption *options = NULL;
	PGconn			 *conn;

	cm_params_override(params, "sslmode", READ_ONLY_SSLMODE);
	conn = cm_start_real(params);
	cm_params_reset(params);
	if (conn != NULL &&
		strstr(cm_real.PQerrorMessage(conn), READ_ONLY_SSLMODE) != NULL)
		options = cm_real.PQconninfo(conn);
	cm_real.PQfinish(conn);
	return options;
}

static PQconninfoOption *
find(PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options;
	return NULL;
}

/* False: no such option, or memory is out. */
static bool
set(PQconninfoOption *option, const char *value)
{
	char *copy = option != NULL ? strdup(value) : NULL;

	if (copy == NULL)
		return false;
	free(option->val);
	option->val = copy;
	return true;
}

/* Whether libpq takes a dbname for a connection string. */
static bool
is_conninfo(const char *dbname)
{
	return strncmp(dbname, "postgresql://", 13) == 0 ||
		   strncmp(dbname, "postgres://", 11) == 0 ||
		   strchr(dbname, '=') != NULL;
}

static bool
set_all(PQconninfoOption *options, const char *conninfo)
{
	PQconninfoOption *given = cm_real.PQconninfoParse(conninfo, NULL);
	bool			  ok = given != NULL;

	for (PQconninfoOption *g = given; ok && g->keyword != NULL; g++)
		ok = g->val == NULL || set(find(options, g->keyword), g->val);
	cm_real.PQconninfoFree(given);
	return ok;
}

/* The last value of an option counts, and only the first dbname is expanded. */
static bool
set_given(PQconninfoOption *options, const CmParams *params)
{
	bool expand = params->expand_dbname != 0;

	for (int i = 0; i < params->count; i++)
	{
		const char *keyword = params->keywords[i];
		const char *value = params->values[i];
		bool		first_dbname = expand && strcmp(keyword, "dbname") == 0;

		if (first_dbname)
			expand = false;
		if (value[0] == '\0')
			continue;
		if (first_dbname && is_conninfo(value)
				? !set_all(options, value)
				: !set(find(options, keyword), value))
			return false;
	}
	return true;
}

static bool
set_defaults(PQconninfoOption *options)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
	{
		PQconninfoOption *option = find(options, needed[i]);
		const char		 *value = NULL;

		/* An older libpq does not have all of them. */
		if (option == NULL || option->val != NULL)
			continue;
		if (option->envvar != NULL)
			value = getenv(option->envvar);
		if (value == NULL)
			value = option->compiled;
		if (value != NULL && !set(option, value))
			return false;
	}
	return true;
}

PQconninfoOption *
cm_options_read(CmParams *params)
{
	PQconninfoOption *options = cm_real.PQconninfoParse("", NULL);

	if (options != NULL && set_given(options, params) &&
		set_defaults(options) && cm_option(options, "service") == NULL)
		return options;
	cm_real.PQconninfoFree(options);
	return ask_libpq(params);
}
