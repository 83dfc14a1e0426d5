/*-------------------------------------------------------------------------
 *
 * java_status.h
 *	  Where a Java host is, and why it failed.
 *
 * Plain C, no PostgreSQL header.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JAVA_STATUS_H
#define WATCHDOG_JAVA_STATUS_H

#include <stdbool.h>

/* What the wake pipe's bytes mean: this one is C's own, others are Java's. */
#define WD_WAKE_FROM_THREAD 0xFF

#define WD_FAILURE_TEXT 1024

typedef enum WdJavaStatus
{
	WD_JAVA_WAITING,  /* what Java needs is not there; ask again later */
	WD_JAVA_ANEW,	  /* it is there now; a new process must begin */
	WD_JAVA_STARTING, /* the JVM is being created */
	WD_JAVA_IDLE,	  /* a request may be submitted */
	WD_JAVA_BUSY,	  /* tick is running */
	WD_JAVA_ANSWERED, /* an answer waits to be fetched */
	WD_JAVA_FAILED	  /* for good; see the failure text */
} WdJavaStatus;

typedef struct WdJavaFailure
{
	bool starting; /* before Java was ready for its first tick */
	char what[WD_FAILURE_TEXT];
	char detail[WD_FAILURE_TEXT]; /* what the JVM printed, or empty */
} WdJavaFailure;

#endif /* WATCHDOG_JAVA_STATUS_H */
