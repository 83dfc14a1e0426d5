/*-------------------------------------------------------------------------
 *
 * termination.h
 *	  Whose session ends after a judgement, and when.
 *
 * Plain C, no PostgreSQL header, no clock, no signal: time comes in as
 * microseconds, sessions as a list, and what is to be done goes out through
 * two callbacks.  The state has no pointers, so that it can live in shared
 * memory; the caller holds the lock.
 *
 * Two clocks: "now" is monotonic and drives the deadlines; "wall" is the
 * clock that sessions' start times were taken from, and is used only to tell
 * older sessions from younger ones.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_TERMINATION_H
#define WATCHDOG_TERMINATION_H

#include <stddef.h>

#include "outcome.h"

#define WD_SWEEPS		   3
#define WD_SECOND_SWEEP_US INT64_C(1000000)
#define WD_SURVIVOR_US	   INT64_C(5000000)
#define WD_REPORTED_PIDS   16
#define WD_NEVER		   INT64_MAX

typedef struct WdSession
{
	int		  pid;
	int64_t	  start_us;
	int64_t	  xact_start_us; /* of its open transaction; 0: none */
	WdAddress address;		 /* family 0: none (Unix socket) */
	bool	  walsender;
} WdSession;

/* A snapshot of the sessions, sorted by pid. */
typedef struct WdSessionList
{
	const WdSession *sessions;
	uint32_t		 count;
} WdSessionList;

/* The settings as they are now. */
typedef struct WdPolicy
{
	WdTerminateMode mode;
	bool			walsenders;
	int64_t			authentication_timeout_us;
} WdPolicy;

typedef enum WdReportKind
{
	WD_REPORT_SWEEP,	/* sessions ended, or would have been */
	WD_REPORT_SURVIVORS /* still there WD_SURVIVOR_US after SIGTERM */
} WdReportKind;

typedef struct WdReport
{
	WdReportKind	kind;
	WdTerminateMode mode;
	WdJudgement		judgement;
	bool			first_sweep;
	uint32_t		count;
	int				pids[WD_REPORTED_PIDS]; /* the first ones of count */
} WdReport;

typedef struct WdTerminationActions
{
	void *context;

	/* Sends SIGTERM; false if the session is gone already. */
	bool (*end_session)(void *context, const WdSession *session);

	/* How many locks it holds, or WD_LOCKS_UNKNOWN. */
	int64_t (*count_locks)(void *context, const WdSession *session);
	void (*report)(void *context, const WdReport *report);
} WdTerminationActions;

/* One judgement that is still followed up; at most one per address. */
typedef struct WdCase
{
	bool		open;
	bool		walsenders; /* whether they may end, as it was set then */
	uint8_t		sweeps_done;
	uint64_t	outcome; /* its number */
	WdJudgement judgement;
	int64_t		judged_us;		/* monotonic */
	int64_t		born_before_us; /* wall: sessions that show up late are
								 * victims if they started before this */
} WdCase;

typedef enum WdVictimState
{
	WD_VICTIM_CHOSEN, /* not signalled yet */
	WD_VICTIM_SIGNALLED,
	WD_VICTIM_SETTLED /* nothing more is done about it */
} WdVictimState;

typedef struct WdVictim
{
	uint32_t	  case_number;
	WdVictimState state;
	int			  pid;
	int64_t		  start_us;
	int64_t		  signalled_us; /* monotonic */
} WdVictim;

typedef struct WdTermination
{
	uint32_t   case_capacity;
	uint32_t   victim_capacity;
	uint32_t   victim_count;
	uint64_t   cases_offset; /* from the start of this struct */
	uint64_t   victims_offset;
	WdOutcomes outcomes;
} WdTermination;

/* One moment on both clocks */
typedef struct WdInstant
{
	int64_t now_us;
	int64_t wall_us;
} WdInstant;

/* When a judgement is taken out of an answer */
typedef struct WdMoment
{
	int64_t now_us;		   /* monotonic; sweeps count from it */
	int64_t asked_wall_us; /* when Java was asked: it tells ages as of then,
							* or later */
	int64_t wall_us;	   /* when the sessions were listed */
} WdMoment;

extern size_t wd_termination_size(uint32_t cases, uint32_t victims);
extern void
wd_termination_init(WdTermination *t, uint32_t cases, uint32_t victims);
extern bool wd_termination_judge(WdTermination *t, const WdJudgement *judgement,
								 WdSessionList list, const WdPolicy *policy,
								 const WdMoment *moment);
extern void wd_termination_turn(WdTermination *t, WdSessionList list,
								const WdPolicy *policy, const WdInstant *at,
								const WdTerminationActions *actions);
extern int64_t
wd_termination_next_due(const WdTermination *t, const WdPolicy *policy);

#endif /* WATCHDOG_TERMINATION_H */
