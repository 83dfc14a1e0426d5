/*-------------------------------------------------------------------------
 *
 * notice_test.c
 *	  What conmgr's notice, or its end, does to a connection; the watcher
 *	  in programs that fork, have threads, take signals or close
 *	  descriptors that are not theirs.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "fake.h"
#include "libpqcm.h"

/* The bound of the requirement; a busy machine may miss it at times. */
#define LIMIT_US 20000
#define TRIES	 5
#define NEVER_US 3000000

static Fake *instance;
static Fake *conmgr;

static PGconn *
connect_now(void)
{
	char	conninfo[200];
	PGconn *conn;

	snprintf(conninfo, sizeof(conninfo),
			 "host=localhost port=%d user=u dbname=d sslmode=disable",
			 fake_port(conmgr));
	conn = PQconnectdb(conninfo);
	if (PQcmSocket(conn) < 0)
		printf("not through conmgr: %s", PQerrorMessage(conn));
	return conn;
}

/* What happens to the connection in 50 ms, and when it did. */
typedef struct Later
{
	void (*act)(Fake *);
	int64_t at_us;
} Later;

static void *
act_later(void *argument)
{
	Later *later = argument;

	pause_ms(50);
	later->at_us = now_us();
	later->act(conmgr);
	return NULL;
}

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
		Later	  later = {.act = act};
		PGconn	 *conn = connect_now();
		pthread_t thread;
		int64_t	  took;

		pthread_create(&thread, NULL, act_later, &later);
		wait(conn);
		took = now_us();
		pthread_join(thread, NULL);
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
expect_failure(PGresult *result)
{
	CHECK(PQresultStatus(result) == PGRES_FATAL_ERROR);
	CHECK(PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL);
	PQclear(result);
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
queries_run_as_always(void)
{
	PGconn	 *conn = connect_now();
	PGresult *result = PQexec(conn, "one");

	CHECK(PQresultStatus(result) == PGRES_TUPLES_OK);
	CHECK(PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "1") == 0);
	CHECK(PQconsumeInput(conn) == 1);
	PQclear(result);
	PQfinish(conn);
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

/* How many threads have our name, and whether they block all signals. */
static int
watchers(bool *deaf)
{
	DIR			  *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int			   count = 0;

	*deaf = true;
	while ((task = readdir(tasks)) != NULL)
	{
		char			   path[300];
		char			   line[200];
		unsigned long long blocked = 0;
		bool			   ours = false;
		FILE			  *status;

		snprintf(path, sizeof(path), "/proc/self/task/%.20s/status",
				 task->d_name);
		status = fopen(path, "r");
		while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		{
			ours = ours || strcmp(line, "Name:\tlibpqcm\n") == 0;
			sscanf(line, "SigBlk: %llx", &blocked);
		}
		if (status != NULL)
			fclose(status);
		if (!ours)
			continue;
		count++;
		/* All but KILL, STOP and the two that glibc keeps for itself. */
		if (blocked != 0xfffffffe7ffbfeffULL)
			*deaf = false;
	}
	closedir(tasks);
	return count;
}

static void
one_watcher_serves_all_and_takes_no_signal(void)
{
	PGconn *conns[50];
	bool	deaf;

	for (int i = 0; i < 50; i++)
		conns[i] = connect_now();
	CHECK(watchers(&deaf) == 1);
	CHECK(deaf);
	for (int i = 0; i < 50; i++)
		PQfinish(conns[i]);
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

static void *
connect_often(void *argument)
{
	for (int i = 0; i < 20; i++)
	{
		PGconn *conn = connect_now();

		if (i % 3 == 0)
			PQreset(conn);
		*(bool *) argument = *(bool *) argument &&
							 PQstatus(conn) == CONNECTION_OK &&
							 PQcmSocket(conn) >= 0;
		PQfinish(conn);
	}
	return NULL;
}

static void
threads_connect_side_by_side(void)
{
	pthread_t threads[8];
	bool	  ok[8];

	for (int i = 0; i < 8; i++)
	{
		ok[i] = true;
		pthread_create(&threads[i], NULL, connect_often, &ok[i]);
	}
	for (int i = 0; i < 8; i++)
	{
		pthread_join(threads[i], NULL);
		CHECK(ok[i]);
	}
}

/* Runs in a child process, as which the fakes are not; true if it exits 0. */
static bool
in_child(int (*run)(PGconn *), PGconn *conn)
{
	int	  status = 0;
	int	  wishes[2];
	char  wish;
	pid_t child;

	CHECK(pipe(wishes) == 0);
	child = fork();
	if (child == 0)
	{
		alarm(20);
		dup2(wishes[1], 0);
		close(wishes[0]);
		close(wishes[1]);
		_exit(run(conn));
	}
	close(wishes[1]);
	while (read(wishes[0], &wish, 1) == 1)
		fake_notify(conmgr);
	close(wishes[0]);
	CHECK(waitpid(child, &status, 0) == child);
	if (status != 0)
		printf("child ended with status %x\n", status);
	return status == 0;
}

/* In a child: its parent gives everybody the notice. */
static void
wish_notice(void)
{
	if (write(0, "n", 1) != 1)
		_exit(99);
}

static int
child_connects(PGconn *inherited)
{
	PGconn *conn = connect_now();
	bool	deaf;

	/* One for the child, and the inherited connection in its care. */
	if (PQcmSocket(conn) < 0 || watchers(&deaf) != 1)
		return 1;
	wish_notice();
	if (PQresultStatus(PQexec(conn, "block")) != PGRES_FATAL_ERROR)
		return 2;
	if (PQresultStatus(PQexec(inherited, "block")) != PGRES_FATAL_ERROR)
		return 3;
	PQfinish(conn);
	PQfinish(inherited);
	return 0;
}

static int
child_finishes(PGconn *inherited)
{
	PQfinish(inherited);
	return 0;
}

static void
a_child_connects_by_itself(void)
{
	PGconn *conn = connect_now();

	CHECK(in_child(child_connects, conn));
	PQfinish(conn);
}

static void
a_childs_end_leaves_the_parents_watch(void)
{
	PGconn *other = connect_now();
	PGconn *conn = connect_now();
	bool	deaf;

	CHECK(in_child(child_finishes, other));
	PQfinish(other);
	CHECK(watchers(&deaf) == 1);
	fake_notify(conmgr);
	expect_failure(PQexec(conn, "block"));
	PQfinish(conn);
}

/* A daemon closes everything, and gets the numbers again for its own. */
static int
child_closes_all(PGconn *before)
{
	int		epoll;
	int		files[64];
	int		libpqs = PQsocket(before);
	PGconn *conn;

	closefrom(3);
	epoll = epoll_create1(0);
	for (int i = 0; i < 64; i++)
		files[i] = i % 2 == 0 ? dup(epoll) : dup(0);
	/* Closes no file of the program, but for the one that libpq closes. */
	PQfinish(before);
	for (int i = 0; i < 64; i++)
		if (files[i] != libpqs && fcntl(files[i], F_GETFD) < 0)
			return 1;
	conn = connect_now();
	if (PQcmSocket(conn) < 0)
		return 2;
	wish_notice();
	if (PQresultStatus(PQexec(conn, "block")) != PGRES_FATAL_ERROR)
		return 3;
	/* No event of ours came into the program's own epoll instance. */
	for (int i = 0; i < 2; i++)
	{
		struct epoll_event event;

		if (epoll_wait(epoll, &event, 1, 100) != 0)
			return 5;
	}
	PQfinish(conn);
	return 0;
}

static int
reconnect_after_closing(PGconn *unused)
{
	PGconn *conn = connect_now();

	(void) unused;
	return child_closes_all(conn);
}

static void
a_program_may_close_all_descriptors(void)
{
	CHECK(in_child(reconnect_after_closing, NULL));
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	instance = fake_start(FAKE_N);
	conmgr = fake_start(FAKE_REDIRECT);
	fake_send_to(conmgr, "localhost", "127.0.0.1", fake_port(instance));
	RUN(queries_run_as_always);
	RUN(every_wait_ends_with_the_notice);
	RUN(every_wait_ends_with_conmgr);
	RUN(the_notice_of_one_connection_is_not_anothers);
	RUN(one_watcher_serves_all_and_takes_no_signal);
	RUN(signals_disturb_nothing);
	RUN(threads_connect_side_by_side);
	RUN(a_child_connects_by_itself);
	RUN(a_childs_end_leaves_the_parents_watch);
	RUN(a_program_may_close_all_descriptors);
	fake_stop(conmgr);
	fake_stop(instance);
	return finish();
}
