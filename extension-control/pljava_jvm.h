/*-------------------------------------------------------------------------
 *
 * pljava_jvm.h
 *	  The JVM that PL/Java creates in the watchdog, under our rules.
 *
 * No PostgreSQL header here or in pljava_jvm.c: parts of it run on foreign
 * threads, where no function of PostgreSQL may be called.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_PLJAVA_JVM_H
#define WATCHDOG_PLJAVA_JVM_H

#include <stdint.h>

#include "java_status.h"

typedef enum WdEscape
{
	WD_ESCAPE_FAILED, /* see the failure text */
	WD_ESCAPE_STUCK,  /* the tick takes too long */
	WD_ESCAPE_STOP	  /* PostgreSQL wants this process to end */
} WdEscape;

typedef struct WdPljavaConfig
{
	const char		  *libjvm;	/* path; copied by nobody: must stay */
	const char *const *options; /* they go behind PL/Java's own */
	int				   option_count;
	int				   wake_fd; /* write end of the wake pipe, non-blocking */

	/*
	 * The rest is called on the main thread, but in signal handlers while it
	 * is in Java: whether PostgreSQL wants this process to end, whether it
	 * can end now (else we ask again), and the end itself.
	 */
	bool (*stop_wanted)(void);
	bool (*may_escape)(void);
	void (*escape)(WdEscape why);
} WdPljavaConfig;

extern void wd_pljava_jvm_prepare(const WdPljavaConfig *config);

/* Around all that a tick does, and around the call of Java in it */
extern void wd_pljava_jvm_begin(int64_t limit_ms);
extern void wd_pljava_jvm_enter(void);
extern void wd_pljava_jvm_leave(void);
extern void wd_pljava_jvm_end(void);

/* False while nothing has failed. */
extern bool wd_pljava_jvm_failure(WdJavaFailure *failure);
extern void wd_pljava_jvm_unhook(void);

#endif /* WATCHDOG_PLJAVA_JVM_H */
