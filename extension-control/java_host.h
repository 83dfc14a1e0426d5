/*-------------------------------------------------------------------------
 *
 * java_host.h
 *	  Starts the embedded JVM with the right library, jar and options.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JAVA_HOST_H
#define WATCHDOG_JAVA_HOST_H

#include "java_thread.h"

extern void wd_java_host_start(int wake_fd);
extern void wd_java_host_report_failure(void);

#endif /* WATCHDOG_JAVA_HOST_H */
