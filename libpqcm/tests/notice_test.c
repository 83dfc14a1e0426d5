/*-------------------------------------------------------------------------
 *
 * notice_test.c
 *	  What conmgr's notice, or its end, does to a connection.
 *
 *-------------------------------------------------------------------------
 */
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "pair.h"

/* The bound of the requirement; a busy machine may miss it at times. */
#define LIMIT_US 20000
#define TRIES	 5
#define NEVER_US 3000000

/*
 * Runs a wait of the application on new connections, and ends it by a notice
 * or by conmgr's end.  True if it ended in time and left a bad connection.
 */
static bool
ends_in_time(void (*wait)(PGconn *), void (*act)(Fake *))
{
	int64_t best = NEVER_US;

	for (int i = 0; i < TRIES; i++)
	{
		Later	later = {.ms = 50, .fake = conmgr, .act = act};
		PGconn *conn = connect_now();
		int64_t took;

		start_later(&later);
		wait(conn);
		took = now_us();
		pthread_join(later.thread, NULL);
		took -= later.at_us;
		if (took < 0 || took > NEVER_US)
			printf("took %ld us\n", (long) took);
		CHECK(took >= 0 && took < NEVER_US);
		CHECK(PQstatus(conn) == CONNECTION_BAD);
		PQfinish(conn);
		best = took < best ? took : best;
	}
	if (best > LIMIT_US)
		printf("best of %d: %ld us\n", TRIES, (long) best);
	return best <= LIMIT_US;
}

static void
wait_in_exec(PGconn *conn)
{
	expect_failure(PQexec(conn, "block"));
}

static void
wait_in_exec_params(PGconn *conn)
{
	expect_failure(PQexecParams(conn, "block", 0, NULL, NULL, NULL, NULL, 0));
}

/* The instance reads nothing: the writes fill up and block. */
static void
wait_in_copy_in(PGconn *conn)
{
	static char data[65536];
	PGresult   *result = PQexec(conn, "copy");

	CHECK(PQresultStatus(result) == PGRES_COPY_IN);
	PQclear(result);
	while (PQputCopyData(conn, data, sizeof(data)) == 1)
		;
}

static void
wait_in_get_result(PGconn *conn)
{
	CHECK(PQsendQuery(conn, "block") == 1);
	expect_failure(PQgetResult(conn));
}

static void
wait_in_pipeline(PGconn *conn)
{
	CHECK(PQenterPipelineMode(conn) == 1);
	CHECK(PQsendQueryParams(conn, "block", 0, NULL, NULL, NULL, NULL, 0) == 1);
	CHECK(PQpipelineSync(conn) == 1);
	expect_failure(PQgetResult(conn));
}

/* As an event loop does: poll, consume, until there is a result. */
static void
wait_by_poll(PGconn *conn, int socket)
{
	CHECK(PQsetnonblocking(conn, 1) == 0);
	CHECK(PQsendQuery(conn, "block") == 1);
	CHECK(PQflush(conn) == 0);
	while (PQisBusy(conn))
	{
		struct pollfd fd = {.fd = socket, .events = POLLIN};

		if (poll(&fd, 1, 5000) != 1 || !PQconsumeInput(conn))
			break;
	}
	expect_failure(PQgetResult(conn));
}

static void
wait_by_socket(PGconn *conn)
{
	wait_by_poll(conn, PQsocket(conn));
}

static void
wait_by_cm_socket(PGconn *conn)
{
	wait_by_poll(conn, PQcmSocket(conn));
}

/* Waits for notifications; there is nothing to be busy with. */
static void
wait_idle(PGconn *conn)
{
	struct pollfd fd = {.fd = PQcmSocket(conn), .events = POLLIN};

	CHECK(poll(&fd, 1, 5000) == 1);
	CHECK(PQconsumeInput(conn) == 0);
}

static void
every_wait_ends_with_the_notice(void)
{
	CHECK(ends_in_time(wait_in_exec, fake_notify));
	CHECK(ends_in_time(wait_in_exec_params, fake_notify));
	CHECK(ends_in_time(wait_in_copy_in, fake_notify));
	CHECK(ends_in_time(wait_in_get_result, fake_notify));
	CHECK(ends_in_time(wait_in_pipeline, fake_notify));
	CHECK(ends_in_time(wait_by_socket, fake_notify));
	CHECK(ends_in_time(wait_by_cm_socket, fake_notify));
	CHECK(ends_in_time(wait_idle, fake_notify));
}

static void
every_wait_ends_with_conmgr(void)
{
	CHECK(ends_in_time(wait_in_exec, fake_drop));
	CHECK(ends_in_time(wait_in_copy_in, fake_drop));
	CHECK(ends_in_time(wait_by_socket, fake_drop));
	CHECK(ends_in_time(wait_by_cm_socket, fake_drop));
}

static void
the_notice_of_one_connection_is_not_anothers(void)
{
	PGconn	 *first = connect_now();
	PGconn	 *second;
	Fake	 *former = conmgr;
	PGresult *result;

	conmgr = fake_start(FAKE_REDIRECT);
	fake_send_to(conmgr, "localhost", "127.0.0.1", fake_port(instance));
	second = connect_now();
	fake_drop(conmgr);
	pause_ms(100);
	expect_failure(PQexec(second, "one"));
	queries_run_as_always();
	result = PQexec(first, "one");
	CHECK(PQresultStatus(result) == PGRES_TUPLES_OK);
	PQclear(result);
	PQfinish(first);
	PQfinish(second);
	fake_stop(conmgr);
	conmgr = former;
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int number)
{
	(void) number;
	alarms++;
}

static void
signals_disturb_nothing(void)
{
	struct sigaction  action = {.sa_handler = on_alarm};
	timer_t			  timer;
	struct itimerspec often = {{0, 1000000}, {0, 1000000}};
	struct itimerspec never = {{0, 0}, {0, 0}};

	sigaction(SIGALRM, &action, NULL);
	timer_create(CLOCK_MONOTONIC, NULL, &timer);
	timer_settime(timer, 0, &often, NULL);
	for (int i = 0; i < 20; i++)
		queries_run_as_always();
	CHECK(ends_in_time(wait_in_exec, fake_notify));
	timer_settime(timer, 0, &never, NULL);
	timer_delete(timer);
	CHECK(alarms > 0);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	start_pair();
	RUN(queries_run_as_always);
	RUN(every_wait_ends_with_the_notice);
	RUN(every_wait_ends_with_conmgr);
	RUN(the_notice_of_one_connection_is_not_anothers);
	RUN(signals_disturb_nothing);
	return stop_pair();
}
