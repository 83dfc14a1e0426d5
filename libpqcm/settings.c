/*-------------------------------------------------------------------------
 *
 * settings.c
 *	  Settings that outlive a real connection.  Those that libpq can be asked
 *	  for are asked for when they are needed; the others are noted here.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "events.h"
#include "export.h"
#include "real.h"
#include "settings.h"

struct CmSettings
{
	PQnoticeReceiver  receiver;
	void			 *receiver_argument;
	PQnoticeProcessor processor;
	void			 *processor_argument;
	FILE			 *trace;
	int				  trace_flags;
};

static _Thread_local CmHandle *callbacks_for;

CmHandle *
cm_callbacks_enter(CmHandle *handle)
{
	CmHandle *before = callbacks_for;

	callbacks_for = handle;
	return before;
}

void
cm_callbacks_leave(CmHandle *before)
{
	callbacks_for = before;
}

PGconn *
cm_callback_conn(PGconn *real)
{
	if (callbacks_for != NULL && callbacks_for->real == real)
		return (PGconn *) callbacks_for;
	return cm_events_handle(real);
}

/* NULL if memory is out: then the setting lasts for this connection only. */
static CmSettings *
settings_of(CmHandle *handle)
{
	if (handle->settings == NULL)
		handle->settings = calloc(1, sizeof(CmSettings));
	return handle->settings;
}

CM_EXPORT PQnoticeReceiver
PQsetNoticeReceiver(PGconn *conn, PQnoticeReceiver proc, void *arg)
{
	CmHandle   *handle = cm_handle(conn);
	CmSettings *settings;

	if (handle != NULL && handle->real != NULL && proc != NULL &&
		(settings = settings_of(handle)) != NULL)
	{
		settings->receiver = proc;
		settings->receiver_argument = arg;
	}
	return cm_real.PQsetNoticeReceiver(cm_unwrap(conn), proc, arg);
}

CM_EXPORT PQnoticeProcessor
PQsetNoticeProcessor(PGconn *conn, PQnoticeProcessor proc, void *arg)
{
	CmHandle   *handle = cm_handle(conn);
	CmSettings *settings;

	if (handle != NULL && handle->real != NULL && proc != NULL &&
		(settings = settings_of(handle)) != NULL)
	{
		settings->processor = proc;
		settings->processor_argument = arg;
	}
	return cm_real.PQsetNoticeProcessor(cm_unwrap(conn), proc, arg);
}

CM_EXPORT void
PQtrace(PGconn *conn, FILE *debug_port)
{
	CmHandle   *handle = cm_handle(conn);
	CmSettings *settings;

	if (handle != NULL && handle->real != NULL &&
		(settings = settings_of(handle)) != NULL)
	{
		settings->trace = debug_port;
		settings->trace_flags = 0;
	}
	cm_real.PQtrace(cm_unwrap(conn), debug_port);
}

CM_EXPORT void
PQuntrace(PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	if (handle != NULL && handle->real != NULL && handle->settings != NULL)
		handle->settings->trace = NULL;
	cm_real.PQuntrace(cm_unwrap(conn));
}

CM_EXPORT void
PQsetTraceFlags(PGconn *conn, int flags)
{
	CmHandle *handle = cm_handle(conn);

	if (handle != NULL && handle->real != NULL && handle->settings != NULL)
		handle->settings->trace_flags = flags;
	cm_real.PQsetTraceFlags(cm_unwrap(conn), flags);
}

static void
carry_noted(const CmSettings *settings, PGconn *new)
{
	if (settings->receiver != NULL)
		cm_real.PQsetNoticeReceiver(new, settings->receiver,
									settings->receiver_argument);
	if (settings->processor != NULL)
		cm_real.PQsetNoticeProcessor(new, settings->processor,
									 settings->processor_argument);
	if (settings->trace != NULL)
	{
		cm_real.PQtrace(new, settings->trace);
		cm_real.PQsetTraceFlags(new, settings->trace_flags);
	}
}

void
cm_settings_carry(CmHandle *handle, PGconn *new, bool connecting)
{
	PGconn *old = handle->real;

	if (handle->settings != NULL)
		carry_noted(handle->settings, new);
	if (old == NULL)
		return;
	/* Each "set" gives the old value. */
	cm_real.PQsetErrorVerbosity(new,
								cm_real.PQsetErrorVerbosity(old,
															PQERRORS_DEFAULT));
	cm_real
		.PQsetErrorContextVisibility(new,
									 cm_real
										 .PQsetErrorContextVisibility(old,
																	  PQSHOW_CONTEXT_ERRORS));
	cm_events_carry(handle, old, new);
	if (!connecting)
		return;
	if (cm_real.PQisnonblocking(old))
		cm_real.PQsetnonblocking(new, 1);
	if (cm_real.PQpipelineStatus(old) != PQ_PIPELINE_OFF)
		cm_real.PQenterPipelineMode(new);
}

void
cm_settings_finish(CmHandle *handle)
{
	cm_events_finish(handle);
	free(handle->settings);
	handle->settings = NULL;
}
