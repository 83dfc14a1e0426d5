/*-------------------------------------------------------------------------
 *
 * connect_test.c
 *	  Connecting through fake conmgrs to fake instances, and what a lying
 *	  conmgr can do.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <fcntl.h>

#include "check.h"
#include "fake.h"
#include "libpqcm.h"

static Fake *instance;
static Fake *conmgr;

static PGconn *
connect_to(const char *format, int first, int second)
{
	char conninfo[500];

	snprintf(conninfo, sizeof(conninfo), format, first, second);
	return PQconnectdb(conninfo);
}

/* A conmgr that answers so; what else it says is for the test to set. */
static Fake *
conmgr_of(FakeKind kind)
{
	Fake *fake = fake_start(kind);

	fake_send_to(fake, "localhost", "127.0.0.1", fake_port(instance));
	return fake;
}

static bool
is_at(PGconn *conn, const Fake *fake)
{
	return PQstatus(conn) == CONNECTION_OK && PQport(conn) != NULL &&
		   atoi(PQport(conn)) == fake_port(fake);
}

static bool
says(PGconn *conn, const char *text)
{
	bool found = strstr(PQerrorMessage(conn), text) != NULL;

	if (!found)
		printf("not \"%s\": %s", text, PQerrorMessage(conn));
	return found;
}

#define ONE_HOST "host=localhost port=%d user=u dbname=d sslmode=disable"
#define TWO_HOSTS                                          \
	"host=localhost,localhost port=%d,%d user=u dbname=d " \
	"sslmode=disable connect_timeout=2"

static void
conmgr_sends_on_to_the_instance(void)
{
	PGconn *conn = connect_to(ONE_HOST, fake_port(conmgr), 0);

	CHECK(is_at(conn, instance));
	CHECK(strcmp(PQhost(conn), "localhost") == 0);
	CHECK(strcmp(PQhostaddr(conn), "127.0.0.1") == 0);
	CHECK(PQcmSocket(conn) >= 0);
	CHECK(PQcmSocket(conn) != PQsocket(conn));
	CHECK(strcmp(PQerrorMessage(conn), "") == 0);
	CHECK(strcmp(fake_last_attrs(conmgr), "any") == 0);
	PQfinish(conn);
}

static void
conninfo_is_the_applications_own(void)
{
	PGconn			 *conn = connect_to(ONE_HOST, fake_port(conmgr), 0);
	PQconninfoOption *options = PQconninfo(conn);
	int				  port = 0;

	for (PQconninfoOption *o = options; o->keyword != NULL; o++)
	{
		if (strcmp(o->keyword, "port") == 0)
			port = atoi(o->val);
		if (strcmp(o->keyword, "hostaddr") == 0)
			CHECK(o->val == NULL);
	}
	CHECK(port == fake_port(conmgr));
	PQconninfoFree(options);
	PQfinish(conn);
}

static void
an_instance_that_answers_n_keeps_the_socket(void)
{
	Fake   *fake = fake_start(FAKE_N);
	PGconn *conn = connect_to(ONE_HOST, fake_port(fake), 0);

	CHECK(is_at(conn, fake));
	CHECK(fake_accepted(fake) == 1 && fake_asked(fake) == 1);
	CHECK(PQcmSocket(conn) == -1);
	PQfinish(conn);
	fake_stop(fake);
}

static void
an_instance_that_answers_g_is_dialled_again_and_known_from_then_on(void)
{
	Fake   *fake = fake_start(FAKE_G);
	PGconn *conn = connect_to(ONE_HOST, fake_port(fake), 0);

	CHECK(is_at(conn, fake));
	CHECK(fake_accepted(fake) == 2 && fake_asked(fake) == 1);
	PQfinish(conn);
	conn = connect_to(ONE_HOST, fake_port(fake), 0);
	CHECK(is_at(conn, fake));
	CHECK(fake_accepted(fake) == 3 && fake_asked(fake) == 1);
	PQfinish(conn);
	fake_stop(fake);
}

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

static void
an_instance_that_is_not_there_leads_to_the_next_host(void)
{
	Fake   *lost = conmgr_of(FAKE_REDIRECT);
	PGconn *conn;

	fake_send_to(lost, "db9", "127.0.0.1", 1);
	conn = connect_to(TWO_HOSTS, fake_port(lost), fake_port(conmgr));
	CHECK(is_at(conn, instance));
	PQfinish(conn);
	fake_stop(lost);
}

static void
prefer_standby_looks_at_all_hosts_before_it_takes_a_primary(void)
{
	Fake   *primary = fake_start(FAKE_G);
	Fake   *standby = fake_start(FAKE_G);
	PGconn *conn;

	fake_set_standby(standby, 1);
	conn = connect_to(TWO_HOSTS " target_session_attrs=prefer-standby",
					  fake_port(primary), fake_port(standby));
	CHECK(is_at(conn, standby));
	PQfinish(conn);
	conn = connect_to(TWO_HOSTS " target_session_attrs=prefer-standby",
					  fake_port(primary), 1);
	CHECK(is_at(conn, primary));
	PQfinish(conn);
	conn = connect_to(TWO_HOSTS " target_session_attrs=prefer-standby",
					  fake_port(conmgr), 1);
	CHECK(strcmp(fake_last_attrs(conmgr), "any") == 0);
	CHECK(is_at(conn, instance));
	PQfinish(conn);
	fake_stop(primary);
	fake_stop(standby);
}

static void
the_attribute_asked_for_is_checked_at_the_instance(void)
{
	Fake   *fake = conmgr_of(FAKE_REDIRECT);
	PGconn *conn = connect_to(ONE_HOST " target_session_attrs=standby",
							  fake_port(fake), 0);

	CHECK(strcmp(fake_last_attrs(fake), "standby") == 0);
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(says(conn, "server is not in hot standby mode"));
	PQfinish(conn);
	fake_stop(fake);
}

/* The sequence of phases; each PQconnectPoll() must return at once. */
static void
an_asynchronous_connect_shows_its_phases_and_never_blocks(void)
{
	Fake					 *slow = conmgr_of(FAKE_SLOW);
	char					  conninfo[200];
	PGconn					 *conn;
	bool					  awaited = false;
	int64_t					  longest = 0;
	int						  first_socket;
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	snprintf(conninfo, sizeof(conninfo), ONE_HOST, fake_port(slow));
	conn = PQconnectStart(conninfo);
	CHECK(PQstatus(conn) == CONNECTION_STARTED);
	first_socket = PQsocket(conn);
	CHECK(atoi(PQport(conn)) == fake_port(slow));
	while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED)
	{
		struct pollfd socket = {.fd = PQsocket(conn),
								.events = status == PGRES_POLLING_READING
											  ? POLLIN
											  : POLLOUT};
		int64_t		  before;

		CHECK(poll(&socket, 1, 5000) == 1);
		before = now_us();
		status = PQconnectPoll(conn);
		if (now_us() - before > longest)
			longest = now_us() - before;
		if (PQstatus(conn) == CONNECTION_AWAITING_CMRESPONSE)
		{
			awaited = true;
			CHECK(PQcmSocket(conn) == -1);
			CHECK(status == PGRES_POLLING_READING);
		}
	}
	CHECK(awaited);
	/* The answer takes two seconds. */
	CHECK(longest < 1000000);
	CHECK(is_at(conn, instance));
	CHECK(PQsocket(conn) != first_socket);
	PQfinish(conn);
	fake_stop(slow);
}

static void
settings_made_while_connecting_are_kept(void)
{
	Fake					 *slow = conmgr_of(FAKE_SLOW);
	char					  conninfo[200];
	PGconn					 *conn;
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	snprintf(conninfo, sizeof(conninfo), ONE_HOST, fake_port(slow));
	conn = PQconnectStart(conninfo);
	CHECK(PQsetnonblocking(conn, 1) == 0);
	PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
	while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED)
	{
		pause_ms(5);
		status = PQconnectPoll(conn);
	}
	CHECK(PQisnonblocking(conn) == 1);
	CHECK(PQsetErrorVerbosity(conn, PQERRORS_DEFAULT) == PQERRORS_VERBOSE);
	PQfinish(conn);
	fake_stop(slow);
}

static void
a_reset_asks_conmgr_again(void)
{
	Fake   *other = fake_start(FAKE_G);
	Fake   *fake = conmgr_of(FAKE_REDIRECT);
	PGconn *conn = connect_to(ONE_HOST, fake_port(fake), 0);

	CHECK(is_at(conn, instance));
	fake_send_to(fake, "localhost", "127.0.0.1", fake_port(other));
	PQreset(conn);
	CHECK(is_at(conn, other));
	CHECK(PQcmSocket(conn) >= 0);
	fake_send_to(fake, "localhost", "127.0.0.1", 1);
	PQreset(conn);
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(PQcmSocket(conn) == -1);
	fake_send_to(fake, "localhost", "127.0.0.1", fake_port(other));
	PQreset(conn);
	CHECK(is_at(conn, other));
	PQfinish(conn);
	fake_stop(fake);
	fake_stop(other);
}

static int
open_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 1000; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
nothing_stays_open(void)
{
	int before;

	while (fake_open(conmgr) > 0 || fake_open(instance) > 0)
		pause_ms(10);
	before = open_descriptors();
	for (int i = 0; i < 20; i++)
	{
		PGconn *conn = connect_to(ONE_HOST, fake_port(conmgr), 0);

		PQreset(conn);
		PQfinish(conn);
		conn = connect_to(TWO_HOSTS, 1, fake_port(conmgr));
		PQfinish(conn);
		conn = connect_to(TWO_HOSTS, 1, 1);
		PQfinish(conn);
	}
	for (int i = 0; i < 100 && open_descriptors() > before; i++)
		pause_ms(10);
	CHECK(open_descriptors() <= before);
	CHECK(fake_open(conmgr) == 0 && fake_open(instance) == 0);
}

static void
out_of_descriptors_is_an_error_and_not_an_unwatched_connection(void)
{
	struct rlimit before;
	struct rlimit tight;
	int			  bad = 0;
	int			  good = 0;

	getrlimit(RLIMIT_NOFILE, &before);
	for (int free_fds = 0; free_fds < 12; free_fds++)
	{
		PGconn *conn;
		int		lowest = dup(0);

		close(lowest);
		tight = before;
		tight.rlim_cur = (rlim_t) (lowest + free_fds);
		setrlimit(RLIMIT_NOFILE, &tight);
		/* The fakes share our descriptors and may starve as well. */
		conn = connect_to(ONE_HOST " connect_timeout=2", fake_port(conmgr), 0);
		if (PQstatus(conn) == CONNECTION_OK)
		{
			CHECK(PQcmSocket(conn) >= 0);
			good++;
		}
		else
			bad++;
		PQfinish(conn);
		setrlimit(RLIMIT_NOFILE, &before);
		pause_ms(20);
	}
	CHECK(bad > 0 && good > 0);
}

static void
ping_follows_conmgr(void)
{
	Fake *refuse = conmgr_of(FAKE_REFUSE);
	char  conninfo[200];

	snprintf(conninfo, sizeof(conninfo), ONE_HOST, fake_port(conmgr));
	CHECK(PQping(conninfo) == PQPING_OK);
	snprintf(conninfo, sizeof(conninfo), ONE_HOST, fake_port(refuse));
	CHECK(PQping(conninfo) == PQPING_NO_RESPONSE);
	CHECK(PQping("host=localhost port=1") == PQPING_NO_RESPONSE);
	CHECK(PQping("nonsense=1") == PQPING_NO_ATTEMPT);
	fake_stop(refuse);
}

static void
bad_parameters_are_libpqs_to_report(void)
{
	PGconn *conn = PQconnectdb("host=a,b port=1,2,3");

	CHECK(says(conn, "could not match 3 port numbers to 2 hosts"));
	PQfinish(conn);
	conn = PQconnectdb("nonsense");
	CHECK(says(conn, "missing \"=\""));
	PQfinish(conn);
	conn = PQconnectdb("host=localhost connect_timeout=soon");
	CHECK(says(conn, "connect_timeout"));
	PQfinish(conn);
	conn = PQconnectdb("host=localhost sslmode=nonsense");
	CHECK(says(conn, "invalid sslmode value: \"nonsense\""));
	PQfinish(conn);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	instance = fake_start(FAKE_N);
	conmgr = conmgr_of(FAKE_REDIRECT);
	RUN(conmgr_sends_on_to_the_instance);
	RUN(conninfo_is_the_applications_own);
	RUN(an_instance_that_answers_n_keeps_the_socket);
	RUN(an_instance_that_answers_g_is_dialled_again_and_known_from_then_on);
	RUN(a_host_that_gives_nothing_is_passed_over_and_its_error_kept);
	RUN(each_lie_of_a_conmgr_fails_its_host_alone);
	RUN(a_truncated_or_endless_answer_ends_with_the_time);
	RUN(a_min_lsn_is_for_a_conmgr_that_heeds_it);
	RUN(the_lowest_lsn_of_all_is_no_wish);
	RUN(who_is_no_conmgr_is_passed_over_when_an_lsn_is_wanted);
	RUN(a_min_lsn_that_is_none_is_refused_in_libpqs_words);
	RUN(a_slow_answer_counts_within_the_time);
	RUN(a_conmgr_that_names_itself_is_not_followed);
	RUN(a_conmgr_behind_a_conmgr_is_not_asked);
	RUN(a_silent_local_conmgr_does_not_hang_without_connect_timeout);
	RUN(an_instance_that_is_not_there_leads_to_the_next_host);
	RUN(prefer_standby_looks_at_all_hosts_before_it_takes_a_primary);
	RUN(the_attribute_asked_for_is_checked_at_the_instance);
	RUN(an_asynchronous_connect_shows_its_phases_and_never_blocks);
	RUN(settings_made_while_connecting_are_kept);
	RUN(a_reset_asks_conmgr_again);
	RUN(nothing_stays_open);
	RUN(out_of_descriptors_is_an_error_and_not_an_unwatched_connection);
	RUN(ping_follows_conmgr);
	RUN(bad_parameters_are_libpqs_to_report);
	fake_stop(conmgr);
	fake_stop(instance);
	return finish();
}
