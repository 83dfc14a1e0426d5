/*-------------------------------------------------------------------------
 *
 * embedded_host.c
 *	  watchdog.java_host = embedded: a JVM on a thread of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "postmaster/bgworker.h"
#include "utils/memutils.h"

#include "guc.h"
#include "java_host.h"
#include "java_thread.h"
#include "tick.h"

static void
connect_to_none(void)
{
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
}

/* What can be seen to be missing is an error here, with a hint. */
static void
start(int wake_fd)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	WdJavaConfig  config = {0};
	List		 *options = wd_java_options();
	int			  rc;

	config.libjvm = wd_java_find_libjvm();
	config.options = wd_java_option_array(options);
	config.option_count = list_length(options);
	config.wake_fd = wake_fd;
	config.max_answer = wd_tick_max_answer_size(wd_max_heartbeat_connections);
	MemoryContextSwitchTo(old);

	wd_java_prepare_exit();
	ereport(DEBUG1, (errmsg_internal("starting JVM \"%s\"", config.libjvm)));
	rc = wd_java_thread_start(&config);
	if (rc != 0)
	{
		errno = rc;
		ereport(FATAL, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
						errmsg("could not create a thread for Java: %m")));
	}
}

const WdJavaHost wd_embedded_host = {
	.connect = connect_to_none,
	.start = start,
	.status = wd_java_thread_status,
	.submit = wd_java_thread_submit,
	.answer = wd_java_thread_answer,
	.release_answer = wd_java_thread_release_answer,
	.failure = wd_java_thread_failure,
};
