/*-------------------------------------------------------------------------
 *
 * oom_test.c
 *	  Every allocation of a connect, a reset and a failing connect fails in
 *	  turn.  The outcome may be an error or, where libpq can do without, a
 *	  connection; never a crash, and nothing stays open.  Without GSS: the
 *	  Kerberos library crashes without memory.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "libpqcm.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

/* Of this thread: the fakes go on as always.  0: nothing fails. */
static _Thread_local long countdown;
static _Thread_local bool failed;

static bool
fails(void)
{
	if (countdown == 0 || --countdown > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}

static Fake *instance;
static Fake *conmgr;
static char	 one_host[200];
static char	 many_hosts[200];

static int
open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 200; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
connect_and_reset(void)
{
	PGconn *conn = PQconnectdb(one_host);

	if (conn != NULL)
		PQreset(conn);
	PQfinish(conn);
}

static void
fail_at_each_host(void)
{
	PGconn *conn = PQconnectdb(many_hosts);

	PQerrorMessage(conn);
	PQconninfoFree(PQconninfo(conn));
	PQfinish(conn);
}

static void
ping(void)
{
	PQping(one_host);
}

static void
fail_in_turn(void (*act)(void))
{
	int	 before = open_descriptors();
	long number = 0;

	do
	{
		failed = false;
		countdown = ++number;
		act();
		countdown = 0;
	} while (failed && number < 20000);
	CHECK(number > 50 && number < 20000);
	for (int i = 0; i < 200 && open_descriptors() > before; i++)
		pause_ms(10);
	CHECK(open_descriptors() <= before);
}

static void
each_allocation_of_a_connect_may_fail(void)
{
	fail_in_turn(connect_and_reset);
}

static void
each_allocation_of_a_failing_connect_may_fail(void)
{
	fail_in_turn(fail_at_each_host);
}

static void
each_allocation_of_a_ping_may_fail(void)
{
	fail_in_turn(ping);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	instance = fake_start(FAKE_N);
	conmgr = fake_start(FAKE_REDIRECT);
	fake_send_to(conmgr, "localhost", "127.0.0.1", fake_port(instance));
	snprintf(one_host, sizeof(one_host),
			 "host=127.0.0.1 port=%d user=u dbname=d sslmode=disable gssencmode=disable",
			 fake_port(conmgr));
	snprintf(many_hosts, sizeof(many_hosts),
			 "host=127.0.0.1,127.0.0.1,127.0.0.1 port=1,%d,2 user=u dbname=d "
			 "sslmode=disable gssencmode=disable target_session_attrs=standby",
			 fake_port(conmgr));
	/* The watcher and what is made once come first. */
	connect_and_reset();
	fail_at_each_host();
	RUN(each_allocation_of_a_connect_may_fail);
	RUN(each_allocation_of_a_failing_connect_may_fail);
	RUN(each_allocation_of_a_ping_may_fail);
	fake_stop(conmgr);
	fake_stop(instance);
	return finish();
}
