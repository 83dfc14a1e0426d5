/*-------------------------------------------------------------------------
 *
 * state.c
 *	  The functions that show a connection's state, where libpq does not
 *	  know all of it.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <time.h>

#include "attempt.h"
#include "export.h"
#include "libpqcm.h"
#include "real.h"
#include "watcher.h"

CM_EXPORT ConnStatusType
PQstatus(const PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL)
		return cm_real.PQstatus(conn);
	if (handle->phase == CM_ASKED)
		return CONNECTION_AWAITING_CMRESPONSE;
	if (handle->phase == CM_FAILED)
		return CONNECTION_BAD;
	return cm_real.PQstatus(handle->real);
}

CM_EXPORT char *
PQerrorMessage(const PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle != NULL && handle->real != NULL)
	{
		if (handle->phase == CM_FAILED && handle->kept->error != NULL)
			return handle->kept->error;
		if (handle->attempt != NULL && handle->attempt->errors != NULL)
			return handle->attempt->errors;
	}
	return cm_real.PQerrorMessage(cm_unwrap(conn));
}

CM_EXPORT PQconninfoOption *
PQconninfo(PGconn *conn)
{
	CmHandle		 *handle = cm_handle(conn);
	PQconninfoOption *options = cm_real.PQconninfo(cm_unwrap(conn));

	if (handle == NULL || handle->real == NULL || options == NULL ||
		cm_restore_options(handle, options))
		return options;
	cm_real.PQconninfoFree(options);
	return NULL;
}

/*
 * A program that polls PQcmSocket() may be here before the watcher.  A look
 * costs system calls, so a busy connection gets one per tick of the coarse
 * clock; who has waited for a notice comes in a later tick.
 */
static void
look_for_notice(CmHandle *handle)
{
	struct timespec now;
	uint16_t		tick;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	/* Never 0, which a new handle has. */
	tick = (uint16_t) (now.tv_sec * 1000 + (now.tv_nsec >> 20)) | 1;
	if (tick == handle->looked)
		return;
	handle->looked = tick;
	cm_watch_look(handle);
}

CM_EXPORT int
PQconsumeInput(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle == NULL)
		return cm_real.PQconsumeInput(conn);
	if (handle->watch.conmgr_fd >= 0)
		look_for_notice(handle);
	return cm_real.PQconsumeInput(handle->real);
}

CM_EXPORT int
PQcmSocket(const PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	return handle != NULL ? handle->watch.conmgr_fd : -1;
}

/* The connection that this thread has connected last; told once. */
static _Thread_local struct
{
	const CmHandle *handle;
	uint32_t		generation;
} last;

void
cm_connected(const CmHandle *handle)
{
	last.handle = handle;
	last.generation = handle->generation;
}

CM_EXPORT const char *
PQcmLastHost(void)
{
	const CmHandle *handle = last.handle;

	last.handle = NULL;
	/* A slot stays readable, and has another generation once it is free. */
	if (handle == NULL || handle->generation != last.generation ||
		handle->watch.conmgr_fd < 0 || handle->phase != CM_SETTLED)
		return NULL;
	return cm_real.PQhost(handle->real);
}
