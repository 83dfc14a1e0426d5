/*-------------------------------------------------------------------------
 *
 * termination_test.c
 *	  Who ends and when (L6, death.md), without server, clock or signal.
 *
 *-------------------------------------------------------------------------
 */
#include "termination_fixture.h"

static void
only_the_sessions_of_the_address_end(void)
{
	WdSession *unix_socket;

	begin();
	add_session(1, WALL - 10 * S, 1);
	add_session(2, WALL - 10 * S, 2);
	unix_socket = add_session(3, WALL - 10 * S, 0);
	memset(&unix_socket->address, 0, sizeof(unix_socket->address));
	CHECK(judge(1, 0, NOW, WALL));
	turn(NOW);
	CHECK(ended_count == 1);
	CHECK(was_ended(1));
	CHECK(report_count == 1);
	CHECK(reports[0].count == 1 && reports[0].pids[0] == 1);
	CHECK(reports[0].first_sweep);
}

static void
an_ipv6_address_is_not_the_ipv4_address_of_the_same_bytes(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1)->address.family = 6;
	judge(1, 0, NOW, WALL);
	turn(NOW);
	CHECK(ended_count == 0);
}

static void
sessions_younger_than_the_judgement_are_spared(void)
{
	begin();
	add_session(1, WALL - 3000 * MS - 1, 1);
	add_session(2, WALL - 3000 * MS, 1);
	add_session(3, WALL - 3000 * MS + 1, 1);
	add_session(4, WALL, 1);
	judge(1, 3000, NOW, WALL);
	turn(NOW);
	turn(NOW + 1 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 1);
	CHECK(was_ended(1));
}

static void
a_start_in_the_future_counts_as_old_at_the_judgement_only(void)
{
	begin();
	add_session(1, WALL + 1, 1);
	judge(1, 3000, NOW, WALL);
	add_session(2, WALL + 1, 1);
	turn(NOW);
	turn(NOW + 1 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 1);
	CHECK(was_ended(1));
}

static void
sessions_that_began_while_the_answer_was_under_way_are_spared(void)
{
	begin();
	add_session(1, WALL - 1001, 1);
	add_session(2, WALL - 1000, 1);
	add_session(3, WALL + 5000, 1);
	add_session(4, WALL + 20000, 1);
	judge_later(1, 1, &(WdMoment){NOW, WALL, WALL + 20000});
	turn(NOW);
	turn(NOW + 1 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 1);
	CHECK(was_ended(1));
}

static void
an_absurd_age_spares_everybody(void)
{
	begin();
	add_session(1, 1, 1);
	add_session(2, WALL - 10 * S, 1);
	judge(1, UINT64_MAX, NOW, WALL);
	turn(NOW);
	turn(NOW + 60 * S);
	judge(1, UINT64_C(1) << 60, NOW + 61 * S, WALL);
	turn(NOW + 61 * S);
	CHECK(ended_count == 0);
}

static void
who_connects_afterwards_is_never_touched(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	add_session(1, WALL, 1);
	add_session(2, WALL + 1, 1);
	turn(NOW);
	turn(NOW + 1 * S);
	turn(NOW + 60 * S);
	CHECK(ended_count == 0);
	CHECK(report_count == 1 && reports[0].count == 0);
}

static void
a_late_session_ends_at_the_second_sweep_and_not_before(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	turn(NOW);
	add_session(1, WALL - 1, 1);
	turn(NOW + 1 * S - 1);
	CHECK(ended_count == 0);
	turn(NOW + 1 * S);
	CHECK(ended_count == 1);
	CHECK(report_count == 2 && !reports[1].first_sweep);
}

static void
a_late_session_ends_at_authentication_timeout_and_not_before(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	turn(NOW);
	turn(NOW + 1 * S);
	add_session(1, WALL - 1, 1);
	turn(NOW + 60 * S - 1);
	CHECK(ended_count == 0);
	turn(NOW + 60 * S);
	CHECK(ended_count == 1);
}

static void
no_sweep_follows_the_one_at_authentication_timeout(void)
{
	begin();
	judge(1, 0, NOW, WALL);
	turn(NOW + 60 * S);
	CHECK(wd_termination_next_due(t, &policy) == WD_NEVER);
	add_session(1, WALL - 1, 1);
	turn(NOW + 60 * S + 1);
	turn(NOW + 600 * S);
	CHECK(ended_count == 0);
}

static void
sweeps_that_were_slept_through_are_one_sweep(void)
{
	begin();
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW + 500 * S);
	CHECK(ended_count == 1);
	CHECK(report_count == 1);
}

static void
a_session_gets_one_signal_per_judgement(void)
{
	begin();
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	for (int64_t at = NOW; at <= NOW + 70 * S; at += 500 * MS)
		turn(at);
	CHECK(ended_count == 1);
	judge(1, 0, NOW + 71 * S, WALL + 71 * S);
	turn(NOW + 71 * S);
	CHECK(ended_count == 2);
}

static void
survivors_are_reported_once_five_seconds_after_the_signal(void)
{
	begin();
	add_session(1, WALL - 1, 1);
	add_session(2, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	remove_session(2);
	turn(NOW + 5 * S - 1);
	CHECK(report_count == 1);
	turn(NOW + 5 * S);
	CHECK(report_count == 2);
	CHECK(reports[1].kind == WD_REPORT_SURVIVORS);
	CHECK(reports[1].count == 1 && reports[1].pids[0] == 1);
	turn(NOW + 5 * S + 1);
	turn(NOW + 60 * S);
	turn(NOW + 70 * S);
	CHECK(report_count == 2);
}

static void
another_session_with_the_same_pid_is_not_the_victim(void)
{
	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	sessions[0].start_us = WALL + 1;
	turn(NOW);
	CHECK(ended_count == 0);

	begin();
	add_session(1, WALL - 10 * S, 1);
	judge(1, 0, NOW, WALL);
	sessions[0].address = host(2);
	turn(NOW);
	CHECK(ended_count == 0);
}

static void
a_session_that_is_gone_at_the_signal_is_not_counted(void)
{
	begin();
	refuse_signals = true;
	add_session(1, WALL - 1, 1);
	judge(1, 0, NOW, WALL);
	turn(NOW);
	turn(NOW + 5 * S);
	CHECK(report_count == 1 && reports[0].count == 0);
}

int
main(void)
{
	RUN(only_the_sessions_of_the_address_end);
	RUN(an_ipv6_address_is_not_the_ipv4_address_of_the_same_bytes);
	RUN(sessions_younger_than_the_judgement_are_spared);
	RUN(a_start_in_the_future_counts_as_old_at_the_judgement_only);
	RUN(sessions_that_began_while_the_answer_was_under_way_are_spared);
	RUN(an_absurd_age_spares_everybody);
	RUN(who_connects_afterwards_is_never_touched);
	RUN(a_late_session_ends_at_the_second_sweep_and_not_before);
	RUN(a_late_session_ends_at_authentication_timeout_and_not_before);
	RUN(no_sweep_follows_the_one_at_authentication_timeout);
	RUN(sweeps_that_were_slept_through_are_one_sweep);
	RUN(a_session_gets_one_signal_per_judgement);
	RUN(survivors_are_reported_once_five_seconds_after_the_signal);
	RUN(another_session_with_the_same_pid_is_not_the_victim);
	RUN(a_session_that_is_gone_at_the_signal_is_not_counted);
	free(t);
	return finish();
}
