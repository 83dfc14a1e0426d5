/*-------------------------------------------------------------------------
 *
 * listen.h
 *	  The addresses that the watchdog listens on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_LISTEN_H
#define WATCHDOG_LISTEN_H

#include "tick.h"

#define WD_MAX_LISTEN_ADDRESSES 128

typedef struct WdListen
{
	uint16			count;
	WdListenAddress addresses[WD_MAX_LISTEN_ADDRESSES];
} WdListen;

extern void wd_listen_resolve(WdListen *listen);
extern bool wd_listen_is_reachable(const WdListen *listen);

#endif /* WATCHDOG_LISTEN_H */
