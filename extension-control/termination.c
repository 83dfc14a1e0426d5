/*-------------------------------------------------------------------------
 *
 * termination.c
 *	  Whose session ends after a judgement, and when (docs/adr/0003).
 *
 * A judgement opens a case.  The victims known at that moment are fixed with
 * it.  A case is swept at once, after one second, and after
 * authentication_timeout; the later sweeps find sessions that were still
 * authenticating, and so invisible, when the judgement fell.  A victim gets
 * one SIGTERM per judgement; if it is still there five seconds later that is
 * reported, once.
 *
 * What became of a judgement stays readable as its outcome.
 *
 *-------------------------------------------------------------------------
 */
#include "termination.h"

static WdCase *
cases_of(const WdTermination *t)
{
	return (WdCase *) ((char *) t + t->cases_offset);
}

static WdVictim *
victims_of(const WdTermination *t)
{
	return (WdVictim *) ((char *) t + t->victims_offset);
}

static size_t
align8(size_t size)
{
	return (size + 7) & ~(size_t) 7;
}

size_t
wd_termination_size(uint32_t cases, uint32_t victims)
{
	return align8(sizeof(WdTermination)) +
		   align8((size_t) cases * sizeof(WdCase)) +
		   align8((size_t) victims * sizeof(WdVictim));
}

/* t has wd_termination_size() bytes; one victim per backend slot is enough. */
void
wd_termination_init(WdTermination *t, uint32_t cases, uint32_t victims)
{
	memset(t, 0, wd_termination_size(cases, victims));
	t->case_capacity = cases;
	t->victim_capacity = victims;
	t->cases_offset = align8(sizeof(WdTermination));
	t->victims_offset =
		t->cases_offset + align8((size_t) cases * sizeof(WdCase));
}

/* The outcome of this case, or NULL if newer ones have taken its place. */
static WdOutcome *
outcome_of(WdTermination *t, const WdCase *c)
{
	return wd_outcome(&t->outcomes, c->outcome);
}

static void
close_case(WdTermination *t, WdCase *c, int64_t wall_us)
{
	WdOutcome *outcome = outcome_of(t, c);

	c->open = false;
	if (outcome != NULL)
		outcome->finished_us = wall_us;
}

static const WdSession *
find_session(WdSessionList list, int pid)
{
	uint32_t low = 0;
	uint32_t high = list.count;

	while (low < high)
	{
		uint32_t middle = low + (high - low) / 2;

		if (list.sessions[middle].pid == pid)
			return &list.sessions[middle];
		if (list.sessions[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The session that this victim was, or NULL: its pid may be another's now. */
static const WdSession *
session_of(const WdTermination *t, const WdVictim *victim, WdSessionList list)
{
	const WdCase	*its_case = &cases_of(t)[victim->case_number];
	const WdSession *session = find_session(list, victim->pid);

	if (session == NULL || session->start_us != victim->start_us ||
		!wd_address_equal(&session->address, &its_case->judgement.address))
		return NULL;
	return session;
}

/*
 * Forgets the victims that have ended.  What remains are sessions of the
 * list, each at most once, so the victims cannot outgrow the backend slots.
 */
static void
forget_ended(WdTermination *t, WdSessionList list)
{
	WdVictim *victims = victims_of(t);
	uint32_t  kept = 0;

	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		if (cases_of(t)[victims[i].case_number].open &&
			session_of(t, &victims[i], list) != NULL)
			victims[kept++] = victims[i];
	}
	t->victim_count = kept;
}

static WdVictim *
find_victim(const WdTermination *t, uint32_t case_number,
			const WdSession *session)
{
	WdVictim *victims = victims_of(t);

	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		if (victims[i].pid == session->pid &&
			victims[i].start_us == session->start_us &&
			victims[i].case_number == case_number)
			return &victims[i];
	}
	return NULL;
}

static bool
may_end(const WdCase *c, const WdSession *session, const WdPolicy *policy)
{
	return wd_address_equal(&session->address, &c->judgement.address) &&
		   ((c->walsenders && policy->walsenders) || !session->walsender);
}

static void
note_victim(WdOutcome *outcome, const WdSession *session)
{
	if (outcome == NULL)
		return;
	outcome->victims++;
	wd_outcome_add_xact(outcome, session->xact_start_us);
}

static void
choose(WdTermination *t, uint32_t case_number, const WdSession *session)
{
	WdVictim *victim;

	if (t->victim_count >= t->victim_capacity)
		return; /* cannot be: see forget_ended() */
	note_victim(outcome_of(t, &cases_of(t)[case_number]), session);
	victim = &victims_of(t)[t->victim_count++];
	victim->case_number = case_number;
	victim->state = WD_VICTIM_CHOSEN;
	victim->pid = session->pid;
	victim->start_us = session->start_us;
	victim->signalled_us = 0;
}

/*
 * The case for a judgement on this address: the one that is open for it, a
 * free one, or else the oldest one that has only its last sweep before it.
 */
static WdCase *
find_case(WdTermination *t, const WdAddress *address, int64_t wall_us)
{
	WdCase *cases = cases_of(t);
	WdCase *free_case = NULL;
	WdCase *oldest = NULL;

	for (uint32_t i = 0; i < t->case_capacity; i++)
	{
		WdCase *c = &cases[i];

		if (c->open && wd_address_equal(&c->judgement.address, address))
			return c;
		if (!c->open && free_case == NULL)
			free_case = c;
		if (c->open && c->sweeps_done >= WD_SWEEPS - 1 &&
			(oldest == NULL || c->judged_us < oldest->judged_us))
			oldest = c;
	}
	if (free_case == NULL && oldest != NULL)
	{
		close_case(t, oldest, wall_us);
		return oldest;
	}
	return free_case;
}

/*
 * Who started at this time or later, up to the look at the sessions, is
 * spared.  Counted from when Java was asked, not from when its answer came:
 * else a session that began while the answer was under way would be taken
 * for older than its judgement.
 */
static int64_t
spare_limit(int64_t asked_wall_us, uint64_t spare_ms)
{
	uint64_t spare_us;

	if (spare_ms > (uint64_t) INT64_MAX / 1000)
		return INT64_MIN;
	spare_us = spare_ms * 1000;
	if (asked_wall_us < INT64_MIN + (int64_t) spare_us)
		return INT64_MIN;
	return asked_wall_us - (int64_t) spare_us;
}

/*
 * Takes a judgement and fixes its victims: the sessions of the list from that
 * address, but not those that started at the limit or between it and the look
 * at the sessions.  One that seems to start after that is old: the clock was
 * set back.
 *
 * A judgement on an address whose case is still open takes that case over,
 * with the sessions that may still turn up for the earlier one.
 *
 * Returns false if there is no room; the judgement is lost then.
 */
bool
wd_termination_judge(WdTermination *t, const WdJudgement *judgement,
					 WdSessionList list, const WdPolicy *policy,
					 const WdMoment *moment)
{
	int64_t limit_us =
		spare_limit(moment->asked_wall_us, judgement->spare_newer_than_ms);
	WdCase	*c = find_case(t, &judgement->address, moment->wall_us);
	uint32_t case_number;

	if (c == NULL)
		return false;
	forget_ended(t, list);
	if (!c->open || c->born_before_us < limit_us)
		c->born_before_us = limit_us;
	if (c->open)
		close_case(t, c, moment->wall_us);
	c->open = true;
	c->walsenders = policy->walsenders;
	c->sweeps_done = 0;
	c->judgement = *judgement;
	c->judged_us = moment->now_us;
	c->outcome = wd_outcome_begin(&t->outcomes, judgement, policy->mode,
								  moment->wall_us);
	case_number = (uint32_t) (c - cases_of(t));
	for (uint32_t i = 0; i < list.count; i++)
	{
		const WdSession *session = &list.sessions[i];
		WdVictim		*victim;

		if (!may_end(c, session, policy) ||
			(session->start_us >= limit_us &&
			 session->start_us <= moment->wall_us))
			continue;
		victim = find_victim(t, case_number, session);
		if (victim != NULL)
		{
			victim->state = WD_VICTIM_CHOSEN;
			note_victim(outcome_of(t, c), session);
		}
		else
			choose(t, case_number, session);
	}
	return true;
}

static int64_t
sweep_due(const WdCase *c, const WdPolicy *policy)
{
	switch (c->sweeps_done)
	{
		case 0:
			return c->judged_us;
		case 1:
			return c->judged_us + WD_SECOND_SWEEP_US;
		case 2:
			return c->judged_us + policy->authentication_timeout_us;
	}
	return WD_NEVER;
}

static void
add_pid(WdReport *report, int pid)
{
	if (report->count < WD_REPORTED_PIDS)
		report->pids[report->count] = pid;
	report->count++;
}

static void
begin_report(WdReport *report, WdReportKind kind, const WdCase *c,
			 const WdPolicy *policy)
{
	memset(report, 0, sizeof(*report));
	report->kind = kind;
	report->mode = policy->mode;
	report->judgement = c->judgement;
}

/* Sessions that were not visible yet when the judgement fell. */
static void
choose_late(WdTermination *t, uint32_t case_number, WdSessionList list,
			const WdPolicy *policy)
{
	const WdCase *c = &cases_of(t)[case_number];

	for (uint32_t i = 0; i < list.count; i++)
	{
		const WdSession *session = &list.sessions[i];

		if (may_end(c, session, policy) &&
			session->start_us < c->born_before_us &&
			find_victim(t, case_number, session) == NULL)
			choose(t, case_number, session);
	}
}

/* Before the first SIGTERM: each may hand a lock on to another victim. */
static void
count_locks(WdTermination *t, uint32_t case_number, WdSessionList list,
			const WdTerminationActions *actions)
{
	WdOutcome *outcome = outcome_of(t, &cases_of(t)[case_number]);
	WdVictim  *victims = victims_of(t);

	if (outcome == NULL)
		return;
	outcome->locks = 0;
	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		const WdSession *session;

		if (victims[i].case_number != case_number ||
			victims[i].state != WD_VICTIM_CHOSEN)
			continue;
		session = session_of(t, &victims[i], list);
		if (session != NULL)
			wd_outcome_add_locks(outcome, actions->count_locks(actions->context,
															   session));
	}
}

static void
end_victim(WdVictim *victim, const WdSession *session, const WdPolicy *policy,
		   int64_t now_us, const WdTerminationActions *actions, WdReport *report)
{
	if (session == NULL || (session->walsender && !policy->walsenders))
	{
		victim->state = WD_VICTIM_SETTLED;
		return;
	}
	if (policy->mode == WD_TERMINATE_LOG)
	{
		victim->state = WD_VICTIM_SETTLED;
		add_pid(report, victim->pid);
		return;
	}
	victim->state = WD_VICTIM_SIGNALLED;
	victim->signalled_us = now_us;
	if (actions->end_session(actions->context, session))
		add_pid(report, victim->pid);
	else
		victim->state = WD_VICTIM_SETTLED;
}

static void
sweep(WdTermination *t, uint32_t case_number, WdSessionList list,
	  const WdPolicy *policy, int64_t now_us,
	  const WdTerminationActions *actions)
{
	WdCase	  *c = &cases_of(t)[case_number];
	WdVictim  *victims = victims_of(t);
	WdOutcome *outcome = outcome_of(t, c);
	WdReport   report;

	begin_report(&report, WD_REPORT_SWEEP, c, policy);
	report.first_sweep = c->sweeps_done == 0;
	if (report.first_sweep)
		count_locks(t, case_number, list, actions);
	while (sweep_due(c, policy) <= now_us && c->sweeps_done < WD_SWEEPS)
		c->sweeps_done++;
	choose_late(t, case_number, list, policy);
	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		if (victims[i].case_number == case_number &&
			victims[i].state == WD_VICTIM_CHOSEN)
			end_victim(&victims[i], session_of(t, &victims[i], list), policy,
					   now_us, actions, &report);
	}
	if (outcome != NULL && report.first_sweep)
		outcome->mode = policy->mode;
	if (outcome != NULL && policy->mode == WD_TERMINATE_ON)
		outcome->signalled += report.count;
	if (report.first_sweep || report.count > 0)
		actions->report(actions->context, &report);
}

/* Reports who outlived SIGTERM; returns how many may still do so. */
static uint32_t
report_survivors(WdTermination *t, uint32_t case_number, const WdPolicy *policy,
				 int64_t now_us, const WdTerminationActions *actions)
{
	WdVictim  *victims = victims_of(t);
	WdOutcome *outcome = outcome_of(t, &cases_of(t)[case_number]);
	WdReport   report;
	uint32_t   waiting = 0;

	begin_report(&report, WD_REPORT_SURVIVORS, &cases_of(t)[case_number],
				 policy);
	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		WdVictim *victim = &victims[i];

		if (victim->case_number != case_number ||
			victim->state != WD_VICTIM_SIGNALLED)
			continue;
		if (now_us >= victim->signalled_us + WD_SURVIVOR_US)
		{
			victim->state = WD_VICTIM_SETTLED;
			add_pid(&report, victim->pid);
		}
		else
			waiting++;
	}
	if (outcome != NULL)
		outcome->survivors += report.count;
	if (report.count > 0)
		actions->report(actions->context, &report);
	return waiting;
}

/*
 * Does what is due now.  The list must be fresh: what stands in it is taken
 * as the state of the sessions at the moment of the signals.
 */
void
wd_termination_turn(WdTermination *t, WdSessionList list, const WdPolicy *policy,
					const WdInstant *at, const WdTerminationActions *actions)
{
	WdCase *cases = cases_of(t);
	int64_t now_us = at->now_us;

	forget_ended(t, list);
	for (uint32_t i = 0; i < t->case_capacity; i++)
	{
		if (!cases[i].open)
			continue;
		if (policy->mode == WD_TERMINATE_OFF)
		{
			close_case(t, &cases[i], at->wall_us);
			continue;
		}
		if (sweep_due(&cases[i], policy) <= now_us)
			sweep(t, i, list, policy, now_us, actions);
		if (report_survivors(t, i, policy, now_us, actions) == 0 &&
			cases[i].sweeps_done == WD_SWEEPS)
			close_case(t, &cases[i], at->wall_us);
	}
	forget_ended(t, list);
}

/* When wd_termination_turn() has something to do, or WD_NEVER. */
int64_t
wd_termination_next_due(const WdTermination *t, const WdPolicy *policy)
{
	const WdCase   *cases = cases_of(t);
	const WdVictim *victims = victims_of(t);
	int64_t			due = WD_NEVER;

	for (uint32_t i = 0; i < t->case_capacity; i++)
	{
		int64_t sweep_us = sweep_due(&cases[i], policy);

		if (cases[i].open && sweep_us < due)
			due = sweep_us;
	}
	for (uint32_t i = 0; i < t->victim_count; i++)
	{
		int64_t look_us = victims[i].signalled_us + WD_SURVIVOR_US;

		if (victims[i].state == WD_VICTIM_SIGNALLED && look_us < due)
			due = look_us;
	}
	return due;
}
