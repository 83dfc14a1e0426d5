/*-------------------------------------------------------------------------
 *
 * outcome.c
 *	  What became of the last judgements, for people to look up.
 *
 *-------------------------------------------------------------------------
 */
#include "outcome.h"

#include <stddef.h>

/* Begins a new one, in the place of the oldest, and returns its number. */
uint64_t
wd_outcome_begin(WdOutcomes *outcomes, const WdJudgement *judgement,
				 WdTerminateMode mode, int64_t judged_us)
{
	uint64_t   number = outcomes->begun++;
	WdOutcome *outcome = &outcomes->ring[number % WD_OUTCOMES];

	memset(outcome, 0, sizeof(*outcome));
	outcome->judgement = *judgement;
	outcome->mode = mode;
	outcome->judged_us = judged_us;
	outcome->locks = WD_LOCKS_UNKNOWN;
	return number;
}

/* The one with this number, or NULL if it is overwritten or not begun. */
WdOutcome *
wd_outcome(WdOutcomes *outcomes, uint64_t number)
{
	if (number >= outcomes->begun || outcomes->begun - number > WD_OUTCOMES)
		return NULL;
	return &outcomes->ring[number % WD_OUTCOMES];
}

/* A victim's open transaction began then; 0 if it has none. */
void
wd_outcome_add_xact(WdOutcome *outcome, int64_t start_us)
{
	if (start_us != 0 &&
		(outcome->oldest_xact_us == 0 || start_us < outcome->oldest_xact_us))
		outcome->oldest_xact_us = start_us;
}

/* A sum with an unknown part is unknown. */
void
wd_outcome_add_locks(WdOutcome *outcome, int64_t locks)
{
	if (outcome->locks == WD_LOCKS_UNKNOWN || locks == WD_LOCKS_UNKNOWN)
		outcome->locks = WD_LOCKS_UNKNOWN;
	else
		outcome->locks += locks;
}
