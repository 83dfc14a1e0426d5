/*-------------------------------------------------------------------------
 *
 * termination_test.c
 *	  The rules of who ends and when, without server, clock or signal.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "check.h"
#include "restart_pause.h"
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

static bool
end_session(void *context, const WdSession *session)
{
	(void) context;
	if (refuse_signals)
		return false;
	ended[ended_count++] = session->pid;
	return true;
}

static void
keep_report(void *context, const WdReport *report)
{
	(void) context;
	reports[report_count++] = *report;
}

static void
begin(void)
{
	free(t);
	t = malloc(wd_termination_size(CASES, VICTIMS));
	wd_termination_init(t, CASES, VICTIMS);
	session_count = ended_count = report_count = 0;
	refuse_signals = false;
	policy = (WdPolicy){WD_TERMINATE_ON, true, 60 * S};
}

static WdAddress
host(uint8_t number)
{
	WdAddress address = {4, {10, 0, 0, number}};

	return address;
}

/* Sessions are added in the order of their pids. */
static WdSession *
add_session(int pid, int64_t start_us, uint8_t number)
{
	WdSession *session = &sessions[session_count++];

	memset(session, 0, sizeof(*session));
	session->pid = pid;
	session->start_us = start_us;
	session->address = host(number);
	return session;
}

static void
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

static WdSessionList
list(void)
{
	return (WdSessionList){sessions, session_count};
}

static bool
judge(uint8_t number, uint64_t spare_ms, int64_t now_us, int64_t wall_us)
{
	WdJudgement judgement = {0};

	judgement.address = host(number);
	judgement.reason = WD_REASON_TIMEOUT;
	judgement.spare_newer_than_ms = spare_ms;
	return wd_termination_judge(t, &judgement, list(), &policy, now_us, wall_us);
}

static void
turn(int64_t now_us)
{
	WdTerminationActions actions = {NULL, end_session, keep_report};

	wd_termination_turn(t, list(), &policy, now_us, &actions);
}

static bool
was_ended(int pid)
{
	for (uint32_t i = 0; i < ended_count; i++)
	{
		if (ended[i] == pid)
			return true;
	}
	return false;
}

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
	RUN(only_the_sessions_of_the_address_end);
	RUN(an_ipv6_address_is_not_the_ipv4_address_of_the_same_bytes);
	RUN(sessions_younger_than_the_judgement_are_spared);
	RUN(a_start_in_the_future_counts_as_old_at_the_judgement_only);
	RUN(an_absurd_age_spares_everybody);
	RUN(who_connects_afterwards_is_never_touched);
	RUN(a_late_session_ends_at_the_second_sweep_and_not_before);
	RUN(a_late_session_ends_at_authentication_timeout_and_not_before);
	RUN(no_sweep_follows_the_one_at_authentication_timeout);
	RUN(sweeps_that_were_slept_through_are_one_sweep);
	RUN(a_session_gets_one_signal_per_judgement);
	RUN(a_second_judgement_signals_again_who_outlived_the_first);
	RUN(survivors_are_reported_once_five_seconds_after_the_signal);
	RUN(another_session_with_the_same_pid_is_not_the_victim);
	RUN(walsenders_end_only_if_the_setting_says_so);
	RUN(walsenders_that_were_spared_stay_spared_when_the_setting_changes);
	RUN(log_says_what_would_end_and_ends_nothing);
	RUN(off_forgets_what_is_open);
	RUN(a_session_that_is_gone_at_the_signal_is_not_counted);
	RUN(next_due_names_each_deadline_in_turn);
	RUN(a_second_judgement_on_the_address_keeps_what_the_first_may_still_find);
	RUN(the_victims_fit_even_if_sessions_come_and_go);
	RUN(the_victims_fit_even_if_the_terminator_is_away);
	RUN(the_oldest_case_gives_way_only_when_its_last_sweep_is_all_it_waits_for);
	RUN(the_pause_grows_from_the_fourth_start_to_a_minute);
	free(t);
	return finish();
}
