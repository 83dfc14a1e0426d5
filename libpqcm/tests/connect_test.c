/*-------------------------------------------------------------------------
 *
 * connect_test.c
 *	  Connecting through fake conmgrs to fake instances.
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

#include "pair.h"

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

/* Whether these parameters lead to conmgr, which is asked for that. */
static bool
asks_for(const char *attrs, const char *const *keywords,
		 const char *const *values)
{
	int		asked = fake_asked(conmgr);
	PGconn *conn = PQconnectdbParams(keywords, values, 1);
	bool	ok = fake_asked(conmgr) == asked + 1 &&
			  strcmp(fake_last_attrs(conmgr), attrs) == 0;

	if (!ok)
		printf("not %s: asked for %s, %s", attrs, fake_last_attrs(conmgr),
			   PQerrorMessage(conn));
	PQfinish(conn);
	return ok;
}

static void
parameters_are_put_together_as_libpq_does(void)
{
	char			  port[16];
	char			  uri[200];
	char			  text[200];
	const char *const keywords[] =
		{"port", "dbname",	"dbname", "port", "target_session_attrs",
		 "user", "sslmode", NULL};

	snprintf(port, sizeof(port), "%d", fake_port(conmgr));
	snprintf(uri, sizeof(uri),
			 "postgresql://localhost:%d/d?target_session_attrs=primary",
			 fake_port(conmgr));
	snprintf(text, sizeof(text),
			 "host=localhost port=%d target_session_attrs=read-write",
			 fake_port(conmgr));
	/* A connection string counts where it stands; then the last, if any. */
	CHECK(asks_for("primary", keywords,
				   (const char *const[]){"1", uri, NULL, NULL, "", "u",
										 "disable"}));
	CHECK(asks_for("any", keywords,
				   (const char *const[]){"1", uri, "d", port, "any", "u",
										 "disable"}));
	CHECK(asks_for("read-write", keywords,
				   (const char *const[]){NULL, text, "d", "", NULL, "u",
										 "disable"}));
	/* Only the first is expanded. */
	setenv("PGHOST", "localhost", 1);
	setenv("PGTARGETSESSIONATTRS", "read-only", 1);
	CHECK(asks_for("read-only", keywords,
				   (const char *const[]){port, "d", uri, NULL, NULL, "u",
										 "disable"}));
	/* The environment counts where nothing is given. */
	CHECK(asks_for("primary", keywords,
				   (const char *const[]){port, "d", NULL, NULL, "primary", "u",
										 "disable"}));
	unsetenv("PGTARGETSESSIONATTRS");
	unsetenv("PGHOST");
}

static void
a_service_file_is_libpqs_to_read(void)
{
	const char *const keywords[] = {"target_session_attrs", "user", "sslmode",
									NULL};
	char			  path[] = "/tmp/libpqcm-service-XXXXXX";
	FILE			 *file = fdopen(mkstemp(path), "w");

	fprintf(file,
			"[shop]\nhost=localhost\nport=%d\ntarget_session_attrs=primary\n",
			fake_port(conmgr));
	fclose(file);
	setenv("PGSERVICEFILE", path, 1);
	setenv("PGSERVICE", "shop", 1);
	CHECK(asks_for("primary", keywords,
				   (const char *const[]){NULL, "u", "disable"}));
	CHECK(asks_for("any", keywords,
				   (const char *const[]){"any", "u", "disable"}));
	unsetenv("PGSERVICE");
	unsetenv("PGSERVICEFILE");
	unlink(path);
}

int
main(void)
{
	start_pair();
	RUN(conmgr_sends_on_to_the_instance);
	RUN(conninfo_is_the_applications_own);
	RUN(an_instance_that_answers_n_keeps_the_socket);
	RUN(an_instance_that_answers_g_is_dialled_again_and_known_from_then_on);
	RUN(an_instance_that_is_not_there_leads_to_the_next_host);
	RUN(prefer_standby_looks_at_all_hosts_before_it_takes_a_primary);
	RUN(the_attribute_asked_for_is_checked_at_the_instance);
	RUN(an_asynchronous_connect_shows_its_phases_and_never_blocks);
	RUN(settings_made_while_connecting_are_kept);
	RUN(a_reset_asks_conmgr_again);
	RUN(nothing_stays_open);
	RUN(out_of_descriptors_is_an_error_and_not_an_unwatched_connection);
	RUN(ping_follows_conmgr);
	RUN(parameters_are_put_together_as_libpq_does);
	RUN(a_service_file_is_libpqs_to_read);
	RUN(bad_parameters_are_libpqs_to_report);
	return stop_pair();
}
