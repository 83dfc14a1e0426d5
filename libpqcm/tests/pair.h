/*-------------------------------------------------------------------------
 *
 * pair.h
 *	  For tests that connect: one conmgr and the instance that it sends to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_PAIR_H
#define LIBPQCM_PAIR_H

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "libpqcm.h"

#define ONE_HOST "host=localhost port=%d user=u dbname=d sslmode=disable"
#define TWO_HOSTS                                          \
	"host=localhost,localhost port=%d,%d user=u dbname=d " \
	"sslmode=disable connect_timeout=2"

static Fake *instance;
static Fake *conmgr;

/* A conmgr that answers so; what else it says is for the test to set. */
static inline Fake *
conmgr_of(FakeKind kind)
{
	Fake *fake = fake_start(kind);

	fake_send_to(fake, "localhost", "127.0.0.1", fake_port(instance));
	return fake;
}

static inline void
start_pair(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	instance = fake_start(FAKE_N);
	conmgr = conmgr_of(FAKE_REDIRECT);
}

/* What main() gives back. */
static inline int
stop_pair(void)
{
	fake_stop(conmgr);
	fake_stop(instance);
	return finish();
}

static inline PGconn *
connect_to(const char *format, int first, int second)
{
	char conninfo[500];

	snprintf(conninfo, sizeof(conninfo), format, first, second);
	return PQconnectdb(conninfo);
}

static inline PGconn *
connect_now(void)
{
	PGconn *conn = connect_to(ONE_HOST, fake_port(conmgr), 0);

	if (PQcmSocket(conn) < 0)
		printf("not through conmgr: %s", PQerrorMessage(conn));
	return conn;
}

/* Returns when conmgr has told the connection that its instance is gone. */
static inline void
await_notice(PGconn *conn)
{
	struct pollfd socket = {.fd = PQcmSocket(conn), .events = POLLIN};

	fake_notify(conmgr);
	CHECK(poll(&socket, 1, 5000) == 1);
}

/* What happens to a fake in so many ms, and when it did. */
typedef struct Later
{
	int	  ms;
	Fake *fake;
	void (*act)(Fake *);
	int64_t	  at_us;
	pthread_t thread;
} Later;

static inline void *
act_later(void *argument)
{
	Later *later = argument;

	pause_ms(later->ms);
	later->at_us = now_us();
	later->act(later->fake);
	return NULL;
}

/* On a thread of its own, which is for the test to join. */
static inline void
start_later(Later *later)
{
	CHECK(pthread_create(&later->thread, NULL, act_later, later) == 0);
}

static inline bool
is_at(PGconn *conn, const Fake *fake)
{
	return PQstatus(conn) == CONNECTION_OK && PQport(conn) != NULL &&
		   atoi(PQport(conn)) == fake_port(fake);
}

static inline bool
says(PGconn *conn, const char *text)
{
	bool found = strstr(PQerrorMessage(conn), text) != NULL;

	if (!found)
		printf("not \"%s\": %s", text, PQerrorMessage(conn));
	return found;
}

/* That of a cut connection. */
static inline void
expect_failure(PGresult *result)
{
	CHECK(PQresultStatus(result) == PGRES_FATAL_ERROR);
	CHECK(PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL);
	PQclear(result);
}

static inline void
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

#endif /* LIBPQCM_PAIR_H */
