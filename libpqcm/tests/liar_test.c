/*-------------------------------------------------------------------------
 *
 * liar_test.c
 *	  What a conmgr can do that lies, refuses, is slow or says nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "pair.h"

static void
a_host_that_gives_nothing_is_passed_over_and_its_error_kept(void)
{
	static const struct
	{
		FakeKind	kind;
		const char *text;
	} cases[] = {
		{FAKE_REFUSE, "failed: conmgr: no such instance\n"},
		{FAKE_CLOSE, "failed: "},
		{FAKE_SILENT, "failed: timeout expired\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Fake   *bad = conmgr_of(cases[i].kind);
		PGconn *conn = connect_to(TWO_HOSTS, fake_port(bad), fake_port(conmgr));

		CHECK(is_at(conn, instance));
		PQfinish(conn);
		conn = connect_to(TWO_HOSTS, fake_port(bad), 1);
		CHECK(PQstatus(conn) == CONNECTION_BAD);
		CHECK(says(conn, cases[i].text));
		CHECK(says(conn, "port 1 failed: Connection refused"));
		PQfinish(conn);
		fake_stop(bad);
	}
}

static void
each_lie_of_a_conmgr_fails_its_host_alone(void)
{
#define LIE(text)              \
	{                          \
		text, sizeof(text) - 1 \
	}
	static const struct
	{
		const char *bytes;
		size_t		length;
	} lies[] = {
		LIE("X"),
		LIE("S"),
		LIE("HTTP/1.1 400"),
		LIE("c\0\0\0\0"),
		LIE("c\0\0\0\3"),
		LIE("c\0\0\10\1"),
		LIE("c\377\377\377\377"),
		LIE("c\200\0\0\0"),
		LIE("e\377\377\377\377"),
		LIE("c\0\0\0\4"),
		/* another version, no port */
		LIE("c\0\0\0\30\0\2\0\0\20\0h\0"
			"127.0.0.1\0p\0"),
		LIE("c\0\0\0\30\0\1\0\0\0\0h\0"
			"127.0.0.1\0p\0"),
		/* a byte too many, a NUL too few */
		LIE("c\0\0\0\31\0\1\0\0\20\0h\0"
			"127.0.0.1\0p\0z"),
		LIE("c\0\0\0\27\0\1\0\0\20\0h\0"
			"127.0.0.1\0p"),
		/* hosts that are a list, a Unix socket, two lines */
		LIE("c\0\0\0\32\0\1\0\0\20\0a,b\0"
			"127.0.0.1\0p\0"),
		LIE("c\0\0\0\32\0\1\0\0\20\0/ab\0"
			"127.0.0.1\0p\0"),
		LIE("c\0\0\0\32\0\1\0\0\20\0@ab\0"
			"127.0.0.1\0p\0"),
		LIE("c\0\0\0\32\0\1\0\0\20\0a\nb\0"
			"127.0.0.1\0p\0"),
		/* addresses that are names, or none */
		LIE("c\0\0\0\30\0\1\0\0\20\0h\0"
			"localhost\0p\0"),
		LIE("c\0\0\0\17\0\1\0\0\20\0h\0\0p\0"),
		/* a notice instead of an answer, refusals that lack something */
		LIE("d\0\0\0\13\0\0gone\0"),
		LIE("e\0\0\0\4"),
		LIE("e\0\0\0\12"
			"80012\0"),
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
	{
		Fake   *liar = conmgr_of(FAKE_BYTES);
		PGconn *conn;

		fake_say(liar, lies[i].bytes, lies[i].length);
		conn = connect_to(TWO_HOSTS, fake_port(liar), fake_port(conmgr));
		if (!is_at(conn, instance))
			printf("lie %zu: %s", i, PQerrorMessage(conn));
		CHECK(is_at(conn, instance));
		PQfinish(conn);
		fake_stop(liar);
	}
}

static void
a_truncated_or_endless_answer_ends_with_the_time(void)
{
	static char endless[60000];
	Fake	   *truncated = conmgr_of(FAKE_BYTES);
	Fake	   *talker = conmgr_of(FAKE_BYTES);
	PGconn	   *conn;
	int64_t		start = now_us();

	fake_say(truncated, "c\0\0\0\30\0\1\0\0\20\0h\000127.", 17);
	conn = connect_to(TWO_HOSTS, fake_port(truncated), fake_port(conmgr));
	CHECK(is_at(conn, instance));
	CHECK(now_us() - start > 1900000 && now_us() - start < 4000000);
	PQfinish(conn);

	memcpy(endless, "e\0\0\7\377", 5);
	memset(endless + 5, 'x', sizeof(endless) - 5);
	fake_say(talker, endless, sizeof(endless));
	conn = connect_to(TWO_HOSTS, fake_port(talker), fake_port(conmgr));
	CHECK(is_at(conn, instance));
	PQfinish(conn);
	fake_stop(truncated);
	fake_stop(talker);
}

static void
a_slow_answer_counts_within_the_time(void)
{
	Fake   *slow = conmgr_of(FAKE_SLOW);
	PGconn *conn = connect_to(ONE_HOST, fake_port(slow), 0);

	CHECK(is_at(conn, instance));
	PQfinish(conn);
	conn = connect_to(TWO_HOSTS, fake_port(slow), fake_port(conmgr));
	CHECK(is_at(conn, instance));
	CHECK(fake_asked(slow) == 2);
	PQfinish(conn);
	fake_stop(slow);
}

static void
a_conmgr_that_names_itself_is_not_followed(void)
{
	Fake   *fake = conmgr_of(FAKE_REDIRECT);
	PGconn *conn;

	fake_send_to(fake, "localhost", "127.0.0.1", fake_port(fake));
	conn = connect_to(ONE_HOST, fake_port(fake), 0);
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(says(conn, "names conmgr itself"));
	CHECK(fake_asked(fake) == 1);
	PQfinish(conn);
	fake_stop(fake);
}

static void
a_conmgr_behind_a_conmgr_is_not_asked(void)
{
	Fake   *first = conmgr_of(FAKE_REDIRECT);
	int		asked = fake_asked(conmgr);
	PGconn *conn;

	fake_send_to(first, "localhost", "127.0.0.1", fake_port(conmgr));
	conn = connect_to(ONE_HOST, fake_port(first), 0);
	CHECK(fake_asked(conmgr) == asked);
	PQfinish(conn);
	fake_stop(first);
}

static void
a_silent_local_conmgr_does_not_hang_without_connect_timeout(void)
{
	Fake   *silent = conmgr_of(FAKE_SILENT);
	int64_t start = now_us();
	PGconn *conn = connect_to(ONE_HOST, fake_port(silent), 0);

	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(says(conn, "timeout expired"));
	CHECK(now_us() - start > 4900000 && now_us() - start < 8000000);
	PQfinish(conn);
	fake_stop(silent);
}

int
main(void)
{
	start_pair();
	RUN(a_host_that_gives_nothing_is_passed_over_and_its_error_kept);
	RUN(each_lie_of_a_conmgr_fails_its_host_alone);
	RUN(a_truncated_or_endless_answer_ends_with_the_time);
	RUN(a_slow_answer_counts_within_the_time);
	RUN(a_conmgr_that_names_itself_is_not_followed);
	RUN(a_conmgr_behind_a_conmgr_is_not_asked);
	RUN(a_silent_local_conmgr_does_not_hang_without_connect_timeout);
	return stop_pair();
}
