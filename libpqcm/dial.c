/*-------------------------------------------------------------------------
 *
 * dial.c
 *	  A real connection for one host of the list.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "real.h"
#include "settings.h"

#define MARKER "conmgr-next-host"

/* The errors of all hosts together; what comes after is not shown. */
#define MOST_ERROR_BYTES 65536

/* A host or address with the marker behind it. */
#define LIST_BYTES 1024

/* The texts of the overrides, until libpq has copied them. */
typedef struct Target
{
	char host[LIST_BYTES];
	char hostaddr[LIST_BYTES];
	char port[16];
} Target;

CmHost *
cm_current(const CmAttempt *attempt)
{
	return &attempt->hosts.entries[attempt->at];
}

static const char *
given(const CmHandle *handle, CmKeptOption option)
{
	return handle->kept->values[option];
}

static bool
has_more_hosts(const CmAttempt *attempt)
{
	if (attempt->two_passes && !attempt->second_pass)
		return true;
	return attempt->at + 1 < attempt->hosts.count;
}

/* What is asked of conmgr. */
const char *
cm_wanted_attrs(const CmHandle *handle)
{
	const CmAttempt *attempt = handle->attempt;

	if (attempt->two_passes)
		return attempt->second_pass ? "any" : "standby";
	return attempt->attrs;
}

/* An empty element of a list that is not empty is only kept in a list. */
static bool
needs_marker(const CmHandle *handle, CmPhase phase)
{
	const CmHost *host = cm_current(handle->attempt);

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
	const CmHost *host = cm_current(attempt);
	const char	 *attrs = cm_wanted_attrs(handle);
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

PGconn *
cm_start_real(const CmParams *params)
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
bool
cm_dial(CmHandle *handle, CmPhase phase)
{
	CmAttempt *attempt = handle->attempt;
	Target	   target;
	PGconn *new;

	if (!aim(handle, phase, &target))
		return false;
	new = cm_start_real(attempt->params);
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

/*
 * A real connection that is at the present host, and failed: for accessor
 * functions after a failure that libpq knows nothing of.
 */
void
cm_bury(CmHandle *handle)
{
	CmAttempt *attempt = handle->attempt;
	Target	   target;
	PGconn	  *dead;

	attempt->address[0] = '\0';
	if (attempt->at >= attempt->hosts.count)
		attempt->at = attempt->hosts.count - 1;
	aim(handle, CM_ORDINARY, &target);
	cm_params_override(attempt->params, "host", cm_current(attempt)->host);
	cm_params_override(attempt->params, "hostaddr", MARKER);
	dead = cm_start_real(attempt->params);
	cm_params_reset(attempt->params);
	/* Without memory the old one stays; PQstatus() tells the truth anyway. */
	if (dead != NULL)
		replace_real(handle, dead, true);
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

bool
cm_stands_at_marker(const CmHandle *handle)
{
	const char *host = cm_real.PQhost(handle->real);

	return host != NULL && strcmp(host, MARKER) == 0;
}

/* Memory being out just loses text. */
void
cm_add_error(CmAttempt *attempt, const char *text, size_t length)
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
void
cm_add_reason(CmHandle *handle, const char *reason)
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
	cm_add_error(handle->attempt, text, (size_t) length);
	free(text);
}

/* What libpq says, without its line on the marker. */
void
cm_add_libpq_error(CmHandle *handle)
{
	const char *text = cm_real.PQerrorMessage(handle->real);
	const char *marker = strstr(text, MARKER);
	size_t		length = strlen(text);

	if (marker != NULL)
		for (length = (size_t) (marker - text);
			 length > 0 && text[length - 1] != '\n'; length--)
			;
	cm_add_error(handle->attempt, text, length);
}
