/*-------------------------------------------------------------------------
 *
 * instance_state.h
 *	  What connection managers are told about this instance.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_INSTANCE_STATE_H
#define WATCHDOG_INSTANCE_STATE_H

#include "tick.h"

extern bool wd_instance_is_stopping(void);
extern void wd_instance_state(WdTickState *state);
extern void wd_instance_upstream(WdUpstream *upstream);
extern void wd_instance_identity(WdTickStart *start);

#endif /* WATCHDOG_INSTANCE_STATE_H */
