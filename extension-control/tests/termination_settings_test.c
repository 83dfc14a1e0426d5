/*-------------------------------------------------------------------------
 *
 * termination_settings_test.c
 *	  Settings, repeated judgements, deadlines and limits of the terminations.
 *
 *-------------------------------------------------------------------------
 */
#include "restart_pause.h"
#include "termination_fixture.h"

static void
a_second_judgement_signals_again_who_outlived_the_first(void)
{
	begin();
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	judge(1, 0, NOW + 2 * S, WALL + 2 * S);
	turn(NOW + 2 * S);
	turn(NOW + 3 * S);
	CHECK(ended_count == 2);
}

static void
walsenders_end_only_if_the_setting_says_so(void)
{
	begin();
	add_session(1, WALL - 1, 1)->walsender = true;
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(ended_count == 1);

	begin();
	policy.walsenders = false;
	add_session(1, WALL - 1, 1)->walsender = true;
	judge(1, 0, NOW, WALL);
	turn(NOW);
	turn(NOW + 60 * S);
	CHECK(ended_count == 0);

	begin();
	add_session(1, WALL - 1, 1)->walsender = true;
	judge(1, 0, NOW, WALL);
	policy.walsenders = false;
	turn(NOW);
	CHECK(ended_count == 0);
}

static void
walsenders_that_were_spared_stay_spared_when_the_setting_changes(void)
{
	begin();
	policy.walsenders = false;
	add_session(1, WALL - 1, 1)->walsender = true;
	judge(1, 0, NOW, WALL);
	policy.walsenders = true;
	turn(NOW);
	turn(NOW + 1 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 0);
}

static void
log_says_what_would_end_and_ends_nothing(void)
{
	begin();
	policy.mode = WD_TERMINATE_LOG;
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(report_count == 1);
	CHECK(reports[0].count == 1 && reports[0].mode == WD_TERMINATE_LOG);
	turn(NOW + 5 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 0);
	CHECK(report_count == 1);
}

static void
off_forgets_what_is_open(void)
{
	begin();
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	policy.mode = WD_TERMINATE_OFF;
	turn(NOW);
	policy.mode = WD_TERMINATE_ON;
	turn(NOW + 1 * S);
	CHECK(ended_count == 0);
	CHECK(report_count == 0);
	CHECK(wd_termination_next_due(t, &policy) == WD_NEVER);
}

static void
next_due_names_each_deadline_in_turn(void)
{
	begin();
	CHECK(wd_termination_next_due(t, &policy) == WD_NEVER);
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	CHECK(wd_termination_next_due(t, &policy) == NOW);
	turn(NOW);
	CHECK(wd_termination_next_due(t, &policy) == NOW + 1 * S);
	turn(NOW + 1 * S);
	CHECK(wd_termination_next_due(t, &policy) == NOW + 5 * S);
	turn(NOW + 5 * S);
	CHECK(wd_termination_next_due(t, &policy) == NOW + 60 * S);
	policy.authentication_timeout_us = 7 * S;
	CHECK(wd_termination_next_due(t, &policy) == NOW + 7 * S);
	turn(NOW + 7 * S);
	CHECK(wd_termination_next_due(t, &policy) == WD_NEVER);
}

static void
a_second_judgement_on_the_address_keeps_what_the_first_may_still_find(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	turn(NOW);
	turn(NOW + 1 * S);

	/* It came back and died again; its new sessions are spared by age. */
	judge(1, 30000, NOW + 10 * S, WALL + 10 * S);
	add_session(1, WALL - 1, 1);
	turn(NOW + 11 * S);
	CHECK(ended_count == 1);
}

static void
the_victims_fit_even_if_sessions_come_and_go(void)
{
	begin();
	for (int round = 0; round < 10; round++)
	{
		session_count = 0;
		for (int i = 0; i < VICTIMS; i++)
			add_session(100 * round + i + 1, WALL - 1,
						(uint8_t) (1 + i % CASES));
		for (uint8_t i = 1; i <= CASES; i++)
			CHECK(judge(i, 0, NOW, WALL));
		ended_count = 0;
		turn(NOW);
		CHECK(ended_count == VICTIMS);
	}
}

static void
the_victims_fit_even_if_the_terminator_is_away(void)
{
	begin();
	for (int round = 0; round < 3; round++)
	{
		session_count = 0;
		for (int i = 0; i < VICTIMS; i++)
			add_session(100 * round + i + 1, WALL + 1, 1);
		judge(1, 0, NOW, WALL);
	}
	turn(NOW);
	CHECK(ended_count == VICTIMS);
}

static void
the_oldest_case_gives_way_only_when_its_last_sweep_is_all_it_waits_for(void)
{
	begin();
	CHECK(judge(1, 0, NOW, WALL));
	CHECK(judge(2, 0, NOW + 1, WALL));
	CHECK(judge(3, 0, NOW + 2, WALL));
	CHECK(!judge(4, 0, NOW + 3, WALL));
	turn(NOW + 2);
	CHECK(!judge(4, 0, NOW + 3, WALL));
	turn(NOW + 1 * S + 2);
	CHECK(judge(4, 0, NOW + 1 * S + 3, WALL));
	turn(NOW + 2 * S);
	add_session(1, WALL - 1, 1);
	add_session(2, WALL - 1, 2);
	add_session(4, WALL - 1, 4);
	turn(NOW + 62 * S);
	CHECK(!was_ended(1));
	CHECK(was_ended(2));
	CHECK(was_ended(4));
}

static void
the_pause_grows_from_the_fourth_start_to_a_minute(void)
{
	CHECK(wd_restart_pause_ms(0) == 0);
	CHECK(wd_restart_pause_ms(2) == 0);
	CHECK(wd_restart_pause_ms(3) == 1000);
	CHECK(wd_restart_pause_ms(4) == 2000);
	CHECK(wd_restart_pause_ms(8) == 32000);
	CHECK(wd_restart_pause_ms(9) == 60000);
	CHECK(wd_restart_pause_ms(UINT32_MAX) == 60000);
}

int
main(void)
{
	RUN(a_second_judgement_signals_again_who_outlived_the_first);
	RUN(walsenders_end_only_if_the_setting_says_so);
	RUN(walsenders_that_were_spared_stay_spared_when_the_setting_changes);
	RUN(log_says_what_would_end_and_ends_nothing);
	RUN(off_forgets_what_is_open);
	RUN(next_due_names_each_deadline_in_turn);
	RUN(a_second_judgement_on_the_address_keeps_what_the_first_may_still_find);
	RUN(the_victims_fit_even_if_sessions_come_and_go);
	RUN(the_victims_fit_even_if_the_terminator_is_away);
	RUN(the_oldest_case_gives_way_only_when_its_last_sweep_is_all_it_waits_for);
	RUN(the_pause_grows_from_the_fourth_start_to_a_minute);
	free(t);
	return finish();
}
