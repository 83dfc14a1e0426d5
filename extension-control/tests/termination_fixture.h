/*-------------------------------------------------------------------------
 *
 * termination_fixture.h
 *	  What the tests of termination.c share: sessions, judgements, turns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_TERMINATION_FIXTURE_H
#define WATCHDOG_TERMINATION_FIXTURE_H

#include <stdlib.h>

#include "check.h"
#include "termination.h"

#define CASES	3
#define VICTIMS 8
#define MS		INT64_C(1000)
#define S		INT64_C(1000000)

/* A judgement falls at this moment of either clock. */
#define NOW	 (100 * S)
#define WALL (5000 * S)

static WdTermination *t;
static WdSession	  sessions[32];
static uint32_t		  session_count;
static WdPolicy		  policy;

/* What the last turns did */
static int		ended[64];
static uint32_t ended_count;
static WdReport reports[64];
static uint32_t report_count;
static bool		refuse_signals;
static int64_t	locks_each;
static bool		counted_after_signal;

static inline bool
end_session(void *context, const WdSession *session)
{
	(void) context;
	if (refuse_signals)
		return false;
	ended[ended_count++] = session->pid;
	return true;
}

static inline int64_t
count_locks(void *context, const WdSession *session)
{
	(void) context;
	counted_after_signal |= ended_count > 0;
	return session->xact_start_us == 0 ? 0 : locks_each;
}

static inline void
keep_report(void *context, const WdReport *report)
{
	(void) context;
	reports[report_count++] = *report;
}

static inline void
begin(void)
{
	free(t);
	t = malloc(wd_termination_size(CASES, VICTIMS));
	wd_termination_init(t, CASES, VICTIMS);
	session_count = ended_count = report_count = 0;
	refuse_signals = counted_after_signal = false;
	locks_each = 1;
	policy = (WdPolicy){WD_TERMINATE_ON, true, 60 * S};
}

static inline WdAddress
host(uint8_t number)
{
	WdAddress address = {4, {10, 0, 0, number}};

	return address;
}

/* Sessions are added in the order of their pids. */
static inline WdSession *
add_session(int pid, int64_t start_us, uint8_t number)
{
	WdSession *session = &sessions[session_count++];

	memset(session, 0, sizeof(*session));
	session->pid = pid;
	session->start_us = start_us;
	session->address = host(number);
	return session;
}

static inline void
remove_session(int pid)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < session_count; i++)
	{
		if (sessions[i].pid != pid)
			sessions[kept++] = sessions[i];
	}
	session_count = kept;
}

static inline WdSessionList
list(void)
{
	return (WdSessionList){sessions, session_count};
}

static inline bool
judge_later(uint8_t number, uint64_t spare_ms, const WdMoment *moment)
{
	WdJudgement judgement = {0};

	judgement.address = host(number);
	judgement.reason = WD_REASON_TIMEOUT;
	judgement.spare_newer_than_ms = spare_ms;
	return wd_termination_judge(t, &judgement, list(), &policy, moment);
}

/* Java answered at once. */
static inline bool
judge(uint8_t number, uint64_t spare_ms, int64_t now_us, int64_t wall_us)
{
	return judge_later(number, spare_ms, &(WdMoment){now_us, wall_us, wall_us});
}

static inline void
turn(int64_t now_us)
{
	WdTerminationActions actions = {NULL, end_session, count_locks, keep_report};

	wd_termination_turn(t, list(), &policy,
						&(WdInstant){now_us, WALL + now_us - NOW}, &actions);
}

static inline bool
was_ended(int pid)
{
	for (uint32_t i = 0; i < ended_count; i++)
	{
		if (ended[i] == pid)
			return true;
	}
	return false;
}

#endif /* WATCHDOG_TERMINATION_FIXTURE_H */
