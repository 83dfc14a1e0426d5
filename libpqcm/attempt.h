/*-------------------------------------------------------------------------
 *
 * attempt.h
 *	  The life of a handle from PQconnectStart() to its connection.
 *
 * The stock libpq makes every connection.  An attempt is at one host of the
 * list at a time, with a real connection to just this host; what the phases
 * mean is in handle.h, what leads from one to the other in attempt.c.
 *
 * Nothing here blocks, but for the name resolution within libpq.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_ATTEMPT_H
#define LIBPQCM_ATTEMPT_H

#include <stdint.h>

#include "handle.h"
#include "hosts.h"
#include "params.h"
#include "question.h"

/* What of the application's parameters is not on the real connection. */
typedef enum CmKeptOption
{
	CM_HOST,
	CM_HOSTADDR,
	CM_PORT,
	CM_ATTRS,
	CM_GSSENCMODE,
	CM_BALANCE,
	CM_KEPT_OPTIONS
} CmKeptOption;

struct CmKept
{
	char *values[CM_KEPT_OPTIONS]; /* NULL: not set */
	char *error;				   /* what PQerrorMessage() says once FAILED */
};

struct CmAttempt
{
	CmParams *params;
	CmHosts	  hosts;
	int		  at; /* index of the host */

	/*
	 * prefer-standby over several hosts: first all of them for a standby, then
	 * all of them for anything.
	 */
	bool two_passes;
	bool second_pass;

	char attrs[32];				/* target_session_attrs without min_lsn */
	char min_lsn[CM_LSN_BYTES]; /* "": any instance will do */

	bool	 must_redial;	/* after 'N', the socket cannot be used */
	bool	 knows_balance; /* this libpq has load_balance_hosts */
	bool	 is_reset;
	bool	 marked; /* the real connection has the marker as second host */
	bool	 first_address; /* none of the host's addresses has failed so far */
	int		 timeout_s;		/* connect_timeout; 0: none */
	char	 application_name[65];
	char	 default_port[8];
	char	 address[64]; /* the one of the host's addresses to use, or "" */
	uint32_t tries;		  /* counts what has a time limit of its own */
	int64_t	 started_ms;  /* of the present one */
	char	*errors;
	size_t	 have;
	uint8_t	 answer[CM_ANSWER_BYTES];
};

/*
 * A handle that is connecting (or has failed).  NULL: these parameters are
 * for libpq alone: no TCP host, an error that it reports, or memory is out.
 * Takes the parameters over in any case.
 */
extern CmHandle *cm_attempt_start(CmParams *params);

/* PQresetStart(). */
extern bool cm_attempt_restart(CmHandle *handle);

/* PQconnectPoll(). */
extern PostgresPollingStatusType cm_attempt_poll(CmHandle *handle);

/* The present try is over: goes on to the next address or host. */
extern PostgresPollingStatusType cm_attempt_time_out(CmHandle *handle);

/* The present host has failed for that reason: goes on to the next. */
extern PostgresPollingStatusType
cm_attempt_next(CmHandle *handle, const char *reason);

/*
 * When the present try is over: monotonic milliseconds, -1 for never.  Also
 * limits the wait for an answer from this machine where the application set
 * no limit.
 */
extern int64_t cm_attempt_deadline(const CmHandle *handle);

/* PQping() on the server that stage 1 has led to. */
extern PGPing cm_attempt_ping(CmHandle *handle);

/*
 * Puts the application's own values into what PQconninfo() gives for the real
 * connection.  False: memory is out.
 */
extern bool
cm_restore_options(const CmHandle *handle, PQconninfoOption *options);

/* Ends everything that the handle stands for. */
extern void cm_attempt_finish(CmHandle *handle);

/* From state.c: this thread has just connected it. */
extern void cm_connected(const CmHandle *handle);

extern int64_t cm_now_ms(void);

#endif /* LIBPQCM_ATTEMPT_H */
