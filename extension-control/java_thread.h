/*-------------------------------------------------------------------------
 *
 * java_thread.h
 *	  The JVM on a thread of its own, seen from the worker's main thread.
 *
 * No PostgreSQL header here or in java_thread.c: that code runs on foreign
 * threads, where no function of PostgreSQL may be called.
 *
 * All functions below are called by the main thread and never block on Java.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JAVA_THREAD_H
#define WATCHDOG_JAVA_THREAD_H

#include <stddef.h>
#include <stdint.h>

#include "java_status.h"

typedef struct WdJavaConfig
{
	const char		  *libjvm; /* path; copied by nobody: must stay */
	const char *const *options;
	int				   option_count;
	int				   wake_fd; /* write end of the wake pipe, non-blocking */
	size_t			   max_answer; /* bytes */
} WdJavaConfig;

extern int			wd_java_thread_start(const WdJavaConfig *config);
extern WdJavaStatus wd_java_thread_status(void);
extern void wd_java_thread_submit(const uint8_t *request, size_t length);
extern const uint8_t *wd_java_thread_answer(size_t *length);
extern void			  wd_java_thread_release_answer(void);
extern void			  wd_java_thread_failure(WdJavaFailure *failure);

#endif /* WATCHDOG_JAVA_THREAD_H */
