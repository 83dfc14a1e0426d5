/*-------------------------------------------------------------------------
 *
 * events.c
 *	  Event procedures of connections with a handle.
 *
 * The thunks' table only grows.  Connections with procedures are in a list,
 * as an event tells the real connection alone; programs with event procedures
 * are rare, and their connections few.
 *
 *-------------------------------------------------------------------------
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "export.h"
#include "real.h"
#include "settings.h"

/* One more distinct procedure in one process, and registering fails. */
#define MOST_PROCEDURES 32

/* One procedure of one handle. */
typedef struct Registration
{
	struct Registration *next;
	CmHandle			*handle;
	PGEventProc			 thunk;
	void				*argument;
	char				 name[];
} Registration;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PGEventProc	   procedures[MOST_PROCEDURES]; /* append only */
static Registration	  *registrations;
static pthread_once_t  fork_once = PTHREAD_ONCE_INIT;

/* Set while a real connection takes the place of another. */
static _Thread_local bool unheard;

static int call(int number, PGEventId id, void *info, void *argument);

/* clang-format off */
#define THUNK(n)                                            \
	static int thunk_##n(PGEventId id, void *info, void *a) \
	{                                                       \
		return call(n, id, info, a);                        \
	}
#define THUNKS(X)                                                       \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) \
	X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23)   \
	X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)

THUNKS(THUNK)

#define THUNK_NAME(n) thunk_##n,
static const PGEventProc thunks[MOST_PROCEDURES] = {THUNKS(THUNK_NAME)};
/* clang-format on */

static void
lock_for_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void
unlock_after_fork(void)
{
	pthread_mutex_unlock(&lock);
}

static void
fresh_after_fork(void)
{
	pthread_mutex_init(&lock, NULL);
}

static void
prepare_fork(void)
{
	pthread_atfork(lock_for_fork, unlock_after_fork, fresh_after_fork);
}

/* The thunk of a procedure; NULL if it has none (and none is left). */
static PGEventProc
thunk_of(PGEventProc procedure, bool make)
{
	PGEventProc thunk = NULL;

	pthread_once(&fork_once, prepare_fork);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < MOST_PROCEDURES && thunk == NULL; i++)
	{
		if (procedures[i] == NULL)
		{
			if (!make)
				break;
			procedures[i] = procedure;
		}
		if (procedures[i] == procedure)
			thunk = thunks[i];
	}
	pthread_mutex_unlock(&lock);
	return thunk;
}

PGconn *
cm_events_handle(PGconn *real)
{
	PGconn *found = real;

	pthread_mutex_lock(&lock);
	for (Registration *r = registrations; r != NULL; r = r->next)
		if (r->handle->real == real)
			found = (PGconn *) r->handle;
	pthread_mutex_unlock(&lock);
	return found;
}

static int
call(int number, PGEventId id, void *info, void *argument)
{
	PGEventProc procedure = procedures[number];

	if (unheard)
		return 1;
	switch (id)
	{
		/* These three have the same contents. */
		case PGEVT_REGISTER:
		case PGEVT_CONNRESET:
		case PGEVT_CONNDESTROY:
		{
			PGEventRegister event = *(PGEventRegister *) info;

			event.conn = cm_callback_conn(event.conn);
			return procedure(id, &event, argument);
		}
		case PGEVT_RESULTCREATE:
		{
			PGEventResultCreate event = *(PGEventResultCreate *) info;

			event.conn = cm_callback_conn(event.conn);
			return procedure(id, &event, argument);
		}
		default:
			return procedure(id, info, argument);
	}
}

static bool
note(CmHandle *handle, PGEventProc thunk, const char *name, void *argument)
{
	size_t bytes = strlen(name) + 1;
	Registration *new = malloc(sizeof(Registration) + bytes);
	Registration **end;

	if (new == NULL)
		return false;
	*new = (Registration){NULL, handle, thunk, argument};
	memcpy(new->name, name, bytes);
	pthread_mutex_lock(&lock);
	for (end = &registrations; *end != NULL; end = &(*end)->next)
		;
	*end = new;
	pthread_mutex_unlock(&lock);
	return true;
}

/* Forgets the handle's procedures, or only that one. */
static void
strike(CmHandle *handle, PGEventProc thunk)
{
	pthread_mutex_lock(&lock);
	for (Registration **r = &registrations; *r != NULL;)
	{
		Registration *gone = *r;

		if (gone->handle != handle || (thunk != NULL && gone->thunk != thunk))
		{
			r = &gone->next;
			continue;
		}
		*r = gone->next;
		free(gone);
	}
	pthread_mutex_unlock(&lock);
}

static bool
is_noted(CmHandle *handle, PGEventProc thunk)
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (Registration *r = registrations; r != NULL; r = r->next)
		if (r->handle == handle && r->thunk == thunk)
			found = true;
	pthread_mutex_unlock(&lock);
	return found;
}

CM_EXPORT int
PQregisterEventProc(PGconn *conn, PGEventProc proc, const char *name,
					void *passThrough)
{
	CmHandle   *handle = cm_handle(conn);
	PGconn	   *real = cm_unwrap(conn);
	PGEventProc thunk;
	CmHandle   *before;
	int			ok;

	/* libpq's own refusals first */
	if (real == NULL || proc == NULL || name == NULL || name[0] == '\0')
		return cm_real.PQregisterEventProc(real, proc, name, passThrough);
	thunk = thunk_of(proc, true);
	if (thunk == NULL)
		return 0;
	if (handle == NULL)
		return cm_real.PQregisterEventProc(real, thunk, name, passThrough);
	if (is_noted(handle, thunk) || !note(handle, thunk, name, passThrough))
		return 0;
	before = cm_callbacks_enter(handle);
	ok = cm_real.PQregisterEventProc(real, thunk, name, passThrough);
	cm_callbacks_leave(before);
	if (!ok)
		strike(handle, thunk);
	return ok;
}

/* The key under which libpq knows the procedure. */
static PGEventProc
key_of(PGEventProc procedure)
{
	PGEventProc thunk = procedure != NULL ? thunk_of(procedure, false) : NULL;

	return thunk != NULL ? thunk : procedure;
}

CM_EXPORT int
PQsetInstanceData(PGconn *conn, PGEventProc proc, void *data)
{
	return cm_real.PQsetInstanceData(cm_unwrap(conn), key_of(proc), data);
}

CM_EXPORT void *
PQinstanceData(const PGconn *conn, PGEventProc proc)
{
	return cm_real.PQinstanceData(cm_unwrap(conn), key_of(proc));
}

CM_EXPORT int
PQresultSetInstanceData(PGresult *result, PGEventProc proc, void *data)
{
	return cm_real.PQresultSetInstanceData(result, key_of(proc), data);
}

CM_EXPORT void *
PQresultInstanceData(const PGresult *result, PGEventProc proc)
{
	return cm_real.PQresultInstanceData(result, key_of(proc));
}

void
cm_events_carry(CmHandle *handle, PGconn *old, PGconn *new)
{
	unheard = true;
	pthread_mutex_lock(&lock);
	for (Registration *r = registrations; r != NULL; r = r->next)
	{
		if (r->handle != handle)
			continue;
		cm_real.PQregisterEventProc(new, r->thunk, r->name, r->argument);
		cm_real.PQsetInstanceData(new, r->thunk,
								  cm_real.PQinstanceData(old, r->thunk));
	}
	pthread_mutex_unlock(&lock);
	unheard = false;
}

void
cm_finish_quietly(PGconn *real)
{
	unheard = true;
	cm_real.PQfinish(real);
	unheard = false;
}

void
cm_events_finish(CmHandle *handle)
{
	CmHandle *before = cm_callbacks_enter(handle);

	cm_real.PQfinish(handle->real);
	cm_callbacks_leave(before);
	strike(handle, NULL);
}

/* The handle's procedures in their order; the list may change meanwhile. */
static Registration *
nth(CmHandle *handle, int number)
{
	Registration *found = NULL;

	pthread_mutex_lock(&lock);
	for (Registration *r = registrations; r != NULL && found == NULL;
		 r = r->next)
		if (r->handle == handle && number-- == 0)
			found = r;
	pthread_mutex_unlock(&lock);
	return found;
}

void
cm_events_reset(CmHandle *handle)
{
	CmHandle	 *before = cm_callbacks_enter(handle);
	Registration *r;

	for (int i = 0; (r = nth(handle, i)) != NULL; i++)
	{
		PGEventConnReset event = {handle->real};

		/* libpq does not take a failure for one, either. */
		(void) r->thunk(PGEVT_CONNRESET, &event, r->argument);
	}
	cm_callbacks_leave(before);
}
