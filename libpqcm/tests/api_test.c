/*-------------------------------------------------------------------------
 *
 * api_test.c
 *	  The functions of libpq on a handle: NULL, after PQfinish(), and the
 *	  callbacks that get a connection.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-events.h>
#include <libpq/libpq-fs.h>

#include "pair.h"

static void
discard(PGresult *result)
{
	CHECK(result == NULL || PQresultStatus(result) == PGRES_FATAL_ERROR);
	PQclear(result);
}

/* Every function that takes a connection, with one that is none. */
static void
call_everything(PGconn *conn)
{
	char  buffer[100];
	char *copied = NULL;
	int	  length;

	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(PQconnectPoll(conn) == PGRES_POLLING_FAILED);
	CHECK(PQresetStart(conn) == 0);
	CHECK(PQresetPoll(conn) == PGRES_POLLING_FAILED);
	PQreset(conn);
	CHECK(PQconninfo(conn) == NULL);
	CHECK(PQgetCancel(conn) == NULL);
	CHECK(PQrequestCancel(conn) == 0);
	CHECK(PQdb(conn) == NULL && PQuser(conn) == NULL && PQpass(conn) == NULL);
	CHECK(PQhost(conn) == NULL && PQhostaddr(conn) == NULL);
	CHECK(PQport(conn) == NULL && PQoptions(conn) == NULL);
	CHECK(PQtransactionStatus(conn) == PQTRANS_UNKNOWN);
	CHECK(PQparameterStatus(conn, "x") == NULL);
	CHECK(PQprotocolVersion(conn) == 0 && PQserverVersion(conn) == 0);
	CHECK(strstr(PQerrorMessage(conn), "NULL") != NULL);
	CHECK(PQsocket(conn) == -1 && PQcmSocket(conn) == -1);
	CHECK(PQbackendPID(conn) == 0);
	CHECK(PQpipelineStatus(conn) == PQ_PIPELINE_OFF);
	CHECK(PQconnectionNeedsPassword(conn) == 0);
	CHECK(PQconnectionUsedPassword(conn) == 0);
	CHECK(PQclientEncoding(conn) == -1);
	CHECK(PQsetClientEncoding(conn, "UTF8") == -1);
	CHECK(PQsslInUse(conn) == 0 && PQgetssl(conn) == NULL);
	CHECK(PQsslStruct(conn, "OpenSSL") == NULL);
	CHECK(PQsslAttribute(conn, "library") == NULL || true);
	CHECK(PQsetErrorVerbosity(conn, PQERRORS_TERSE) == PQERRORS_DEFAULT);
	PQsetErrorContextVisibility(conn, PQSHOW_CONTEXT_ALWAYS);
	CHECK(PQsetNoticeReceiver(conn, NULL, NULL) == NULL);
	CHECK(PQsetNoticeProcessor(conn, NULL, NULL) == NULL);
	PQtrace(conn, NULL);
	PQuntrace(conn);
	discard(PQexec(conn, "x"));
	discard(PQexecParams(conn, "x", 0, NULL, NULL, NULL, NULL, 0));
	discard(PQprepare(conn, "x", "x", 0, NULL));
	discard(PQexecPrepared(conn, "x", 0, NULL, NULL, NULL, 0));
	discard(PQdescribePrepared(conn, "x"));
	discard(PQdescribePortal(conn, "x"));
	CHECK(PQsendQuery(conn, "x") == 0);
	CHECK(PQsendQueryParams(conn, "x", 0, NULL, NULL, NULL, NULL, 0) == 0);
	CHECK(PQsendPrepare(conn, "x", "x", 0, NULL) == 0);
	CHECK(PQsendQueryPrepared(conn, "x", 0, NULL, NULL, NULL, 0) == 0);
	CHECK(PQsendDescribePrepared(conn, "x") == 0);
	CHECK(PQsendDescribePortal(conn, "x") == 0);
	CHECK(PQsetSingleRowMode(conn) == 0);
	CHECK(PQgetResult(conn) == NULL);
	CHECK(PQisBusy(conn) == 0 && PQconsumeInput(conn) == 0);
	CHECK(PQenterPipelineMode(conn) == 0 && PQexitPipelineMode(conn) == 0);
	CHECK(PQpipelineSync(conn) == 0 && PQsendFlushRequest(conn) == 0);
	CHECK(PQnotifies(conn) == NULL);
	CHECK(PQputCopyData(conn, "x", 1) == -1 && PQputCopyEnd(conn, NULL) == -1);
	CHECK(PQgetCopyData(conn, &copied, 0) == -2);
	CHECK(PQgetline(conn, buffer, sizeof(buffer)) == EOF);
	CHECK(PQgetlineAsync(conn, buffer, sizeof(buffer)) == -1);
	CHECK(PQputline(conn, "x") == -1 && PQputnbytes(conn, "x", 1) == -1);
	CHECK(PQendcopy(conn) == 0);
	CHECK(PQsetnonblocking(conn, 1) == -1 && PQisnonblocking(conn) == 0);
	CHECK(PQflush(conn) == -1);
	CHECK(PQfn(conn, 1, &length, &length, 1, NULL, 0) == NULL);
	CHECK(PQescapeLiteral(conn, "x", 1) == NULL);
	CHECK(PQescapeIdentifier(conn, "x", 1) == NULL);
	CHECK(PQescapeStringConn(conn, buffer, "x", 1, NULL) == 0);
	CHECK(PQescapeByteaConn(conn, (const unsigned char *) "x", 1,
							(size_t *) buffer) == NULL);
	CHECK(PQencryptPasswordConn(conn, "x", "x", NULL) == NULL);
	CHECK(lo_open(conn, 1, INV_READ) == -1 && lo_close(conn, 1) == -1);
	CHECK(lo_creat(conn, 1) == InvalidOid && lo_unlink(conn, 1) == -1);
	CHECK(PQregisterEventProc(conn, NULL, NULL, NULL) == 0);
	CHECK(PQinstanceData(conn, NULL) == NULL);
	CHECK(PQsetInstanceData(conn, NULL, NULL) == 0);
	PQfinish(conn);
}

static void
null_is_answered_as_libpq_does(void)
{
	call_everything(NULL);
}

/* With libpq alone this would be a crash. */
static void
a_finished_connection_is_like_null(void)
{
	PGconn *conn = connect_now();

	CHECK(PQstatus(conn) == CONNECTION_OK);
	PQfinish(conn);
	call_everything(conn);
}

static void
a_failed_connection_answers_everything(void)
{
	PGconn *conn = PQconnectdb("host=localhost port=1 user=u dbname=d");

	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(strcmp(PQhost(conn), "localhost") == 0);
	CHECK(strcmp(PQport(conn), "1") == 0 && strcmp(PQuser(conn), "u") == 0);
	CHECK(PQsocket(conn) == -1 || PQsocket(conn) >= 0);
	discard(PQexec(conn, "x"));
	CHECK(PQsendQuery(conn, "x") == 0);
	CHECK(PQconsumeInput(conn) == 0);
	PQfinish(conn);

	/* One whose failure libpq knows nothing of. */
	conn = PQconnectdb("host=localhost,localhost port=1,1 user=u dbname=d");
	CHECK(PQstatus(conn) == CONNECTION_BAD);
	CHECK(strcmp(PQhost(conn), "localhost") == 0);
	CHECK(strcmp(PQport(conn), "1") == 0 && strcmp(PQdb(conn), "d") == 0);
	discard(PQexec(conn, "x"));
	PQfinish(conn);
}

typedef struct Events
{
	int		registered;
	int		resets;
	int		destroyed;
	int		results;
	PGconn *conn; /* of the last event that has one */
} Events;

static int
on_event(PGEventId id, void *info, void *argument)
{
	Events *events = argument;

	switch (id)
	{
		case PGEVT_REGISTER:
			events->registered++;
			events->conn = ((PGEventRegister *) info)->conn;
			break;
		case PGEVT_CONNRESET:
			events->resets++;
			events->conn = ((PGEventConnReset *) info)->conn;
			break;
		case PGEVT_CONNDESTROY:
			events->destroyed++;
			events->conn = ((PGEventConnDestroy *) info)->conn;
			break;
		case PGEVT_RESULTCREATE:
			events->results++;
			events->conn = ((PGEventResultCreate *) info)->conn;
			break;
		default:
			break;
	}
	return 1;
}

/* Another function, which the linker must not fold into the first. */
static int
on_event_too(PGEventId id, void *info, void *argument)
{
	return on_event(id, info, argument) + 0 * (int) id;
}

static void
event_procedures_see_the_handle(void)
{
	PGconn	 *conn = connect_now();
	Events	  events = {0};
	Events	  others = {0};
	PGresult *result;
	int		  data;

	CHECK(PQregisterEventProc(conn, on_event, "test", &events) == 1);
	CHECK(events.registered == 1 && events.conn == conn);
	CHECK(PQregisterEventProc(conn, on_event, "test", &events) == 0);
	CHECK(PQregisterEventProc(conn, on_event_too, "too", &others) == 1);
	CHECK(PQsetInstanceData(conn, on_event, &data) == 1);
	CHECK(PQinstanceData(conn, on_event) == &data);
	CHECK(PQinstanceData(conn, on_event_too) == NULL);

	events.conn = NULL;
	result = PQexec(conn, "one");
	CHECK(PQfireResultCreateEvents(conn, result) == 1);
	CHECK(events.results == 1 && events.conn == conn);
	CHECK(PQresultSetInstanceData(result, on_event, &events) == 1);
	CHECK(PQresultInstanceData(result, on_event) == &events);

	events.conn = NULL;
	PQreset(conn);
	CHECK(PQstatus(conn) == CONNECTION_OK);
	CHECK(events.resets == 1 && events.conn == conn && others.resets == 1);
	CHECK(events.registered == 1 && events.destroyed == 0);
	CHECK(PQinstanceData(conn, on_event) == &data);

	PQfinish(conn);
	CHECK(events.destroyed == 1 && events.conn == conn);
	CHECK(others.destroyed == 1);
	CHECK(PQresultInstanceData(result, on_event) == &events);
	PQclear(result);
}

static int notices;

static void
on_notice(void *argument, const char *message)
{
	(void) message;
	notices += *(int *) argument;
}

static void
settings_outlive_a_reset(void)
{
	PGconn			 *conn = connect_now();
	FILE			 *trace = tmpfile();
	int				  weight = 1;
	PQnoticeProcessor standard = PQsetNoticeProcessor(conn, NULL, NULL);

	CHECK(PQsetNoticeProcessor(conn, on_notice, &weight) == standard);
	PQsetErrorVerbosity(conn, PQERRORS_TERSE);
	PQsetErrorContextVisibility(conn, PQSHOW_CONTEXT_ALWAYS);
	PQtrace(conn, trace);
	PQsetTraceFlags(conn, PQTRACE_SUPPRESS_TIMESTAMPS);
	PQreset(conn);
	CHECK(PQsetNoticeProcessor(conn, NULL, NULL) == on_notice);
	CHECK(PQsetErrorVerbosity(conn, PQERRORS_DEFAULT) == PQERRORS_TERSE);
	CHECK(PQsetErrorContextVisibility(conn, PQSHOW_CONTEXT_ERRORS) ==
		  PQSHOW_CONTEXT_ALWAYS);
	rewind(trace);
	CHECK(ftell(trace) == 0);
	PQclear(PQexec(conn, "one"));
	PQuntrace(conn);
	fflush(trace);
	fseek(trace, 0, SEEK_END);
	CHECK(ftell(trace) > 0);
	fclose(trace);
	PQfinish(conn);
}

static int
on_key_password(char *buf, int size, PGconn *conn)
{
	return PQdefaultSSLKeyPassHook_OpenSSL(buf, size, conn);
}

static void
the_key_password_hook_is_the_applications(void)
{
	CHECK(PQgetSSLKeyPassHook_OpenSSL() == PQdefaultSSLKeyPassHook_OpenSSL ||
		  PQgetSSLKeyPassHook_OpenSSL() != on_key_password);
	PQsetSSLKeyPassHook_OpenSSL(on_key_password);
	CHECK(PQgetSSLKeyPassHook_OpenSSL() == on_key_password);
	PQsetSSLKeyPassHook_OpenSSL(NULL);
	CHECK(PQgetSSLKeyPassHook_OpenSSL() != on_key_password);
}

static void
many_connections_live_side_by_side(void)
{
	enum
	{
		COUNT = 150
	};
	PGconn *conns[COUNT];

	for (int i = 0; i < COUNT; i++)
		conns[i] = connect_now();
	for (int i = 0; i < COUNT; i++)
	{
		PGresult *result = PQexec(conns[i], "one");

		CHECK(PQresultStatus(result) == PGRES_TUPLES_OK);
		PQclear(result);
	}
	for (int i = 0; i < COUNT; i++)
		PQfinish(conns[(i * 7) % COUNT]);
}

static void
each_way_to_connect_leads_through_conmgr(void)
{
	char			  port[20];
	const char *const keywords[] = {"host", "port", "dbname", "sslmode", NULL};
	const char *const values[] = {"localhost", port, "d", "disable", NULL};
	char			  uri[200];
	PGconn			 *conns[6];

	snprintf(port, sizeof(port), "%d", fake_port(conmgr));
	snprintf(uri, sizeof(uri), "postgresql://u@localhost:%d/d?sslmode=disable",
			 fake_port(conmgr));
	conns[0] = PQconnectdb(uri);
	conns[1] = PQconnectdbParams(keywords, values, 0);
	conns[2] = PQsetdbLogin("localhost", port, NULL, NULL, "d", "u", NULL);
	conns[3] = PQsetdbLogin(NULL, NULL, NULL, NULL, uri, NULL, NULL);
	setenv("PGHOST", "localhost", 1);
	setenv("PGPORT", port, 1);
	conns[4] = PQconnectdb("user=u dbname=d sslmode=disable");
	conns[5] = PQconnectdb("");
	unsetenv("PGHOST");
	unsetenv("PGPORT");
	for (int i = 0; i < 6; i++)
	{
		if (PQcmSocket(conns[i]) < 0)
			printf("way %d: %s", i, PQerrorMessage(conns[i]));
		CHECK(PQcmSocket(conns[i]) >= 0);
		CHECK(atoi(PQport(conns[i])) == fake_port(instance));
		PQfinish(conns[i]);
	}
}

static void
the_last_host_is_told_once_and_while_it_lasts(void)
{
	PGconn *conn = connect_now();
	PGconn *direct;

	CHECK(strcmp(PQcmLastHost(), "localhost") == 0);
	CHECK(PQcmLastHost() == NULL);
	PQreset(conn);
	CHECK(strcmp(PQcmLastHost(), "localhost") == 0);
	PQreset(conn);
	PQfinish(conn);
	CHECK(PQcmLastHost() == NULL);
	conn = connect_now();
	direct = connect_to(ONE_HOST, fake_port(instance), 0);
	CHECK(PQcmLastHost() == NULL);
	PQfinish(direct);
	PQfinish(conn);
}

int
main(void)
{
	start_pair();
	RUN(null_is_answered_as_libpq_does);
	RUN(a_finished_connection_is_like_null);
	RUN(a_failed_connection_answers_everything);
	RUN(event_procedures_see_the_handle);
	RUN(settings_outlive_a_reset);
	RUN(the_key_password_hook_is_the_applications);
	RUN(many_connections_live_side_by_side);
	RUN(each_way_to_connect_leads_through_conmgr);
	RUN(the_last_host_is_told_once_and_while_it_lasts);
	return stop_pair();
}
