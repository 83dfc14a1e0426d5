/*-------------------------------------------------------------------------
 *
 * watchdog_worker.h
 *	  The background worker "watchdog".
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_WATCHDOG_WORKER_H
#define WATCHDOG_WATCHDOG_WORKER_H

extern PGDLLEXPORT void watchdog_worker_main(Datum arg);

#endif /* WATCHDOG_WATCHDOG_WORKER_H */
