/*-------------------------------------------------------------------------
 *
 * cancel_test.c
 *	  Cancel requests: to the instance, and to none that conmgr says is gone.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pair.h"

#define GONE		"PQcancel() -- conmgr says that the instance is gone\n"
#define UNREACHABLE "PQcancel() -- the instance's host does not answer\n"

static void
a_cancel_goes_to_the_instance(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	int		  before = fake_cancelled(instance);

	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	CHECK(PQrequestCancel(conn) == 1);
	CHECK(fake_cancelled(instance) == before + 3);
	PQfreeCancel(cancel);
	PQfinish(conn);
}

static void
none_goes_to_an_instance_that_is_gone(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	int		  before = fake_cancelled(instance);

	await_notice(conn);
	errno = EDOM;
	CHECK(PQcancel(cancel, error, sizeof(error)) == 0);
	CHECK(errno == EDOM);
	CHECK(strcmp(error, GONE) == 0);
	/* Also once the connection has been found to be cut. */
	expect_failure(PQexec(conn, "one"));
	error[0] = '\0';
	CHECK(PQcancel(cancel, error, sizeof(error)) == 0);
	CHECK(strcmp(error, GONE) == 0);
	CHECK(fake_cancelled(instance) == before);
	PQfreeCancel(cancel);
	PQfinish(conn);
}

static void
conmgrs_end_counts_as_a_notice(void)
{
	PGconn		 *conn = connect_now();
	PGcancel	 *cancel = PQgetCancel(conn);
	struct pollfd socket = {.fd = PQcmSocket(conn), .events = POLLIN};
	char		  error[256];

	fake_drop(conmgr);
	CHECK(poll(&socket, 1, 5000) == 1);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 0);
	PQfreeCancel(cancel);
	PQfinish(conn);
}

/* Ctrl-C in the middle of the silence. */
static void
at_a_silent_host_it_waits_for_the_notice_and_no_longer(void)
{
	PGconn	 *conn = connect_now();
	PGconn	 *other = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	int		  before = fake_cancelled(instance);
	int64_t	  began = now_us();
	Later	  later = {.ms = 200, .fake = conmgr, .act = fake_notify};

	fake_fall_silent(instance);
	start_later(&later);
	errno = EDOM;
	CHECK(PQcancel(cancel, error, sizeof(error)) == 0);
	CHECK(errno == EDOM);
	CHECK(strcmp(error, GONE) == 0);
	CHECK(now_us() - began >= 200000 && now_us() - began < 10000000);
	CHECK(PQrequestCancel(other) == 0);
	CHECK(PQstatus(other) == CONNECTION_BAD);
	pthread_join(later.thread, NULL);
	fake_answer_again(instance);
	CHECK(fake_cancelled(instance) == before);
	PQfreeCancel(cancel);
	PQfinish(conn);
	PQfinish(other);
}

static void
at_a_slow_host_it_waits_for_the_answer(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	int		  before = fake_cancelled(instance);
	Later	  later = {.ms = 200, .fake = instance, .act = fake_answer_again};

	fake_fall_silent(instance);
	start_later(&later);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	pthread_join(later.thread, NULL);
	CHECK(fake_cancelled(instance) == before + 1);
	PQfreeCancel(cancel);
	PQfinish(conn);
}

/* Nor does conmgr know better: its host may be gone as well. */
static void
without_a_notice_it_waits_as_long_as_the_kernel_tries(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	int		  before = fake_cancelled(instance);
	int64_t	  began = now_us();

	fake_fall_silent(instance);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 0);
	CHECK(strcmp(error, UNREACHABLE) == 0);
	CHECK(now_us() - began > 2000000 && now_us() - began < 20000000);
	fake_answer_again(instance);
	CHECK(fake_cancelled(instance) == before);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	PQfreeCancel(cancel);
	PQfinish(conn);
}

static PGconn *ending;

static void
finish_and_answer(Fake *fake)
{
	PQfinish(ending);
	fake_answer_again(fake);
}

/* As libpq allows: the cancel object is not the connection's. */
static void
its_connection_may_end_meanwhile(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";
	Later	  later = {.ms = 200, .fake = instance, .act = finish_and_answer};

	ending = conn;
	fake_fall_silent(instance);
	start_later(&later);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	pthread_join(later.thread, NULL);
	PQfreeCancel(cancel);
}

static void
the_old_request_goes_nowhere_either(void)
{
	PGconn *conn = connect_now();
	int		before = fake_cancelled(instance);

	await_notice(conn);
	CHECK(PQrequestCancel(conn) == 0);
	CHECK(says(conn, "server closed the connection unexpectedly"));
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(fake_cancelled(instance) == before);
	PQfinish(conn);
}

static void
a_short_buffer_gets_what_fits(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancel = PQgetCancel(conn);

	await_notice(conn);
	for (int room = 0; room < 12; room++)
	{
		/* As large as it says, so that a write behind it is seen. */
		char *error = malloc((size_t) room + 1);

		CHECK(PQcancel(cancel, room > 0 ? error : NULL, room) == 0);
		CHECK(room == 0 || strlen(error) == (size_t) room - 1);
		CHECK(room == 0 || strncmp(error, GONE, (size_t) room - 1) == 0);
		free(error);
	}
	PQfreeCancel(cancel);
	PQfinish(conn);
}

static PGcancel				*for_handler;
static volatile sig_atomic_t handled;

static void
on_alarm(int number)
{
	char error[256];

	(void) number;
	handled = PQcancel(for_handler, error, sizeof(error)) == 0 ? 1 : 2;
}

/* As pg_dump does. */
static void
a_signal_handler_may_cancel(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	PGconn			*conn = connect_now();
	int				 before = fake_cancelled(instance);

	sigaction(SIGALRM, &action, NULL);
	for_handler = PQgetCancel(conn);
	await_notice(conn);
	handled = 0;
	raise(SIGALRM);
	CHECK(handled == 1);
	CHECK(fake_cancelled(instance) == before);
	PQfreeCancel(for_handler);
	PQfinish(conn);
}

static void
a_cancel_outlives_its_connection(void)
{
	PGconn	 *conn = connect_now();
	PGconn	 *other;
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256];
	int		  before = fake_cancelled(instance);

	PQfinish(conn);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	/* The numbers of the old sockets are the new connection's. */
	other = connect_now();
	await_notice(other);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	CHECK(fake_cancelled(instance) == before + 2);
	PQfreeCancel(cancel);
	PQfinish(other);
}

static void
after_a_reset_each_cancel_is_for_its_own_session(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *old = PQgetCancel(conn);
	PGcancel *new;
	char error[256];

	PQreset(conn);
	new = PQgetCancel(conn);
	await_notice(conn);
	CHECK(PQcancel(old, error, sizeof(error)) == 1);
	CHECK(PQcancel(new, error, sizeof(error)) == 0);
	PQfreeCancel(old);
	PQfreeCancel(new);
	PQfinish(conn);
}

static void
without_conmgr_it_is_libpqs(void)
{
	PGconn	 *conn = connect_to(ONE_HOST, fake_port(instance), 0);
	PGcancel *cancel = PQgetCancel(conn);
	char	  error[256] = "";

	CHECK(PQcmSocket(conn) == -1);
	CHECK(PQcancel(cancel, error, sizeof(error)) == 1);
	CHECK(PQcancel(NULL, error, sizeof(error)) == 0);
	CHECK(strncmp(error, "PQcancel() -- no cancel object", 30) == 0);
	PQfreeCancel(cancel);
	PQfreeCancel(NULL);
	PQfinish(conn);
}

static void
many_come_and_go(void)
{
	PGconn	 *conn = connect_now();
	PGcancel *cancels[100];
	char	  error[256];

	for (int round = 0; round < 100; round++)
	{
		for (int i = 0; i < 100; i++)
			cancels[i] = PQgetCancel(conn);
		for (int i = 0; i < 100; i++)
			PQfreeCancel(cancels[i]);
	}
	cancels[0] = PQgetCancel(conn);
	CHECK(PQcancel(cancels[0], error, sizeof(error)) == 1);
	PQfreeCancel(cancels[0]);
	PQfinish(conn);
	queries_run_as_always();
}

/*
 * A network of our own, whose kernel tries to connect for three seconds, not
 * for two minutes.  False: we may not.
 */
static bool
be_in_an_impatient_network(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int			 tries;
	int			 fd;
	bool		 done;

	if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0)
		return false;
	tries = open("/proc/sys/net/ipv4/tcp_syn_retries", O_WRONLY | O_CLOEXEC);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	done = ioctl(fd, SIOCSIFFLAGS, &loopback) == 0 && write(tries, "1", 1) == 1;
	close(tries);
	close(fd);
	return done;
}

int
main(void)
{
	bool impatient = be_in_an_impatient_network();

	start_pair();
	RUN(a_cancel_goes_to_the_instance);
	RUN(none_goes_to_an_instance_that_is_gone);
	RUN(conmgrs_end_counts_as_a_notice);
	RUN(at_a_silent_host_it_waits_for_the_notice_and_no_longer);
	RUN(at_a_slow_host_it_waits_for_the_answer);
	if (impatient)
		RUN(without_a_notice_it_waits_as_long_as_the_kernel_tries);
	else
		puts("skipped, as only root has a network of its own: "
			 "without_a_notice_it_waits_as_long_as_the_kernel_tries");
	RUN(its_connection_may_end_meanwhile);
	RUN(the_old_request_goes_nowhere_either);
	RUN(a_short_buffer_gets_what_fits);
	RUN(a_signal_handler_may_cancel);
	RUN(a_cancel_outlives_its_connection);
	RUN(after_a_reset_each_cancel_is_for_its_own_session);
	RUN(without_conmgr_it_is_libpqs);
	RUN(many_come_and_go);
	return stop_pair();
}
