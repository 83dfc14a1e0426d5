/*
 * The libpq half of the load of "make faults": threads that each hold one
 * connection through conmgr and work on it in short transactions; on an error
 * they connect again.  What happens is one line each on standard output, in the
 * words of io.github.pgconmgr.faults.load.LoadEvent.
 *
 *   load NAME PORT WRITERS READERS FIRST SLEEP
 *
 * NAME is the beginning of the workers' names, FIRST the number before each
 * worker's first transfer, SLEEP the seconds that a statement
 * takes.  Runs until its standard input ends.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

#define ACCOUNTS			 1000
#define PAUSE_AFTER_ERROR_MS 100
#define PAUSE_MIN_MS		 100
#define PAUSE_MAX_MS		 300

static const char *sleep_seconds;

typedef struct Worker
{
	char			   name[64];
	const char		  *port;
	int				   writes;
	unsigned int	   seed;
	unsigned long long next;
	PGconn			  *conn;
} Worker;

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
pause_ms(int ms)
{
	struct timespec ts = {ms / 1000, (long) (ms % 1000) * 1000000};

	nanosleep(&ts, NULL);
}

/* One line; stdio's own lock keeps lines of several threads apart. */
static void
say(const Worker *worker, char what, int64_t begin, const char *details)
{
	printf("%lld %c %s %lld %s\n", (long long) now(), what, worker->name,
		   (long long) begin, details);
}

static void
say_error(const Worker *worker, int64_t begin, const char *phase,
		  const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	char		text[600];

	snprintf(text, sizeof(text), "%s %s %llu %s",
			 state != NULL ? state : "none", phase,
			 worker->writes ? worker->next : 0, PQerrorMessage(worker->conn));
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\n')
			*c = ' ';
	say(worker, 'E', begin, text);
}

/* Runs the SQL; the first value of the last result goes to "value". */
static int
run(Worker *worker, int64_t begin, const char *phase, const char *sql,
	char *value, size_t size)
{
	PGresult	  *result = PQexec(worker->conn, sql);
	ExecStatusType status = PQresultStatus(result);
	int			   ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!ok)
		say_error(worker, begin, phase, result);
	else if (value != NULL && PQntuples(result) == 1)
		snprintf(value, size, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return ok;
}

static int
transfer(Worker *worker)
{
	int source = rand_r(&worker->seed) % ACCOUNTS;
	int target =
		(source + 1 + rand_r(&worker->seed) % (ACCOUNTS - 1)) % ACCOUNTS;
	int		amount = 1 + rand_r(&worker->seed) % 100;
	int		up = source < target;
	int64_t begin = now();
	char	sql[600];

	worker->next++;
	/* In the order of the numbers, so that no two wait for each other. */
	snprintf(sql, sizeof(sql),
			 "BEGIN;UPDATE account SET balance = balance + %d WHERE id = %d;"
			 "UPDATE account SET balance = balance + %d WHERE id = %d",
			 up ? -amount : amount, up ? source : target, up ? amount : -amount,
			 up ? target : source);
	if (!run(worker, begin, "work", sql, NULL, 0))
		return 0;
	snprintf(sql, sizeof(sql),
			 "INSERT INTO transfer SELECT '%s', %llu, %d, %d, %d FROM pg_sleep(%s)",
			 worker->name, worker->next, source, target, amount, sleep_seconds);
	if (!run(worker, begin, "work", sql, NULL, 0) ||
		!run(worker, begin, "commit", "COMMIT", NULL, 0))
		return 0;
	snprintf(sql, sizeof(sql), "%llu", worker->next);
	say(worker, 'A', begin, sql);
	return 1;
}

static int
look(Worker *worker)
{
	int64_t begin = now();
	char	sum[60] = "";
	char	sql[100];

	snprintf(sql, sizeof(sql), "SELECT sum(balance) FROM account, pg_sleep(%s)",
			 sleep_seconds);
	if (!run(worker, begin, "work", sql, sum, sizeof(sum)))
		return 0;
	say(worker, 'R', begin, sum);
	return 1;
}

static void
ignore_notice(void *argument, const char *message)
{
	(void) argument;
	(void) message;
}

static int
connect_once(Worker *worker)
{
	int64_t begin = now();
	char	text[400];
	char	where[200] = "";

	snprintf(text, sizeof(text),
			 "host=localhost port=%s user=postgres dbname=postgres "
			 "target_session_attrs=%s application_name=%s",
			 worker->port, worker->writes ? "primary" : "prefer-standby",
			 worker->name);
	worker->conn = PQconnectdb(text);
	PQsetNoticeProcessor(worker->conn, ignore_notice, NULL);
	if (PQstatus(worker->conn) != CONNECTION_OK)
	{
		say_error(worker, begin, "connect", NULL);
		return 0;
	}
	if (!run(worker, begin, "connect",
			 "SELECT host(inet_server_addr()) || ' ' || pg_backend_pid()",
			 where, sizeof(where)))
		return 0;
	say(worker, 'C', begin, where);
	return 1;
}

static void *
work(void *argument)
{
	Worker *worker = argument;

	for (;;)
	{
		int ok = connect_once(worker);

		while (ok)
		{
			ok = worker->writes ? transfer(worker) : look(worker);
			if (ok)
				pause_ms(PAUSE_MIN_MS +
						 rand_r(&worker->seed) % (PAUSE_MAX_MS - PAUSE_MIN_MS));
		}
		PQfinish(worker->conn);
		pause_ms(PAUSE_AFTER_ERROR_MS);
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	int		writers, readers;
	Worker *workers;

	if (argc != 7)
	{
		fprintf(stderr, "usage: load NAME PORT WRITERS READERS FIRST SLEEP\n");
		return 2;
	}
	sleep_seconds = argv[6];
	writers = atoi(argv[3]);
	readers = atoi(argv[4]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	workers = calloc((size_t) (writers + readers + 1), sizeof(Worker));
	if (workers == NULL)
		return 1;
	for (int n = 0; n < writers + readers; n++)
	{
		Worker	 *worker = &workers[n];
		pthread_t thread;

		snprintf(worker->name, sizeof(worker->name), "%s%d", argv[1], n + 1);
		worker->port = argv[2];
		worker->writes = n < writers;
		worker->seed = (unsigned int) (getpid() * 1000 + n);
		worker->next = strtoull(argv[5], NULL, 10);
		if (pthread_create(&thread, NULL, work, worker) != 0)
		{
			fprintf(stderr, "no thread for %s\n", worker->name);
			return 1;
		}
	}
	while (getchar() != EOF)
		;
	/* exit() would take down what the threads still use. */
	_exit(0);
}
