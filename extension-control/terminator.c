/*-------------------------------------------------------------------------
 *
 * terminator.c
 *	  The background worker "terminator": ends the sessions of dead hosts.
 *
 * It sleeps until the watchdog has left a judgement in shared memory or one
 * that is there becomes due.  What to do then is decided by termination.c;
 * here are only the clock, the signals and the log.  All state is in shared
 * memory: a terminator that is started again goes on where the last stopped.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guc.h"
#include "sessions.h"
#include "shmem.h"
#include "terminator.h"

/*
 * What a turn may wait, in all, to learn how many locks its victims hold:
 * only people want to know that, and the victims' locks hold others up.
 */
#define LOCK_LIMIT_US 50000

/* What the actions of one turn share. */
typedef struct Turn
{
	List *reports;
	int64 lock_limit_us;
} Turn;

static char *
pids_text(const WdReport *report)
{
	StringInfoData text;

	initStringInfo(&text);
	for (uint32 i = 0; i < Min(report->count, WD_REPORTED_PIDS); i++)
		appendStringInfo(&text, "%s%d", i > 0 ? ", " : "", report->pids[i]);
	if (report->count > WD_REPORTED_PIDS)
		appendStringInfoString(&text, ", ...");
	return text.data;
}

/* One line per judgement, and one more for each rarer thing that follows. */
static void
log_report(const WdReport *report)
{
	const WdJudgement *judgement = &report->judgement;
	const char		  *verb =
		   report->mode == WD_TERMINATE_LOG ? "that would end" : "ended";
	char address[WD_ADDRESS_TEXT];
	char id[WD_CONMGR_ID_TEXT];

	wd_address_text(&judgement->address, address);
	wd_conmgr_id_text(judgement->conmgr_id, id);
	if (report->kind == WD_REPORT_SURVIVORS)
		ereport(WARNING,
				(errmsg("client host %s is dead, sessions still there %d s after SIGTERM: %u",
						address, (int) (WD_SURVIVOR_US / USECS_PER_SEC),
						report->count),
				 errdetail("Process IDs: %s.", pids_text(report))));
	else if (report->first_sweep)
		ereport(LOG,
				(errmsg("client host %s is dead, sessions %s: %u (conmgr %s, reason %s, silent for %u ms)",
						address, verb, report->count, id,
						wd_reason_name(judgement->reason),
						judgement->silence_ms)));
	else
		ereport(LOG,
				(errmsg("client host %s is dead, later sessions %s: %u (conmgr %s)",
						address, verb, report->count, id)));
}

static bool
end_session(void *context, const WdSession *session)
{
	return wd_session_signal(session);
}

static int64
count_locks(void *context, const WdSession *session)
{
	const Turn *turn = context;

	return wd_session_locks(session, turn->lock_limit_us);
}

/* Called under the lock, where nothing is logged: only kept for later. */
static void
keep_report(void *context, const WdReport *report)
{
	Turn	 *turn = context;
	WdReport *copy = palloc(sizeof(WdReport));

	*copy = *report;
	turn->reports = lappend(turn->reports, copy);
}

static void
take_turn(const WdPolicy *policy)
{
	Turn				 turn = {.reports = NIL};
	WdTerminationActions actions = {&turn, end_session, count_locks,
									keep_report};
	WdSessionList		 list;
	WdInstant			 at;
	ListCell			*cell;

	/* Read right before the signals: this is the check of who is who. */
	list = wd_sessions_read();
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	at.now_us = wd_monotonic_us();
	at.wall_us = GetCurrentTimestamp();
	turn.lock_limit_us = at.now_us + LOCK_LIMIT_US;
	wd_termination_turn(wd_shared_termination(), list, policy, &at, &actions);
	LWLockRelease(wd_shared->lock);
	foreach (cell, turn.reports)
		log_report(lfirst(cell));
}

static int64
next_due(const WdPolicy *policy)
{
	int64 due;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	due = wd_termination_next_due(wd_shared_termination(), policy);
	LWLockRelease(wd_shared->lock);
	return due;
}

static void
publish_latch(Latch *latch)
{
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	wd_shared->terminator_latch = latch;
	LWLockRelease(wd_shared->lock);
}

static void
withdraw_latch(int code, Datum arg)
{
	publish_latch(NULL);
}

/* Sleeps until the next deadline, a judgement or a signal. */
static void
await_work(int64 due_us)
{
	int	 flags = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;
	long wait_ms = -1;

	if (due_us != WD_NEVER)
	{
		int64 wait_us = due_us - wd_monotonic_us();

		flags |= WL_TIMEOUT;
		wait_ms = (long) ((Max(wait_us, 0) + 999) / 1000);
	}
	(void) WaitLatch(MyLatch, flags, wait_ms, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
}

void
terminator_main(Datum arg)
{
	MemoryContext turn_context;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);

	turn_context = AllocSetContextCreate(TopMemoryContext, "terminator turn",
										 ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(turn_context);
	before_shmem_exit(withdraw_latch, 0);
	publish_latch(MyLatch);
	for (;;)
	{
		WdPolicy policy;
		int64	 due_us;

		CHECK_FOR_INTERRUPTS();
		if (ShutdownRequestPending)
			proc_exit(1);
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
		wd_read_policy(&policy);
		due_us = next_due(&policy);
		if (due_us <= wd_monotonic_us())
		{
			take_turn(&policy);
			MemoryContextReset(turn_context);
		}
		else
			await_work(due_us);
	}
}
