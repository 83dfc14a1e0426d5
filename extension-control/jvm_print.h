/*-------------------------------------------------------------------------
 *
 * jvm_print.h
 *	  What the JVM prints: to the server's log, and kept for the failure.
 *
 * No PostgreSQL header here or in jvm_print.c: the JVM prints from any
 * thread.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JVM_PRINT_H
#define WATCHDOG_JVM_PRINT_H

#include <stdarg.h>
#include <stdio.h>

#include "java_status.h"

/* The JVM's option "vfprintf" */
extern int wd_jvm_vfprintf_hook(FILE *stream, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

extern void wd_jvm_printed(char text[WD_FAILURE_TEXT]);

#endif /* WATCHDOG_JVM_PRINT_H */
