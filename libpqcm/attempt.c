/*-------------------------------------------------------------------------
 *
 * attempt.c
 *	  The life of a handle from PQconnectStart() to its connection.
 *
 *	from		event								to
 *	-			next host is TCP and not known		DIALLING
 *	-			next host is anything else			ORDINARY
 *	-			no next host						FAILED
 *	DIALLING	connected: ask						ASKED
 *	DIALLING	cannot be reached					(next host)
 *	ASKED		'N': goes on with this socket		ORDINARY
 *	ASKED		'G', 'E': dials again				ORDINARY
 *	ASKED		'c': dials the instance				SENT_ON
 *	ASKED		'e', nonsense, end					(next host)
 *	ORDINARY	an LSN is wanted					(next host)
 *	ORDINARY,	libpq is connected					SETTLED
 *	SENT_ON		libpq would try the next host		(next host)
 *				libpq gives up						FAILED
 *	SENT_ON		failed, and conmgr's notice is there (next host)
 *	any			the time is over					(next host)
 *
 * "libpq would try the next host" is seen by giving it one: each real
 * connection that is not the last gets a second host, the marker, whose
 * address cannot be parsed.  If libpq stands there, it has tried it.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dial.h"
#include "known.h"
#include "real.h"
#include "settings.h"
#include "watcher.h"

/* How long an answer from this machine may take, where nothing is set. */
#define LOCAL_LIMIT_MS 5000

int64_t
cm_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*-------------------------------------------------------------------------
 * From host to host
 *-------------------------------------------------------------------------
 */

static PostgresPollingStatusType
give_up(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	cm_watch_stop(handle);
	if (cm_real.PQstatus(handle->real) != CONNECTION_BAD ||
		cm_stands_at_marker(handle))
		cm_bury(handle);
	free(handle->kept->error);
	handle->kept->error = attempt->errors;
	attempt->errors = NULL;
	cm_attempt_free(handle);
	handle->phase = CM_FAILED;
	return PGRES_POLLING_FAILED;
}

/* To the next host that is to be tried; false if there is none. */
static bool
step(CmAttempt *attempt)
{
	do
	{
		attempt->at++;
		if (attempt->at == attempt->hosts.count)
		{
			if (!attempt->two_passes || attempt->second_pass)
				return false;
			attempt->second_pass = true;
			attempt->at = 0;
		}
	} while (attempt->second_pass && cm_current(attempt)->silent);
	attempt->address[0] = '\0';
	attempt->first_address = true;
	attempt->have = 0;
	return true;
}

PostgresPollingStatusType
cm_attempt_next_host(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	cm_watch_stop(handle);
	while (step(attempt))
	{
		const CmHost *host = cm_current(attempt);
		int64_t		  now = cm_now_ms();
		bool		  ask = host->tcp && !cm_is_known(host, now);

		if (!cm_dial(handle, ask ? CM_DIALLING : CM_ORDINARY))
		{
			cm_add_error(attempt, "out of memory\n", 14);
			return give_up(handle);
		}
		attempt->tries++;
		attempt->started_ms = now;
		if (cm_real.PQstatus(handle->real) != CONNECTION_BAD)
			return PGRES_POLLING_WRITING;
		cm_add_libpq_error(handle);
		if (!cm_stands_at_marker(handle))
			return give_up(handle);
		cm_current(attempt)->silent = true;
	}
	return give_up(handle);
}

PostgresPollingStatusType
cm_attempt_next(CmHandle *handle, const char *reason)
{
	cm_add_reason(handle, reason);
	return cm_attempt_next_host(handle);
}

static PostgresPollingStatusType
next_for_errno(CmHandle *handle, const char *what, int error)
{
	char					  buffer[128];
	char					 *reason;
	PostgresPollingStatusType status;

	if (asprintf(&reason, "%s: %s", what,
				 strerror_r(error, buffer, sizeof(buffer))) < 0)
		return cm_attempt_next(handle, what);
	status = cm_attempt_next(handle, reason);
	free(reason);
	return status;
}

/* libpq says that the real connection has failed. */
static PostgresPollingStatusType
on_libpq_failed(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;
	bool	   on = cm_stands_at_marker(handle);

	cm_add_libpq_error(handle);
	if (handle->phase == CM_DIALLING)
		cm_current(attempt)->silent = true;
	/* Perhaps it is no longer what it was. */
	if (handle->phase == CM_ORDINARY)
		cm_forget(cm_current(attempt));
	if (handle->phase == CM_SENT_ON && cm_watch_look(handle))
		on = true;
	return on ? cm_attempt_next_host(handle) : give_up(handle);
}

/*-------------------------------------------------------------------------
 * Stage 1
 *-------------------------------------------------------------------------
 */

/* How long conmgr may wait for an instance; a mere preference does not. */
static int64_t
patience_ms(const CmHandle *handle)
{
	const CmAttempt *attempt = handle->attempt;
	int64_t			 deadline = cm_attempt_deadline(handle);
	int64_t			 left = deadline - cm_now_ms();

	if (attempt->two_passes && !attempt->second_pass)
		return 0;
	return deadline < 0 ? -1 : left > 0 ? left : 0;
}

static PostgresPollingStatusType
ask(CmHandle *handle)
{
	const CmAttempt *attempt = handle->attempt;
	CmQuestion		 question = {.attrs = cm_wanted_attrs(handle),
								 .min_lsn = attempt->min_lsn,
								 .application_name = attempt->application_name,
								 .pid = (long) getpid(),
								 .libpq_version = cm_real_version};
	uint8_t			 bytes[CM_QUESTION_BYTES];
	size_t			 length;
	ssize_t			 sent;

	handle->phase = CM_ASKED;
	question.wait_ms = patience_ms(handle);
	length = cm_question_write(bytes, &question);
	sent = send(cm_real.PQsocket(handle->real), bytes, length,
				MSG_NOSIGNAL | MSG_DONTWAIT);

	/* A new socket has room for so little. */
	if (sent != (ssize_t) length)
		return next_for_errno(handle, "could not send the question to conmgr",
							  sent < 0 ? errno : ENOBUFS);
	return PGRES_POLLING_READING;
}

static PostgresPollingStatusType
poll_dialling(CmHandle *handle)
{
	struct pollfd			  socket = {.fd = cm_real.PQsocket(handle->real),
										.events = POLLOUT};
	PostgresPollingStatusType status;

	if (poll(&socket, 1, 0) <= 0)
		return PGRES_POLLING_WRITING;
	if ((socket.revents & (POLLERR | POLLNVAL)) == 0)
		return ask(handle);

	/* libpq takes the error, and perhaps the name's next address. */
	status = cm_real.PQconnectPoll(handle->real);
	if (status == PGRES_POLLING_FAILED)
		return on_libpq_failed(handle);
	handle->attempt->first_address = false;
	handle->attempt->tries++;
	handle->attempt->started_ms = cm_now_ms();
	if (cm_real.PQstatus(handle->real) != CONNECTION_STARTED)
		handle->phase = CM_ORDINARY;
	return status;
}

/* The same host, by libpq alone; not at addresses that have failed. */
static PostgresPollingStatusType
redial(CmHandle *handle)
{
	CmAttempt  *attempt = handle->attempt;
	const char *address = cm_real.PQhostaddr(handle->real);

	if (address != NULL && cm_current(attempt)->hostaddr[0] == '\0' &&
		!attempt->first_address)
		snprintf(attempt->address, sizeof(attempt->address), "%s", address);
	if (!cm_dial(handle, CM_ORDINARY))
		return cm_attempt_next(handle, "out of memory");
	if (cm_real.PQstatus(handle->real) == CONNECTION_BAD)
		return on_libpq_failed(handle);
	return PGRES_POLLING_WRITING;
}

static bool
names_itself(const CmHandle *handle, const CmAnswer *answer)
{
	const char *address = cm_real.PQhostaddr(handle->real);
	const char *port = cm_real.PQport(handle->real);

	return address != NULL && port != NULL &&
		   strcmp(address, answer->hostaddr) == 0 &&
		   strtol(port, NULL, 10) == answer->port;
}

static bool
heeds_wish(const CmAttempt *attempt, const CmAnswer *answer)
{
	return attempt->min_lsn[0] == '\0' ||
		   (answer->min_lsn != NULL &&
			strcmp(answer->min_lsn, attempt->min_lsn) == 0);
}

static PostgresPollingStatusType
go_there(CmHandle *handle, const CmAnswer *answer)
{
	int conmgr_fd;

	if (names_itself(handle, answer))
		return cm_attempt_next(handle, "conmgr's answer names conmgr itself");
	if (!heeds_wish(handle->attempt, answer))
		return cm_attempt_next(handle,
							   "conmgr does not know min_lsn, its version is too old");
	conmgr_fd = fcntl(cm_real.PQsocket(handle->real), F_DUPFD_CLOEXEC, 3);
	if (conmgr_fd < 0)
		return next_for_errno(handle, "could not keep conmgr's socket", errno);
	if (!cm_watch_start(handle, conmgr_fd))
	{
		int error = errno;

		close(conmgr_fd);
		return next_for_errno(handle, "could not watch conmgr's socket", error);
	}
	if (!cm_dial(handle, CM_SENT_ON))
		return cm_attempt_next(handle, "out of memory");
	if (cm_real.PQstatus(handle->real) == CONNECTION_BAD)
		return on_libpq_failed(handle);
	if (!cm_watch_sql(handle, cm_real.PQsocket(handle->real)))
		return next_for_errno(handle, "could not watch the connection", errno);
	return PGRES_POLLING_WRITING;
}

static PostgresPollingStatusType
go_on(CmHandle *handle)
{
	cm_remember(cm_current(handle->attempt), cm_now_ms());
	if (handle->attempt->must_redial)
		return redial(handle);
	handle->phase = CM_ORDINARY;
	return cm_attempt_poll(handle);
}

static PostgresPollingStatusType
on_refusal(CmHandle *handle, const char *message)
{
	PostgresPollingStatusType status;
	char					 *reason;

	/* The message is in the attempt's buffer, which the next host reuses. */
	if (asprintf(&reason, "conmgr: %s", message) < 0)
		return cm_attempt_next(handle, "conmgr refuses");
	status = cm_attempt_next(handle, reason);
	free(reason);
	return status;
}

static PostgresPollingStatusType
poll_asked(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	for (;;)
	{
		CmAnswer answer = cm_answer_parse(attempt->answer, attempt->have);
		ssize_t	 got;

		switch (answer.kind)
		{
			case CM_ANSWER_MORE:
				break;
			case CM_ANSWER_INSTANCE:
				return go_there(handle, &answer);
			case CM_ANSWER_REFUSAL:
				return on_refusal(handle, answer.message);
			case CM_ANSWER_GO_ON:
				return go_on(handle);
			case CM_ANSWER_REDIAL:
				cm_remember(cm_current(attempt), cm_now_ms());
				return redial(handle);
			case CM_ANSWER_BAD:
				return cm_attempt_next(handle, answer.message);
		}
		got = recv(cm_real.PQsocket(handle->real),
				   attempt->answer + attempt->have, answer.wanted, MSG_DONTWAIT);
		if (got > 0)
			attempt->have += (size_t) got;
		else if (got == 0)
			return cm_attempt_next(handle,
								   "the server closed the connection without an answer");
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return PGRES_POLLING_READING;
		else if (errno != EINTR)
			return next_for_errno(handle, "could not receive conmgr's answer",
								  errno);
	}
}

/*-------------------------------------------------------------------------
 * Stage 2, and servers that are not asked
 *-------------------------------------------------------------------------
 */

static void
settle(CmHandle *handle)
{
	bool is_reset = handle->attempt->is_reset;

	cm_attempt_free(handle);
	free(handle->kept->error);
	handle->kept->error = NULL;
	handle->phase = CM_SETTLED;
	cm_connected(handle);
	if (is_reset)
		cm_events_reset(handle);
}

static PostgresPollingStatusType
poll_libpq(CmHandle *handle)
{
	CmHandle				 *before = cm_callbacks_enter(handle);
	PostgresPollingStatusType status = cm_real.PQconnectPoll(handle->real);

	cm_callbacks_leave(before);
	if (status == PGRES_POLLING_FAILED)
		return on_libpq_failed(handle);
	/* libpq may have dialled once more, without TLS for example. */
	if (!cm_watch_sql(handle, cm_real.PQsocket(handle->real)))
		return next_for_errno(handle, "could not watch the connection", errno);
	if (status == PGRES_POLLING_OK)
		settle(handle);
	return status;
}

PostgresPollingStatusType
cm_attempt_poll(CmHandle *handle)
{
	switch ((CmPhase) handle->phase)
	{
		case CM_DIALLING:
			return poll_dialling(handle);
		case CM_ASKED:
			return poll_asked(handle);
		case CM_ORDINARY:
			if (handle->attempt->min_lsn[0] != '\0')
				return cm_attempt_next(handle,
									   "it is no conmgr, which alone knows who has replayed min_lsn");
			return poll_libpq(handle);
		case CM_SENT_ON:
			return poll_libpq(handle);
		case CM_SETTLED:
			return cm_real.PQconnectPoll(handle->real);
		case CM_FAILED:
			break;
	}
	return PGRES_POLLING_FAILED;
}

/*-------------------------------------------------------------------------
 * Time
 *-------------------------------------------------------------------------
 */

static bool
is_local(const CmHandle *handle)
{
	const char *address = cm_real.PQhostaddr(handle->real);

	return address != NULL &&
		   (strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0);
}

int64_t
cm_attempt_deadline(const CmHandle *handle)
{
	const CmAttempt *attempt = handle->attempt;

	if (attempt->timeout_s > 0)
		return attempt->started_ms + (int64_t) attempt->timeout_s * 1000;
	if (handle->phase == CM_ASKED && is_local(handle))
		return attempt->started_ms + LOCAL_LIMIT_MS;
	return -1;
}

PostgresPollingStatusType
cm_attempt_time_out(CmHandle *handle)
{
	CmAttempt	 *attempt = handle->attempt;
	const CmHost *host = cm_current(attempt);
	const char	 *address = cm_real.PQhostaddr(handle->real);
	char		  next[sizeof(attempt->address)];

	cm_add_reason(handle, "timeout expired");
	if (handle->phase != CM_SENT_ON && host->tcp && host->hostaddr[0] == '\0' &&
		address != NULL &&
		cm_address_behind(host->host, address, next, sizeof(next)))
	{
		memcpy(attempt->address, next, sizeof(next));
		attempt->have = 0;
		attempt->tries++;
		attempt->started_ms = cm_now_ms();
		if (cm_dial(handle, cm_is_known(host, attempt->started_ms)
								? CM_ORDINARY
								: CM_DIALLING))
			return cm_real.PQstatus(handle->real) == CONNECTION_BAD
					   ? on_libpq_failed(handle)
					   : PGRES_POLLING_WRITING;
	}
	cm_current(attempt)->silent = true;
	return cm_attempt_next_host(handle);
}
