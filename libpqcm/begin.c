/*-------------------------------------------------------------------------
 *
 * begin.c
 *	  How an attempt begins, with the application's parameters, and how all
 *	  that a handle has ends.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dial.h"
#include "options.h"
#include "real.h"
#include "settings.h"
#include "watcher.h"

static const char *const kept_keywords[CM_KEPT_OPTIONS] =
	{"host",	   "hostaddr",			"port", "target_session_attrs",
	 "gssencmode", "load_balance_hosts"};

static bool
keep(CmHandle *handle, const PQconninfoOption *options)
{
	handle->kept = calloc(1, sizeof(CmKept));
	for (int i = 0; handle->kept != NULL && i < CM_KEPT_OPTIONS; i++)
	{
		const char *value = cm_option(options, kept_keywords[i]);

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

/*
 * target_session_attrs, and behind it ",min_lsn=...", which is ours: a keyword
 * of our own would be an error wherever a connection string is only parsed.
 * False: libpq will refuse it.
 */
static bool
read_attrs(CmAttempt *attempt, const char *value)
{
	static const char min_lsn[] = ",min_lsn=";
	const char		 *wish;
	size_t			  length;

	if (value == NULL)
		value = "any";
	wish = strstr(value, min_lsn);
	length = wish != NULL ? (size_t) (wish - value) : strlen(value);
	if (length == 0 || length >= sizeof(attempt->attrs))
		return false;
	memcpy(attempt->attrs, value, length);
	attempt->attrs[length] = '\0';
	if (wish != NULL && !cm_lsn_read(wish + strlen(min_lsn), attempt->min_lsn))
		return false;
	/* Every instance has this. */
	if (strcmp(attempt->min_lsn, "0/0") == 0)
		attempt->min_lsn[0] = '\0';
	return true;
}

/* False: no TCP host, or no memory, or lists that libpq will refuse. */
static bool
read_hosts(CmHandle *handle)
{
	CmAttempt  *attempt = handle->attempt;
	const char *balance = handle->kept->values[CM_BALANCE];
	bool		any_tcp = false;

	if (!read_attrs(attempt, handle->kept->values[CM_ATTRS]) ||
		!cm_hosts_split(&attempt->hosts, handle->kept->values[CM_HOST],
						handle->kept->values[CM_HOSTADDR],
						handle->kept->values[CM_PORT]))
		return false;
	for (int i = 0; i < attempt->hosts.count; i++)
		any_tcp = any_tcp || attempt->hosts.entries[i].tcp;
	attempt->two_passes = attempt->hosts.count > 1 &&
						  strcmp(attempt->attrs, "prefer-standby") == 0;
	if (balance != NULL && strcmp(balance, "random") == 0)
		cm_hosts_shuffle(&attempt->hosts);
	attempt->at = -1;
	return any_tcp;
}

void
cm_attempt_free(CmHandle *handle)
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

CmHandle *
cm_attempt_start(CmParams *params)
{
	PQconninfoOption *options = cm_options_read(params);
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
		cm_attempt_next_host(handle);
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

			if (strcmp(options->keyword, kept_keywords[i]) != 0)
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

/* What the service file said is among the options; it may be gone by now. */
static void
forget_service(PQconninfoOption *options)
{
	for (; options->keyword != NULL; options++)
		if (strncmp(options->keyword, "service", strlen("service")) == 0)
		{
			free(options->val);
			options->val = NULL;
		}
}

bool
cm_attempt_restart(CmHandle *handle)
{
	PQconninfoOption *options = cm_real.PQconninfo(handle->real);
	CmAttempt		 *attempt = calloc(1, sizeof(CmAttempt));

	cm_attempt_free(handle);
	cm_watch_stop(handle);
	handle->attempt = attempt;
	if (attempt != NULL && options != NULL &&
		cm_restore_options(handle, options))
	{
		forget_service(options);
		attempt->params = cm_params_of_options(options);
		attempt->is_reset = true;
		read_limits(attempt, options);
	}
	cm_real.PQconninfoFree(options);
	if (attempt == NULL || attempt->params == NULL || !read_hosts(handle))
	{
		/* Without memory; the old connection is watched no longer. */
		cm_attempt_free(handle);
		handle->phase = CM_FAILED;
		return false;
	}
	return cm_attempt_next_host(handle) != PGRES_POLLING_FAILED;
}

void
cm_attempt_finish(CmHandle *handle)
{
	/* libpq says goodbye to the instance before the sockets go. */
	cm_settings_finish(handle);
	cm_watch_stop(handle);
	cm_attempt_free(handle);
	free_kept(handle->kept);
	cm_handle_free(handle);
}
