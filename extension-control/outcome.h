/*-------------------------------------------------------------------------
 *
 * outcome.h
 *	  What became of the last judgements, for people to look up.
 *
 * Plain C, no pointers: it lives in shared memory; the caller holds the lock.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_OUTCOME_H
#define WATCHDOG_OUTCOME_H

#include "judgement.h"

/* As many as one tick can bring: a host's death is not lost among others. */
#define WD_OUTCOMES 1000

#define WD_LOCKS_UNKNOWN (-1)

typedef enum WdTerminateMode
{
	WD_TERMINATE_OFF,
	WD_TERMINATE_LOG,
	WD_TERMINATE_ON
} WdTerminateMode;

/* One judgement.  Times are of the wall clock that sessions start by. */
typedef struct WdOutcome
{
	WdJudgement		judgement;
	WdTerminateMode mode;
	int64_t			judged_us;
	int64_t			finished_us;	/* 0: still followed up */
	int64_t			oldest_xact_us; /* start of the oldest transaction that
									 * a victim had open; 0: none */
	int64_t			locks;			/* that the victims held before the
									 * first SIGTERM; WD_LOCKS_UNKNOWN until
									 * then */
	uint32_t		victims;
	uint32_t		signalled; /* SIGTERMs sent */
	uint32_t		survivors; /* still there WD_SURVIVOR_US after SIGTERM */
} WdOutcome;

/* The last WD_OUTCOMES, in a ring. */
typedef struct WdOutcomes
{
	uint64_t  begun; /* how many there ever were */
	WdOutcome ring[WD_OUTCOMES];
} WdOutcomes;

extern uint64_t
wd_outcome_begin(WdOutcomes *outcomes, const WdJudgement *judgement,
				 WdTerminateMode mode, int64_t judged_us);
extern WdOutcome *wd_outcome(WdOutcomes *outcomes, uint64_t number);
extern void		  wd_outcome_add_xact(WdOutcome *outcome, int64_t start_us);
extern void		  wd_outcome_add_locks(WdOutcome *outcome, int64_t locks);

#endif /* WATCHDOG_OUTCOME_H */
