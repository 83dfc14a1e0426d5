/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  Carries out what a tick's answer says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_ANSWER_H
#define WATCHDOG_ANSWER_H

#include <stddef.h>

extern uint8
wd_answer_carry_out(const uint8 *bytes, size_t length, int64 asked_wall_us);

#endif /* WATCHDOG_ANSWER_H */
