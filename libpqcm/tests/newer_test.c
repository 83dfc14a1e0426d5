/*-------------------------------------------------------------------------
 *
 * newer_test.c
 *	  What libpq has since 17, in a library that was built for such a libpq.
 *
 *-------------------------------------------------------------------------
 */
#include <poll.h>

#include "pair.h"

/* As in libpq-fe.h of 17; the headers at hand may be older. */
typedef struct pg_cancel_conn PGcancelConn;

extern PGcancelConn				*PQcancelCreate(PGconn *conn);
extern int						 PQcancelBlocking(PGcancelConn *cancel);
extern int						 PQcancelStart(PGcancelConn *cancel);
extern PostgresPollingStatusType PQcancelPoll(PGcancelConn *cancel);
extern ConnStatusType			 PQcancelStatus(const PGcancelConn *cancel);
extern int						 PQcancelSocket(const PGcancelConn *cancel);
extern char *PQcancelErrorMessage(const PGcancelConn *cancel);
extern void	 PQcancelReset(PGcancelConn *cancel);
extern void	 PQcancelFinish(PGcancelConn *cancel);

#define GONE "conmgr says that the instance is gone\n"

static PostgresPollingStatusType
cancel_by_poll(PGcancelConn *cancel)
{
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED)
	{
		struct pollfd socket = {.fd = PQcancelSocket(cancel),
								.events = status == PGRES_POLLING_READING
											  ? POLLIN
											  : POLLOUT};

		CHECK(poll(&socket, 1, 5000) == 1);
		status = PQcancelPoll(cancel);
	}
	return status;
}

static void
a_cancel_goes_to_the_instance(void)
{
	PGconn		 *conn = connect_now();
	PGcancelConn *cancel = PQcancelCreate(conn);
	int			  before = fake_cancelled(instance);

	CHECK(PQcancelBlocking(cancel) == 1);
	CHECK(PQcancelStatus(cancel) == CONNECTION_OK);
	PQcancelReset(cancel);
	CHECK(PQcancelStart(cancel) == 1);
	CHECK(cancel_by_poll(cancel) == PGRES_POLLING_OK);
	CHECK(fake_cancelled(instance) == before + 2);
	PQcancelFinish(cancel);
	PQfinish(conn);
}

static void
none_goes_to_an_instance_that_is_gone(void)
{
	PGconn		 *conn = connect_now();
	PGcancelConn *cancel = PQcancelCreate(conn);
	int			  before = fake_cancelled(instance);

	await_notice(conn);
	CHECK(PQcancelBlocking(cancel) == 0);
	CHECK(PQcancelStatus(cancel) == CONNECTION_BAD);
	CHECK(strcmp(PQcancelErrorMessage(cancel), GONE) == 0);
	PQcancelReset(cancel);
	CHECK(PQcancelStatus(cancel) != CONNECTION_BAD);
	CHECK(PQcancelStart(cancel) == 0);
	CHECK(PQcancelPoll(cancel) == PGRES_POLLING_FAILED);
	CHECK(fake_cancelled(instance) == before);
	PQcancelFinish(cancel);
	PQfinish(conn);
}

static void
the_notice_ends_a_request_on_its_way(void)
{
	PGconn		 *conn = connect_now();
	PGcancelConn *cancel = PQcancelCreate(conn);

	CHECK(PQcancelStart(cancel) == 1);
	await_notice(conn);
	CHECK(PQcancelPoll(cancel) == PGRES_POLLING_FAILED);
	CHECK(strcmp(PQcancelErrorMessage(cancel), GONE) == 0);
	PQcancelFinish(cancel);
	PQfinish(conn);
}

static void
without_conmgr_it_is_libpqs(void)
{
	PGconn		 *conn = connect_to(ONE_HOST, fake_port(instance), 0);
	PGcancelConn *cancel = PQcancelCreate(conn);

	CHECK(PQcancelBlocking(cancel) == 1);
	PQcancelFinish(cancel);
	PQfinish(conn);
	cancel = PQcancelCreate(NULL);
	CHECK(PQcancelBlocking(cancel) == 0);
	CHECK(PQcancelStatus(cancel) == CONNECTION_BAD);
	PQcancelFinish(cancel);
}

int
main(void)
{
	start_pair();
	RUN(a_cancel_goes_to_the_instance);
	RUN(none_goes_to_an_instance_that_is_gone);
	RUN(the_notice_ends_a_request_on_its_way);
	RUN(without_conmgr_it_is_libpqs);
	return stop_pair();
}
