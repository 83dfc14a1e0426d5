/*-------------------------------------------------------------------------
 *
 * real.h
 *	  The real libpq behind us, and whether we may stand in front of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_REAL_H
#define LIBPQCM_REAL_H

#include <stdbool.h>

#include <libpq-fe.h>
#include <libpq-events.h>

/* The versions of libpq that the tests run with; any other passes through. */
#define CM_OLDEST_TESTED 14
#define CM_NEWEST_TESTED 18

/* The functions that our own code calls; each is in every tested version. */
#define CM_REAL_FUNCTIONS(X)       \
	X(PQconnectStart)              \
	X(PQconnectStartParams)        \
	X(PQconnectdb)                 \
	X(PQconnectdbParams)           \
	X(PQsetdbLogin)                \
	X(PQconnectPoll)               \
	X(PQresetStart)                \
	X(PQresetPoll)                 \
	X(PQreset)                     \
	X(PQping)                      \
	X(PQpingParams)                \
	X(PQfinish)                    \
	X(PQstatus)                    \
	X(PQsocket)                    \
	X(PQhost)                      \
	X(PQhostaddr)                  \
	X(PQport)                      \
	X(PQerrorMessage)              \
	X(PQconninfo)                  \
	X(PQconninfoParse)             \
	X(PQconninfoFree)              \
	X(PQconsumeInput)              \
	X(PQgetCancel)                 \
	X(PQfreeCancel)                \
	X(PQcancel)                    \
	X(PQrequestCancel)             \
	X(PQisnonblocking)             \
	X(PQsetnonblocking)            \
	X(PQpipelineStatus)            \
	X(PQenterPipelineMode)         \
	X(PQsetErrorVerbosity)         \
	X(PQsetErrorContextVisibility) \
	X(PQsetNoticeReceiver)         \
	X(PQsetNoticeProcessor)        \
	X(PQtrace)                     \
	X(PQuntrace)                   \
	X(PQsetTraceFlags)             \
	X(PQregisterEventProc)         \
	X(PQinstanceData)              \
	X(PQsetInstanceData)           \
	X(PQresultInstanceData)        \
	X(PQresultSetInstanceData)     \
	X(PQgetSSLKeyPassHook_OpenSSL) \
	X(PQsetSSLKeyPassHook_OpenSSL) \
	X(PQdefaultSSLKeyPassHook_OpenSSL)

typedef struct CmReal
{
#define CM_REAL_POINTER(name) __typeof__(name) *name;
	CM_REAL_FUNCTIONS(CM_REAL_POINTER)
#undef CM_REAL_POINTER
} CmReal;

/* Shared, read only once the library is loaded. */
extern CmReal cm_real;

/* PQlibVersion() of the real one; 0 if there is none. */
extern int cm_real_version;

/*
 * Whether connections may become handles.  If not, each connect function goes
 * straight to the real libpq; the first call says why, on stderr.
 */
extern bool cm_may_front(void);

/*
 * Whether that return address lies in the real libpq: it calls itself by
 * names that the loader has bound to us, and must get real connections.
 */
extern bool cm_called_by_real(const void *return_address);

/* A function of the real libpq that only newer ones have, or NULL. */
extern void *cm_real_function(const char *name);

#endif /* LIBPQCM_REAL_H */
