/*-------------------------------------------------------------------------
 *
 * restart_pause.h
 *	  How long the watchdog waits before it tries again to start Java.
 *
 * The postmaster starts a worker again one second after its end.  A cause
 * that stays (no JRE, a broken jar) would fill the log once a second, so the
 * pause grows with the failures in a row.  A single failure costs no pause.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_RESTART_PAUSE_H
#define WATCHDOG_RESTART_PAUSE_H

#include <stdint.h>

/* Failures in a row that are retried without a pause */
#define WD_FREE_RETRIES		3
#define WD_LONGEST_PAUSE_MS 60000

/* A watchdog that has ticked for so long has recovered. */
#define WD_RECOVERED_US INT64_C(60000000)

static inline int
wd_restart_pause_ms(uint32_t failures)
{
	int pause_ms = 1000;

	if (failures < WD_FREE_RETRIES)
		return 0;
	for (uint32_t i = WD_FREE_RETRIES; i < failures; i++)
	{
		pause_ms *= 2;
		if (pause_ms >= WD_LONGEST_PAUSE_MS)
			return WD_LONGEST_PAUSE_MS;
	}
	return pause_ms;
}

#endif /* WATCHDOG_RESTART_PAUSE_H */
