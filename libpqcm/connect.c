/*-------------------------------------------------------------------------
 *
 * connect.c
 *	  The functions that connect and disconnect.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include "attempt.h"
#include "export.h"
#include "real.h"

/* libpq itself calls: by names that the loader has bound to us. */
#define CALLED_BY_REAL() cm_called_by_real(__builtin_return_address(0))

static CmHandle *
start_params(const char *const *keywords, const char *const *values,
			 int expand_dbname)
{
	CmParams *params = cm_params_copy(keywords, values, expand_dbname);

	return params != NULL ? cm_attempt_start(params) : NULL;
}

static CmHandle *
start_conninfo(const char *conninfo)
{
	/* Where this fails, libpq says why. */
	PQconninfoOption *options = cm_real.PQconninfoParse(conninfo, NULL);
	CmParams *params = options != NULL ? cm_params_of_options(options) : NULL;

	cm_real.PQconninfoFree(options);
	return params != NULL ? cm_attempt_start(params) : NULL;
}

static CmHandle *
start_login(const char *pghost, const char *pgport, const char *pgoptions,
			const char *dbName, const char *login, const char *pwd)
{
	/* dbName may be a connection string; the others win over what it says. */
	const char *const keywords[] = {"dbname", "host",	  "port", "options",
									"user",	  "password", NULL};
	const char *const values[] = {dbName, pghost, pgport, pgoptions,
								  login,  pwd,	  NULL};

	return start_params(keywords, values, 1);
}

/* Waits until the socket is ready; false: the present try's time is over. */
static bool
wait_for(const CmHandle *handle, PostgresPollingStatusType status)
{
	struct pollfd socket = {.fd = cm_real.PQsocket(handle->real),
							.events = status == PGRES_POLLING_READING ? POLLIN
																	  : POLLOUT};

	while (socket.fd >= 0)
	{
		int64_t deadline = cm_attempt_deadline(handle);
		int64_t left = deadline < 0 ? -1 : deadline - cm_now_ms();
		int		ready;

		if (deadline >= 0 && left <= 0)
			return false;
		ready = poll(&socket, 1, left > INT_MAX ? INT_MAX : (int) left);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;
	}
	return true;
}

/* As far as the next phase; blocks. */
static PostgresPollingStatusType
proceed(CmHandle *handle, PostgresPollingStatusType status)
{
	if (!wait_for(handle, status))
		return cm_attempt_time_out(handle);
	return cm_attempt_poll(handle);
}

static PGconn *
complete(CmHandle *handle)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (handle->phase != CM_SETTLED && handle->phase != CM_FAILED)
		status = proceed(handle, status);
	return (PGconn *) handle;
}

CM_EXPORT PGconn *
PQconnectStart(const char *conninfo)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_conninfo(conninfo);
	if (handle == NULL)
		return cm_real.PQconnectStart(conninfo);
	return (PGconn *) handle;
}

CM_EXPORT PGconn *
PQconnectStartParams(const char *const *keywords, const char *const *values,
					 int expand_dbname)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_params(keywords, values, expand_dbname);
	if (handle == NULL)
		return cm_real.PQconnectStartParams(keywords, values, expand_dbname);
	return (PGconn *) handle;
}

CM_EXPORT PGconn *
PQconnectdb(const char *conninfo)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_conninfo(conninfo);
	if (handle == NULL)
		return cm_real.PQconnectdb(conninfo);
	return complete(handle);
}

CM_EXPORT PGconn *
PQconnectdbParams(const char *const *keywords, const char *const *values,
				  int expand_dbname)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_params(keywords, values, expand_dbname);
	if (handle == NULL)
		return cm_real.PQconnectdbParams(keywords, values, expand_dbname);
	return complete(handle);
}

CM_EXPORT PGconn *
PQsetdbLogin(const char *pghost, const char *pgport, const char *pgoptions,
			 const char *pgtty, const char *dbName, const char *login,
			 const char *pwd)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_login(pghost, pgport, pgoptions, dbName, login, pwd);
	if (handle == NULL)
		return cm_real.PQsetdbLogin(pghost, pgport, pgoptions, pgtty, dbName,
									login, pwd);
	return complete(handle);
}

CM_EXPORT PostgresPollingStatusType
PQconnectPoll(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->real == NULL)
		return cm_real.PQconnectPoll(cm_unwrap(conn));
	return cm_attempt_poll(handle);
}

CM_EXPORT int
PQresetStart(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->real == NULL)
		return cm_real.PQresetStart(cm_unwrap(conn));
	return cm_attempt_restart(handle);
}

CM_EXPORT PostgresPollingStatusType
PQresetPoll(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->real == NULL)
		return cm_real.PQresetPoll(cm_unwrap(conn));
	return cm_attempt_poll(handle);
}

CM_EXPORT void
PQreset(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL || handle->real == NULL)
		cm_real.PQreset(cm_unwrap(conn));
	else if (cm_attempt_restart(handle))
		complete(handle);
}

CM_EXPORT void
PQfinish(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL)
		cm_real.PQfinish(conn);
	else if (handle->real != NULL)
		cm_attempt_finish(handle);
}

/* The server that stage 1 leads to is pinged by libpq, each host in turn. */
static PGPing
ping(CmHandle *handle)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;
	PGPing					  result = PQPING_NO_RESPONSE;

	while (handle->phase != CM_FAILED && handle->phase != CM_SETTLED)
	{
		if (handle->phase != CM_ORDINARY && handle->phase != CM_SENT_ON)
		{
			status = proceed(handle, status);
			continue;
		}
		result = cm_attempt_ping(handle);
		if (result != PQPING_NO_RESPONSE)
			break;
		status = cm_attempt_next(handle, "no response");
	}
	cm_attempt_finish(handle);
	return result;
}

CM_EXPORT PGPing
PQping(const char *conninfo)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_conninfo(conninfo);
	return handle != NULL ? ping(handle) : cm_real.PQping(conninfo);
}

CM_EXPORT PGPing
PQpingParams(const char *const *keywords, const char *const *values,
			 int expand_dbname)
{
	CmHandle *handle = NULL;

	if (!CALLED_BY_REAL() && cm_may_front())
		handle = start_params(keywords, values, expand_dbname);
	return handle != NULL
			   ? ping(handle)
			   : cm_real.PQpingParams(keywords, values, expand_dbname);
}
