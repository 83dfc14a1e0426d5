/*-------------------------------------------------------------------------
 *
 * process_test.c
 *	  The watcher in programs that fork, have threads, or close descriptors
 *	  that are not theirs.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pair.h"

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
	signal(SIGPIPE, SIG_IGN);
	start_pair();
	RUN(one_watcher_serves_all_and_takes_no_signal);
	RUN(threads_connect_side_by_side);
	RUN(a_child_connects_by_itself);
	RUN(a_childs_end_leaves_the_parents_watch);
	RUN(a_program_may_close_all_descriptors);
	return stop_pair();
}
