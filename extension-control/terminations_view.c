/*-------------------------------------------------------------------------
 *
 * terminations_view.c
 *	  The function behind the view pgx_stat_watchdog_terminations.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "shmem.h"
#include "view.h"

#define COLUMNS 13

PG_FUNCTION_INFO_V1(pgx_stat_watchdog_terminations);

/* The oldest one first. */
static void *
copy_outcomes(uint32 *count)
{
	WdOutcomes *outcomes = &wd_shared_termination()->outcomes;
	WdOutcome  *copies = palloc(sizeof(WdOutcome) * WD_OUTCOMES);
	uint64		number;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	*count = (uint32) Min(outcomes->begun, WD_OUTCOMES);
	number = outcomes->begun - *count;
	for (uint32 i = 0; i < *count; i++)
		copies[i] = *wd_outcome(outcomes, number + i);
	LWLockRelease(wd_shared->lock);
	return copies;
}

static Datum
microseconds(int64 us)
{
	Interval *interval = palloc0(sizeof(Interval));

	interval->time = us;
	return IntervalPGetDatum(interval);
}

static void
form_row(const void *copied, uint32 row, Datum *values, bool *nulls)
{
	const WdOutcome	  *outcome = &((const WdOutcome *) copied)[row];
	const WdJudgement *judgement = &outcome->judgement;

	values[0] = TimestampTzGetDatum(outcome->judged_us);
	values[4] = CStringGetTextDatum(wd_reason_name(judgement->reason));
	values[5] = Int64GetDatum(judgement->silence_ms);
	values[6] =
		CStringGetTextDatum(outcome->mode == WD_TERMINATE_LOG ? "log" : "on");
	values[7] = Int32GetDatum((int32) outcome->victims);
	values[8] = Int32GetDatum((int32) outcome->signalled);
	values[9] = Int32GetDatum((int32) outcome->survivors);
	nulls[10] = outcome->locks == WD_LOCKS_UNKNOWN;
	values[10] = Int64GetDatum(outcome->locks);
	nulls[11] = outcome->oldest_xact_us == 0;
	values[11] =
		microseconds(Max(outcome->judged_us - outcome->oldest_xact_us, 0));
	nulls[12] = outcome->finished_us == 0;
	values[12] = TimestampTzGetDatum(outcome->finished_us);
	if (!wd_may_see_who())
	{
		nulls[1] = nulls[2] = nulls[3] = true;
		return;
	}
	values[1] = wd_inet_datum(&judgement->address);
	values[2] = wd_conmgr_id_datum(judgement->conmgr_id);
	nulls[3] = judgement->machine_id[0] == '\0';
	values[3] = CStringGetTextDatum(judgement->machine_id);
}

Datum
pgx_stat_watchdog_terminations(PG_FUNCTION_ARGS)
{
	static const WdView view = {COLUMNS, COLUMNS, copy_outcomes, form_row};

	return wd_view_rows(fcinfo, &view);
}
