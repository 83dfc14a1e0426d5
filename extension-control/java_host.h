/*-------------------------------------------------------------------------
 *
 * java_host.h
 *	  The two places where the watchdog's Java can run, behind one interface,
 *	  and what both have in common.
 *
 * All functions are called by the worker's main thread.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JAVA_HOST_H
#define WATCHDOG_JAVA_HOST_H

#include "nodes/pg_list.h"

#include "java_status.h"

typedef struct WdJavaHost
{
	/* Connects to the database that this host needs, or to none. */
	void (*connect)(void);

	/* Begins to start Java; the wake pipe's write end is non-blocking. */
	void (*start)(int wake_fd);

	/* Where Java is now. */
	WdJavaStatus (*status)(void);

	/*
	 * Hands over a tick, only while IDLE.  The bytes must stay until the
	 * answer or the failure.  It may be ANSWERED at once.
	 */
	void (*submit)(const uint8 *request, size_t length);

	/* The answer, while ANSWERED; valid until it is released. */
	const uint8 *(*answer)(size_t *length);
	void (*release_answer)(void);

	/* Why it FAILED. */
	void (*failure)(WdJavaFailure *failure);
} WdJavaHost;

extern const WdJavaHost wd_embedded_host;
extern const WdJavaHost wd_pljava_host;

extern char		   *wd_java_share_file(const char *name);
extern const char  *wd_java_find_libjvm(void);
extern List		   *wd_java_options(void);
extern const char **wd_java_option_array(List *options);
extern void			wd_java_prepare_exit(void);
extern void wd_java_report_failure(int elevel, const WdJavaFailure *failure);
extern void wd_java_report_no_answer(int elevel);

#endif /* WATCHDOG_JAVA_HOST_H */
