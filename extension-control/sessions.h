/*-------------------------------------------------------------------------
 *
 * sessions.h
 *	  The client sessions of this instance.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_SESSIONS_H
#define WATCHDOG_SESSIONS_H

#include "termination.h"

#define WD_ADDRESS_TEXT 64

extern WdSessionList wd_sessions_read(void);
extern WdSessionList wd_sessions_of_snapshot(void);
extern void			 wd_sessions_free(WdSessionList list);
extern bool			 wd_session_signal(const WdSession *session);
extern int64		 wd_session_locks(const WdSession *session, int64 limit_us);
extern void			 wd_address_text(const WdAddress *address, char *text);
extern void			 wd_read_policy(WdPolicy *policy);
extern int64		 wd_monotonic_us(void);

#endif /* WATCHDOG_SESSIONS_H */
