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
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "known.h"
#include "real.h"
#include "settings.h"
#include "watcher.h"

#define MARKER "conmgr-next-host"

/* An sslmode that no libpq has, see read_options(). */
#define READ_ONLY_SSLMODE "conmgr-reads-options"

/* A host or address with the marker behind it. */
#define LIST_BYTES 1024

/* How long an answer from this machine may take, where nothing is set. */
#define LOCAL_LIMIT_MS 5000

/* The errors of all hosts together; what comes after is not shown. */
#define MOST_ERROR_BYTES 65536

const char *const cm_kept_keywords[CM_KEPT_OPTIONS] = {"host",
													   "hostaddr",
													   "port",
													   "target_session_attrs",
													   "gssencmode",
													   "load_balance_hosts"};

int64_t
cm_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static CmHost *
current(const CmAttempt *attempt)
{
	return &attempt->hosts.entries[attempt->at];
}

/* Memory being out just loses text. */
static void
add_error(CmAttempt *attempt, const char *text, size_t length)
{
	size_t have = attempt->errors != NULL ? strlen(attempt->errors) : 0;
	char  *longer;

	if (length == 0 || have + length > MOST_ERROR_BYTES)
		return;
	longer = realloc(attempt->errors, have + length + 2);
	if (longer == NULL)
		return;
	attempt->errors = longer;
	memcpy(longer + have, text, length);
	have += length;
	if (longer[have - 1] != '\n')
		longer[have++] = '\n';
	longer[have] = '\0';
}

/* In libpq's words, so that all errors read alike. */
static void
add_reason(CmHandle *handle, const char *reason)
{
	const char *host = cm_real.PQhost(handle->real);
	const char *address = cm_real.PQhostaddr(handle->real);
	const char *port = cm_real.PQport(handle->real);
	bool		both;
	char	   *text;
	int			length;

	host = host != NULL ? host : "";
	address = address != NULL ? address : "";
	both = address[0] != '\0' && strcmp(address, host) != 0;
	length = asprintf(&text,
					  "connection to server at \"%s\"%s%s%s, port %s failed: "
					  "%s\n",
					  host, both ? " (" : "", both ? address : "",
					  both ? ")" : "", port != NULL ? port : "", reason);
	if (length < 0)
		return;
	add_error(handle->attempt, text, (size_t) length);
	free(text);
}

/* What libpq says, without its line on the marker. */
static void
add_libpq_error(CmHandle *handle)
{
	const char *text = cm_real.PQerrorMessage(handle->real);
	const char *marker = strstr(text, MARKER);
	size_t		length = strlen(text);

	if (marker != NULL)
		for (length = (size_t) (marker - text);
			 length > 0 && text[length - 1] != '\n'; length--)
			;
	add_error(handle->attempt, text, length);
}

static bool
stands_at_marker(const CmHandle *handle)
{
	const char *host = cm_real.PQhost(handle->real);

	return host != NULL && strcmp(host, MARKER) == 0;
}

static void
free_attempt(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	handle->attempt = NULL;
	if (attempt == NULL)
		return;
	cm_params_free(attempt->params);
	cm_hosts_free(&attempt->hosts);
	free(attempt->errors);
	free(attempt);
}

static void
free_kept(CmKept *kept)
{
	for (int i = 0; kept != NULL && i < CM_KEPT_OPTIONS; i++)
		free(kept->values[i]);
	if (kept != NULL)
		free(kept->error);
	free(kept);
}

/*-------------------------------------------------------------------------
 * A real connection for the present host
 *-------------------------------------------------------------------------
 */

/* The texts of the overrides, until libpq has copied them. */
typedef struct Target
{
	char host[LIST_BYTES];
	char hostaddr[LIST_BYTES];
	char port[16];
} Target;

static bool
has_more_hosts(const CmAttempt *attempt)
{
	if (attempt->two_passes && !attempt->second_pass)
		return true;
	return attempt->at + 1 < attempt->hosts.count;
}

static const char *
given(const CmHandle *handle, CmKeptOption option)
{
	return handle->kept->values[option];
}

/* What is asked of conmgr. */
static const char *
wanted_attrs(const CmHandle *handle)
{
	const CmAttempt *attempt = handle->attempt;
	const char		*attrs = given(handle, CM_ATTRS);

	if (attempt->two_passes)
		return attempt->second_pass ? "any" : "standby";
	return attrs != NULL ? attrs : "any";
}

/* An empty element of a list that is not empty is only kept in a list. */
static bool
needs_marker(const CmHandle *handle, CmPhase phase)
{
	const CmHost *host = current(handle->attempt);

	if (has_more_hosts(handle->attempt))
		return true;
	if (phase == CM_SENT_ON)
		return false;
	return (host->host[0] == '\0' && given(handle, CM_HOST) != NULL) ||
		   (host->hostaddr[0] == '\0' && given(handle, CM_HOSTADDR) != NULL &&
			handle->attempt->address[0] == '\0');
}

/* False: a name is too long. */
static bool
join(char *list, const char *element, bool marked)
{
	int length =
		snprintf(list, LIST_BYTES, "%s%s", element, marked ? "," MARKER : "");

	return length >= 0 && length < LIST_BYTES;
}

/* To the present host, or to where conmgr's answer says. */
static bool
aim(CmHandle *handle, CmPhase phase, Target *target)
{
	CmAttempt	 *attempt = handle->attempt;
	CmParams	 *params = attempt->params;
	const CmHost *host = current(attempt);
	const char	 *attrs = wanted_attrs(handle);
	const char	 *name = host->host;
	const char	 *address =
		  attempt->address[0] != '\0' ? attempt->address : host->hostaddr;
	bool ok;

	attempt->marked = needs_marker(handle, phase);
	snprintf(target->port, sizeof(target->port), "%.15s",
			 host->port[0] != '\0' ? host->port : attempt->default_port);
	if (phase == CM_SENT_ON)
	{
		CmAnswer answer = cm_answer_parse(attempt->answer, attempt->have);

		name = answer.host;
		address = answer.hostaddr;
		snprintf(target->port, sizeof(target->port), "%u", answer.port);
		/* conmgr has preferred already. */
		if (strcmp(attrs, "prefer-standby") == 0)
			attrs = "any";
	}
	ok = join(target->host, name, attempt->marked) &&
		 join(target->hostaddr, address, attempt->marked);

	cm_params_reset(params);
	if (name[0] != '\0' || given(handle, CM_HOST) != NULL)
		cm_params_override(params, "host", target->host);
	cm_params_override(params, "hostaddr", target->hostaddr);
	cm_params_override(params, "port", target->port);
	cm_params_override(params, "target_session_attrs", attrs);
	/* The question is a GSSENCRequest; the server takes no second one. */
	if (phase == CM_DIALLING)
		cm_params_override(params, "gssencmode", "disable");
	if (attempt->marked && attempt->knows_balance)
		cm_params_override(params, "load_balance_hosts", "disable");
	return ok;
}

static PGconn *
start_real(const CmParams *params)
{
	return cm_real.PQconnectStartParams(params->keywords, params->values,
										params->expand_dbname);
}

/*
 * The new real connection takes the place of the old one, which is ended:
 * after the new one has begun, so that an application sees another number.
 */
static void
replace_real(CmHandle *handle, PGconn *new, bool connecting)
{
	PGconn *old = handle->real;

	cm_settings_carry(handle, new, connecting);
	handle->real = new;
	cm_finish_quietly(old);
}

/* False: memory is out, or the name is too long. */
static bool
dial(CmHandle *handle, CmPhase phase)
{
	CmAttempt *attempt = handle->attempt;
	Target	   target;
	PGconn *new;

	if (!aim(handle, phase, &target))
		return false;
	new = start_real(attempt->params);
	cm_params_reset(attempt->params);
	if (new == NULL)
		return false;
	replace_real(handle, new, !attempt->is_reset || attempt->tries > 0);
	handle->phase = phase;
	/* Connected at once, and libpq has gone on: too late for a question. */
	if (phase == CM_DIALLING && cm_real.PQstatus(new) != CONNECTION_STARTED)
		handle->phase = CM_ORDINARY;
	return true;
}

/*-------------------------------------------------------------------------
 * From host to host
 *-------------------------------------------------------------------------
 */

/*
 * A real connection that is at the present host, and failed: for accessor
 * functions after a failure that libpq knows nothing of.
 */
static void
bury(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;
	Target	   target;
	PGconn	  *dead;

	attempt->address[0] = '\0';
	if (attempt->at >= attempt->hosts.count)
		attempt->at = attempt->hosts.count - 1;
	aim(handle, CM_ORDINARY, &target);
	cm_params_override(attempt->params, "host", current(attempt)->host);
	cm_params_override(attempt->params, "hostaddr", MARKER);
	dead = start_real(attempt->params);
	cm_params_reset(attempt->params);
	/* Without memory the old one stays; PQstatus() tells the truth anyway. */
	if (dead != NULL)
		replace_real(handle, dead, true);
}

static PostgresPollingStatusType
give_up(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	cm_watch_stop(handle);
	if (cm_real.PQstatus(handle->real) != CONNECTION_BAD ||
		stands_at_marker(handle))
		bury(handle);
	free(handle->kept->error);
	handle->kept->error = attempt->errors;
	attempt->errors = NULL;
	free_attempt(handle);
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
	} while (attempt->second_pass && current(attempt)->silent);
	attempt->address[0] = '\0';
	attempt->first_address = true;
	attempt->have = 0;
	return true;
}

static PostgresPollingStatusType
next_host(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;

	cm_watch_stop(handle);
	while (step(attempt))
	{
		const CmHost *host = current(attempt);
		int64_t		  now = cm_now_ms();
		bool		  ask = host->tcp && !cm_is_known(host, now);

		if (!dial(handle, ask ? CM_DIALLING : CM_ORDINARY))
		{
			add_error(attempt, "out of memory\n", 14);
			return give_up(handle);
		}
		attempt->tries++;
		attempt->started_ms = now;
		if (cm_real.PQstatus(handle->real) != CONNECTION_BAD)
			return PGRES_POLLING_WRITING;
		add_libpq_error(handle);
		if (!stands_at_marker(handle))
			return give_up(handle);
		current(attempt)->silent = true;
	}
	return give_up(handle);
}

PostgresPollingStatusType
cm_attempt_next(CmHandle *handle, const char *reason)
{
	add_reason(handle, reason);
	return next_host(handle);
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
	bool	   on = stands_at_marker(handle);

	add_libpq_error(handle);
	if (handle->phase == CM_DIALLING)
		current(attempt)->silent = true;
	/* Perhaps it is no longer what it was. */
	if (handle->phase == CM_ORDINARY)
		cm_forget(current(attempt));
	if (handle->phase == CM_SENT_ON && cm_watch_look(handle))
		on = true;
	return on ? next_host(handle) : give_up(handle);
}

/*-------------------------------------------------------------------------
 * Stage 1
 *-------------------------------------------------------------------------
 */

static PostgresPollingStatusType
ask(CmHandle *handle)
{
	uint8_t question[CM_QUESTION_BYTES];
	size_t	length = cm_question_write(question, wanted_attrs(handle),
									   handle->attempt->application_name,
									   (long) getpid(), cm_real_version);
	ssize_t sent = send(cm_real.PQsocket(handle->real), question, length,
						MSG_NOSIGNAL | MSG_DONTWAIT);

	/* A new socket has room for so little. */
	if (sent != (ssize_t) length)
		return next_for_errno(handle, "could not send the question to conmgr",
							  sent < 0 ? errno : ENOBUFS);
	handle->phase = CM_ASKED;
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

	if (address != NULL && current(attempt)->hostaddr[0] == '\0' &&
		!attempt->first_address)
		snprintf(attempt->address, sizeof(attempt->address), "%s", address);
	if (!dial(handle, CM_ORDINARY))
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

static PostgresPollingStatusType
go_there(CmHandle *handle, const CmAnswer *answer)
{
	int conmgr_fd;

	if (names_itself(handle, answer))
		return cm_attempt_next(handle, "conmgr's answer names conmgr itself");
	conmgr_fd = fcntl(cm_real.PQsocket(handle->real), F_DUPFD_CLOEXEC, 3);
	if (conmgr_fd < 0)
		return next_for_errno(handle, "could not keep conmgr's socket", errno);
	if (!cm_watch_start(handle, conmgr_fd))
	{
		int error = errno;

		close(conmgr_fd);
		return next_for_errno(handle, "could not watch conmgr's socket", error);
	}
	if (!dial(handle, CM_SENT_ON))
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
	cm_remember(current(handle->attempt), cm_now_ms());
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
				cm_remember(current(attempt), cm_now_ms());
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

	free_attempt(handle);
	free(handle->kept->error);
	handle->kept->error = NULL;
	handle->phase = CM_SETTLED;
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

/* The address of the name that comes behind that one; false if none does. */
static bool
address_behind(const char *name, const char *address, char *next, size_t room)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	bool			 passed = false;
	bool			 found = false;

	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return false;
	for (struct addrinfo *a = list; a != NULL && !found; a = a->ai_next)
	{
		if (getnameinfo(a->ai_addr, a->ai_addrlen, next, (socklen_t) room, NULL,
						0, NI_NUMERICHOST) != 0)
			continue;
		found = passed;
		passed = passed || strcmp(next, address) == 0;
	}
	freeaddrinfo(list);
	return found;
}

PostgresPollingStatusType
cm_attempt_time_out(CmHandle *handle)
{
	CmAttempt	 *attempt = handle->attempt;
	const CmHost *host = current(attempt);
	const char	 *address = cm_real.PQhostaddr(handle->real);
	char		  next[sizeof(attempt->address)];

	add_reason(handle, "timeout expired");
	if (handle->phase != CM_SENT_ON && host->tcp && host->hostaddr[0] == '\0' &&
		address != NULL &&
		address_behind(host->host, address, next, sizeof(next)))
	{
		memcpy(attempt->address, next, sizeof(next));
		attempt->have = 0;
		attempt->tries++;
		attempt->started_ms = cm_now_ms();
		if (dial(handle, cm_is_known(host, attempt->started_ms) ? CM_ORDINARY
																: CM_DIALLING))
			return cm_real.PQstatus(handle->real) == CONNECTION_BAD
					   ? on_libpq_failed(handle)
					   : PGRES_POLLING_WRITING;
	}
	current(attempt)->silent = true;
	return next_host(handle);
}

/*-------------------------------------------------------------------------
 * Begin and end
 *-------------------------------------------------------------------------
 */

/*
 * The options as libpq understands them, with its defaults, the service file
 * and the environment: a connection that fails after these are read and
 * before anything is sent.  NULL: libpq has another complaint.
 */
static PQconninfoOption *
read_options(CmParams *params)
{
	PQconninfoOption *options = NULL;
	PGconn			 *conn;

	cm_params_override(params, "sslmode", READ_ONLY_SSLMODE);
	conn = start_real(params);
	cm_params_reset(params);
	if (conn != NULL &&
		strstr(cm_real.PQerrorMessage(conn), READ_ONLY_SSLMODE) != NULL)
		options = cm_real.PQconninfo(conn);
	cm_real.PQfinish(conn);
	return options;
}

static bool
keep(CmHandle *handle, const PQconninfoOption *options)
{
	handle->kept = calloc(1, sizeof(CmKept));
	for (int i = 0; handle->kept != NULL && i < CM_KEPT_OPTIONS; i++)
	{
		const char *value = cm_option(options, cm_kept_keywords[i]);

		handle->kept->values[i] = value != NULL ? strdup(value) : NULL;
		if (value != NULL && handle->kept->values[i] == NULL)
			return false;
	}
	return handle->kept != NULL;
}

/* False: a connect_timeout that libpq will refuse. */
static bool
read_timeout(CmAttempt *attempt, const char *timeout)
{
	char *end = "";
	long  seconds = timeout != NULL ? strtol(timeout, &end, 10) : 0;

	/* As libpq: not below two seconds; none if it is 0 or less. */
	attempt->timeout_s = seconds <= 0		   ? 0
						 : seconds < 2		   ? 2
						 : seconds > INT32_MAX ? INT32_MAX
											   : (int) seconds;
	return end[strspn(end, " \t\n\v\f\r")] == '\0';
}

static bool
read_limits(CmAttempt *attempt, const PQconninfoOption *options)
{
	const char *name = cm_option(options, "application_name");
	const char *gss = cm_option(options, "gssencmode");
	const char *tls = cm_option(options, "sslnegotiation");
	bool ok = read_timeout(attempt, cm_option(options, "connect_timeout"));

	if (name == NULL)
		name = cm_option(options, "fallback_application_name");
	snprintf(attempt->application_name, sizeof(attempt->application_name), "%s",
			 name != NULL ? name : "");
	attempt->must_redial = (gss != NULL && strcmp(gss, "require") == 0) ||
						   (tls != NULL && strcmp(tls, "direct") == 0);
	for (; options->keyword != NULL; options++)
	{
		if (strcmp(options->keyword, "load_balance_hosts") == 0)
			attempt->knows_balance = true;
		if (strcmp(options->keyword, "port") == 0)
			snprintf(attempt->default_port, sizeof(attempt->default_port), "%s",
					 options->compiled != NULL ? options->compiled : "5432");
	}
	return ok;
}

/* False: no TCP host, or no memory, or lists that libpq will refuse. */
static bool
read_hosts(CmHandle *handle)
{
	CmAttempt  *attempt = handle->attempt;
	const char *attrs = given(handle, CM_ATTRS);
	const char *balance = given(handle, CM_BALANCE);
	bool		any_tcp = false;

	if (!cm_hosts_split(&attempt->hosts, given(handle, CM_HOST),
						given(handle, CM_HOSTADDR), given(handle, CM_PORT)))
		return false;
	for (int i = 0; i < attempt->hosts.count; i++)
		any_tcp = any_tcp || attempt->hosts.entries[i].tcp;
	attempt->two_passes = attempt->hosts.count > 1 && attrs != NULL &&
						  strcmp(attrs, "prefer-standby") == 0;
	if (balance != NULL && strcmp(balance, "random") == 0)
		cm_hosts_shuffle(&attempt->hosts);
	attempt->at = -1;
	return any_tcp;
}

CmHandle *
cm_attempt_start(CmParams *params)
{
	PQconninfoOption *options = read_options(params);
	CmHandle		 *handle = options != NULL ? cm_handle_allocate() : NULL;
	bool			  ok = false;

	if (handle != NULL)
	{
		handle->attempt = calloc(1, sizeof(CmAttempt));
		ok = handle->attempt != NULL && keep(handle, options) &&
			 read_limits(handle->attempt, options) && read_hosts(handle);
	}
	cm_real.PQconninfoFree(options);
	if (ok)
	{
		handle->attempt->params = params;
		params = NULL;
		next_host(handle);
		if (handle->real != NULL)
			return handle;
	}
	cm_params_free(params);
	if (handle != NULL)
		cm_attempt_finish(handle);
	return NULL;
}

bool
cm_restore_options(const CmHandle *handle, PQconninfoOption *options)
{
	for (; options->keyword != NULL; options++)
		for (int i = 0; i < CM_KEPT_OPTIONS; i++)
		{
			const char *value = handle->kept->values[i];
			char	   *copy = value != NULL ? strdup(value) : NULL;

			if (strcmp(options->keyword, cm_kept_keywords[i]) != 0)
			{
				free(copy);
				continue;
			}
			if (value != NULL && copy == NULL)
				return false;
			free(options->val);
			options->val = copy;
		}
	return true;
}

bool
cm_attempt_restart(CmHandle *handle)
{
	PQconninfoOption *options = cm_real.PQconninfo(handle->real);
	CmAttempt		 *attempt = calloc(1, sizeof(CmAttempt));

	free_attempt(handle);
	cm_watch_stop(handle);
	handle->attempt = attempt;
	if (attempt != NULL && options != NULL &&
		cm_restore_options(handle, options))
	{
		attempt->params = cm_params_of_options(options);
		attempt->is_reset = true;
		read_limits(attempt, options);
	}
	cm_real.PQconninfoFree(options);
	if (attempt == NULL || attempt->params == NULL || !read_hosts(handle))
	{
		/* Without memory; the old connection is watched no longer. */
		free_attempt(handle);
		handle->phase = CM_FAILED;
		return false;
	}
	return next_host(handle) != PGRES_POLLING_FAILED;
}

PGPing
cm_attempt_ping(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;
	CmParams  *params = attempt->params;
	int		   hosts = attempt->hosts.count;
	bool	   two_passes = attempt->two_passes;
	Target	   target;
	PGPing	   result = PQPING_NO_RESPONSE;

	/* As if it was the only host: a marker would cost libpq's result. */
	attempt->hosts.count = attempt->at + 1;
	attempt->two_passes = false;
	if (aim(handle, handle->phase, &target))
		result = cm_real.PQpingParams(params->keywords, params->values,
									  params->expand_dbname);
	cm_params_reset(params);
	attempt->hosts.count = hosts;
	attempt->two_passes = two_passes;
	return result;
}

void
cm_attempt_finish(CmHandle *handle)
{
	/* libpq says goodbye to the instance before the sockets go. */
	cm_settings_finish(handle);
	cm_watch_stop(handle);
	free_attempt(handle);
	free_kept(handle->kept);
	cm_handle_free(handle);
}
