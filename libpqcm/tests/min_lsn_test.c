/*-------------------------------------------------------------------------
 *
 * min_lsn_test.c
 *	  target_session_attrs with a min_lsn behind it (ADR 11).
 *
 *-------------------------------------------------------------------------
 */
#include "pair.h"

#define WISH " target_session_attrs=any,min_lsn=0/00ab"

static void
a_min_lsn_is_for_a_conmgr_that_heeds_it(void)
{
	Fake			 *heeding = conmgr_of(FAKE_REDIRECT);
	Fake			 *other = conmgr_of(FAKE_REDIRECT);
	PGconn			 *conn;
	PQconninfoOption *options;

	fake_heed(heeding, "0/AB");
	fake_heed(other, "0/AC");
	conn = connect_to(ONE_HOST WISH, fake_port(heeding), 0);
	CHECK(is_at(conn, instance));
	CHECK(strcmp(fake_last_attrs(heeding), "any") == 0);
	options = PQconninfo(conn);
	for (PQconninfoOption *o = options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "target_session_attrs") == 0)
			CHECK(strcmp(o->val, "any,min_lsn=0/00ab") == 0);
	PQconninfoFree(options);
	fake_heed(heeding, "");
	PQreset(conn);
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(says(conn, "conmgr does not know min_lsn, its version is too old"));
	PQfinish(conn);
	conn = connect_to(ONE_HOST WISH, fake_port(other), 0);
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	PQfinish(conn);
	fake_stop(heeding);
	fake_stop(other);
}

static void
the_lowest_lsn_of_all_is_no_wish(void)
{
	PGconn *conn = connect_to(ONE_HOST " target_session_attrs=any,min_lsn=0/0",
							  fake_port(conmgr), 0);

	CHECK(is_at(conn, instance));
	PQfinish(conn);
}

static void
who_is_no_conmgr_is_passed_over_when_an_lsn_is_wanted(void)
{
	static const FakeKind kinds[] = {FAKE_N, FAKE_G};
	Fake				 *heeding = conmgr_of(FAKE_REDIRECT);

	fake_heed(heeding, "0/AB");
	for (int i = 0; i < 2; i++)
	{
		Fake *ordinary = fake_start(kinds[i]);

		/* The second time it is known already. */
		for (int round = 0; round < 2; round++)
		{
			PGconn *conn = connect_to(ONE_HOST WISH, fake_port(ordinary), 0);

			CHECK(PQstatus(conn) == CONNECTION_BAD);
			CHECK(says(conn, "it is no conmgr"));
			PQfinish(conn);
		}
		CHECK(fake_started(ordinary) == 0);
		PQfinish(connect_to(TWO_HOSTS, fake_port(ordinary), 1));
		{
			PGconn *conn = connect_to(TWO_HOSTS WISH, fake_port(ordinary),
									  fake_port(heeding));

			CHECK(is_at(conn, instance));
			PQfinish(conn);
		}
		fake_stop(ordinary);
	}
	fake_stop(heeding);
}

static void
a_min_lsn_that_is_none_is_refused_in_libpqs_words(void)
{
	static const char *const wrong[] = {"any,min_lsn=", "any,min_lsn=12",
										",min_lsn=0/1", "any,min_lsn=0/1,x"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
	{
		char	conninfo[200];
		PGconn *conn;

		snprintf(conninfo, sizeof(conninfo),
				 "host=localhost port=%d target_session_attrs=%s",
				 fake_port(conmgr), wrong[i]);
		conn = PQconnectdb(conninfo);
		CHECK(PQstatus(conn) == CONNECTION_BAD);
		CHECK(says(conn, "invalid target_session_attrs value"));
		PQfinish(conn);
	}
}

int
main(void)
{
	start_pair();
	RUN(a_min_lsn_is_for_a_conmgr_that_heeds_it);
	RUN(the_lowest_lsn_of_all_is_no_wish);
	RUN(who_is_no_conmgr_is_passed_over_when_an_lsn_is_wanted);
	RUN(a_min_lsn_that_is_none_is_refused_in_libpqs_words);
	return stop_pair();
}
