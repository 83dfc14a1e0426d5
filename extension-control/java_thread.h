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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the wake pipe's bytes mean: this one is from here, others from Java. */
#define WD_WAKE_FROM_THREAD 0xFF

#define WD_FAILURE_TEXT 1024

typedef enum WdJavaStatus
{
	WD_JAVA_STARTING, /* the JVM is being created */
	WD_JAVA_IDLE,	  /* a request may be submitted */
	WD_JAVA_BUSY,	  /* tick is running */
	WD_JAVA_ANSWERED, /* an answer waits to be fetched */
	WD_JAVA_FAILED	  /* for good; see the failure text */
} WdJavaStatus;

typedef struct WdJavaConfig
{
	const char		  *libjvm; /* path; copied by nobody: must stay */
	const char *const *options;
	int				   option_count;
	int				   wake_fd; /* write end of the wake pipe, non-blocking */
	size_t			   max_answer; /* bytes */
} WdJavaConfig;

typedef struct WdJavaFailure
{
	bool starting; /* before Java was ready for its first tick */
	char what[WD_FAILURE_TEXT];
	char detail[WD_FAILURE_TEXT]; /* what the JVM printed, or empty */
} WdJavaFailure;

extern int			wd_java_thread_start(const WdJavaConfig *config);
extern WdJavaStatus wd_java_thread_status(void);
extern void wd_java_thread_submit(const uint8_t *request, size_t length);
extern const uint8_t *wd_java_thread_answer(size_t *length);
extern void			  wd_java_thread_release_answer(void);
extern void			  wd_java_thread_failure(WdJavaFailure *failure);

#endif /* WATCHDOG_JAVA_THREAD_H */
