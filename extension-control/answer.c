/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  Carries out what a tick's answer says: peer rows into shared memory,
 *	  log lines into the log, judgements to the terminator.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "answer.h"
#include "compat.h"
#include "guc.h"
#include "sessions.h"
#include "shmem.h"
#include "tick.h"

static void
store_rows(const WdTickAnswer *answer)
{
	if ((answer->flags & WD_ANSWER_ROWS) == 0)
		return;
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	if (answer->row_count > 0)
		memcpy(wd_shared_rows(), answer->rows,
			   (Size) answer->row_count * WD_PEER_ROW_BYTES);
	wd_shared->row_count = answer->row_count;
	LWLockRelease(wd_shared->lock);
}

static int
elevel_of(WdLogLevel level)
{
	switch (level)
	{
		case WD_LOG_DEBUG1:
			return DEBUG1;
		case WD_LOG_LOG:
			return LOG;
		case WD_LOG_WARNING:
			return WARNING;
	}
	return LOG;
}

/* A line may quote what a peer sent: no control character gets through. */
static void
write_log_lines(const WdTickAnswer *answer)
{
	const uint8 *at = answer->logs;

	for (uint16 i = 0; i < answer->log_count; i++)
	{
		WdLogLine line;
		char	  text[WD_MAX_LOG_BYTES + 1];

		at = wd_tick_next_log(at, &line);
		for (uint16 k = 0; k < line.length; k++)
		{
			unsigned char c = (unsigned char) line.text[k];

			text[k] = (c < 0x20 || c == 0x7f) ? '?' : (char) c;
		}
		text[line.length] = '\0';
		ereport(elevel_of(line.level), (errmsg_internal("%s", text)));
	}
}

static void
wake_terminator(void)
{
	bool running;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	running = wd_shared->terminator_latch != NULL;
	if (running)
		SetLatch(wd_shared->terminator_latch);
	LWLockRelease(wd_shared->lock);
	if (!running)
		ereport(WARNING,
				(errmsg(
					 "sessions of a dead client host cannot be ended now, the terminator is not running"),
				 errdetail("They will be ended as soon as it is back."),
				 errhint(
					 "If it does not come back within a second or two, increase max_worker_processes.")));
}

/* Fixes the victims now, for all judgements by one look at the sessions. */
static void
take_judgements(const WdTickAnswer *answer, int64 asked_wall_us)
{
	WdPolicy	  policy;
	WdSessionList list;
	WdMoment	  moment;
	uint16		  lost = 0;

	wd_read_policy(&policy);
	if (answer->judgement_count == 0 || policy.mode == WD_TERMINATE_OFF)
		return;
	list = wd_sessions_read();
	moment.now_us = wd_monotonic_us();
	moment.asked_wall_us = asked_wall_us;
	moment.wall_us = GetCurrentTimestamp();
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	for (uint16 i = 0; i < answer->judgement_count; i++)
	{
		WdJudgement judgement;

		wd_tick_judgement(answer, i, &judgement);
		if (!wd_termination_judge(wd_shared_termination(), &judgement, list,
								  &policy, &moment))
			lost++;
	}
	LWLockRelease(wd_shared->lock);
	wd_sessions_free(list);
	wake_terminator();
	if (lost > 0)
		ereport(WARNING,
				(errmsg("%d dead client hosts could not be handed to the terminator",
						lost),
				 errdetail(
					 "Too many hosts died at the same time; their sessions stay."),
				 errhint("Increase watchdog.max_heartbeat_connections.")));
}

/*
 * Carries out one answer, to what Java was asked at that time of the wall
 * clock, and returns its flags.  An answer that breaks the
 * format ends the worker: Java and C do not understand each other.
 */
uint8
wd_answer_carry_out(const uint8 *bytes, size_t length, int64 asked_wall_us)
{
	WdTickAnswer answer;
	const char	*problem;

	if (!wd_tick_decode(bytes, length, wd_shared->row_capacity, &answer,
						&problem))
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
						errmsg("Java in the watchdog gave an invalid answer"),
						errdetail_internal("%s", problem)));
	take_judgements(&answer, asked_wall_us);
	store_rows(&answer);
	write_log_lines(&answer);
	return answer.flags;
}
