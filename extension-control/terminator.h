/*-------------------------------------------------------------------------
 *
 * terminator.h
 *	  The background worker "terminator".
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_TERMINATOR_H
#define WATCHDOG_TERMINATOR_H

extern PGDLLEXPORT void terminator_main(Datum arg);

#endif /* WATCHDOG_TERMINATOR_H */
