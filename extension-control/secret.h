/*-------------------------------------------------------------------------
 *
 * secret.h
 *	  Reads the secret that this instance shares with its connection managers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_SECRET_H
#define WATCHDOG_SECRET_H

#define WD_MIN_SECRET_BYTES 16
#define WD_MAX_SECRET_BYTES 1024

/* Private to the process that reads it; wipe it when it has been used. */
typedef struct WdSecret
{
	uint16 length; /* 0 is none */
	uint8  bytes[WD_MAX_SECRET_BYTES];
} WdSecret;

extern void wd_secret_read(WdSecret *secret, bool reachable);

#endif /* WATCHDOG_SECRET_H */
