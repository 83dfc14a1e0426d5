/*-------------------------------------------------------------------------
 *
 * outcome_test.c
 *	  What pgx_stat_watchdog_terminations tells of a judgement.
 *
 *-------------------------------------------------------------------------
 */
#include "termination_fixture.h"

static WdOutcome *
outcome(uint64_t number)
{
	return wd_outcome(&t->outcomes, number);
}

static void
a_judgement_is_recorded_with_what_its_victims_held(void)
{
	WdOutcome *o;

	begin();
	add_session(1, WALL - 10 * S, 1)->xact_start_us = WALL - 3 * S;
	add_session(2, WALL - 10 * S, 1)->xact_start_us = WALL - 7 * S;
	add_session(3, WALL - 10 * S, 1);
	add_session(4, WALL - 10 * S, 2)->xact_start_us = WALL - 9 * S;
	locks_each = 4;
	judge(1, 0, NOW, WALL);
	o = outcome(0);
	CHECK(o->judged_us == WALL && o->finished_us == 0);
	CHECK(o->judgement.reason == WD_REASON_TIMEOUT);
	CHECK(o->victims == 3 && o->signalled == 0);
	CHECK(o->locks == WD_LOCKS_UNKNOWN);
	CHECK(o->oldest_xact_us == WALL - 7 * S);
	turn(NOW);
	CHECK(o->mode == WD_TERMINATE_ON);
	CHECK(o->signalled == 3 && o->locks == 8);
	/* A victim's end may hand its lock on to the next one. */
	CHECK(!counted_after_signal);
	CHECK(outcome(1) == NULL);
}

static void
a_count_that_is_unknown_makes_the_sum_unknown(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1)->xact_start_us = WALL;
	add_session(2, WALL - 10 * S, 1);
	locks_each = WD_LOCKS_UNKNOWN;
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(outcome(0)->locks == WD_LOCKS_UNKNOWN);
	CHECK(outcome(0)->signalled == 2);
}

static void
it_is_finished_after_the_last_sweep(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	remove_session(1);
	turn(NOW + 60 * S - 1);
	CHECK(outcome(0)->finished_us == 0);
	turn(NOW + 60 * S);
	CHECK(outcome(0)->finished_us == WALL + 60 * S);
	CHECK(outcome(0)->survivors == 0);
}

static void
survivors_and_late_victims_are_counted(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	add_session(2, WALL - 10 * S, 1);
	ended_count = 0;
	turn(NOW + 1 * S);
	CHECK(outcome(0)->victims == 2 && outcome(0)->signalled == 2);
	turn(NOW + 5 * S);
	CHECK(outcome(0)->survivors == 1);
	turn(NOW + 6 * S);
	CHECK(outcome(0)->survivors == 2);
}

static void
in_log_mode_nothing_is_signalled(void)
{
	begin();
	policy.mode = WD_TERMINATE_LOG;
	add_session(1, WALL - 10 * S, 1)->xact_start_us = WALL - 1;
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(outcome(0)->mode == WD_TERMINATE_LOG);
	CHECK(outcome(0)->victims == 1 && outcome(0)->signalled == 0);
	CHECK(outcome(0)->locks == 1);
}

static void
a_session_that_was_gone_before_its_signal_was_a_victim_all_the_same(void)
{
	begin();
	refuse_signals = true;
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(outcome(0)->victims == 1 && outcome(0)->signalled == 0);
}

static void
a_newer_judgement_on_the_address_finishes_the_older_one(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	ended_count = 0;
	judge(1, 0, NOW + 2 * S, WALL + 2 * S);
	CHECK(outcome(0)->finished_us == WALL + 2 * S);
	turn(NOW + 2 * S);
	CHECK(outcome(0)->victims == 1 && outcome(1)->victims == 1);
	CHECK(outcome(1)->signalled == 1 && outcome(1)->finished_us == 0);
}

static void
switching_off_finishes_it(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	policy.mode = WD_TERMINATE_OFF;
	turn(NOW + 1 * S);
	CHECK(outcome(0)->finished_us == WALL + 1 * S);
}

static void
the_last_thousand_stay_and_an_open_case_outlives_its_outcome(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	for (int i = 0; i < WD_OUTCOMES; i++)
		judge(2, 0, NOW, WALL + i);
	CHECK(outcome(0) == NULL);
	CHECK(outcome(1)->judged_us == WALL);
	CHECK(outcome(WD_OUTCOMES)->judged_us == WALL + WD_OUTCOMES - 1);
	turn(NOW);
	CHECK(was_ended(1));
	turn(NOW + 60 * S);
	CHECK(outcome(WD_OUTCOMES)->finished_us == WALL + 60 * S);
}

int
main(void)
{
	RUN(a_judgement_is_recorded_with_what_its_victims_held);
	RUN(a_count_that_is_unknown_makes_the_sum_unknown);
	RUN(it_is_finished_after_the_last_sweep);
	RUN(survivors_and_late_victims_are_counted);
	RUN(in_log_mode_nothing_is_signalled);
	RUN(a_session_that_was_gone_before_its_signal_was_a_victim_all_the_same);
	RUN(a_newer_judgement_on_the_address_finishes_the_older_one);
	RUN(switching_off_finishes_it);
	RUN(the_last_thousand_stay_and_an_open_case_outlives_its_outcome);
	return finish();
}
