/*-------------------------------------------------------------------------
 *
 * watchdog_worker.c
 *	  The background worker "watchdog": PostgreSQL's thread of it.
 *
 * A loop around one wait event set.  It gives Java a tick every
 * watchdog.check_attr_interval and whenever something asks for one, and
 * carries out the answers.  It never waits for Java, so it always sees a
 * signal or the postmaster's death at once.
 *
 * Every end is exit code 1: the postmaster starts the worker again after a
 * second.  Code 0 would make the postmaster forget it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "answer.h"
#include "compat.h"
#include "guc.h"
#include "instance_state.h"
#include "java_host.h"
#include "listen.h"
#include "restart_pause.h"
#include "secret.h"
#include "sessions.h"
#include "shmem.h"
#include "watchdog_worker.h"

#define TICK_LIMIT_US INT64CONST(10000000)

/* Creating a JVM on a machine that is just booting takes its time. */
#define START_LIMIT_US INT64CONST(60000000)

/* How long a stopping instance waits for Java to say goodbye, and how often
 * it asks whether that is done. */
#define GOODBYE_LIMIT_US INT64CONST(200000)
#define GOODBYE_STEP_US	 INT64CONST(10000)

/* How often a host that waits for something is asked */
#define WAIT_STEP_US INT64CONST(1000000)

/* Later than planned by more than this: this process did not run itself. */
#define STALL_US INT64CONST(1000000)

/* Confined to the worker's main thread. */
typedef struct Worker
{
	const WdJavaHost *host;
	WaitEventSet	 *events;
	int				  wake_read_fd;
	int				  wake_write_fd;
	uint8			 *request; /* the bytes Java reads now, or NULL */
	size_t			  request_size;
	uint32			  allowed_told; /* generation that Java knows */
	WdUpstream		  upstream_told;
	int64			  asked_wall_us;   /* when that was, by the wall clock */
	bool			  started;		   /* the first tick has been submitted */
	bool			  tick_wanted;	   /* somebody asked for a tick */
	bool			  waiting;		   /* for what Java needs */
	bool			  leaving;		   /* the last ticks: goodbyes */
	bool			  recovered;	   /* the failures are forgotten */
	int64			  first_answer_us; /* 0 before the first answer */
	int64			  next_tick_us;
	int64			  java_limit_us; /* Java must have come forward by then */
	int64			  leave_us;		 /* end of the wait for goodbyes */
} Worker;

static Worker worker;

/* From the start of the worker to the first tick. */
static WdSecret secret;
static WdListen listen_on;

/* A connection manager is not connected while no Java holds its socket. */
static void
disconnect_rows(int code, Datum arg)
{
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	for (uint32 i = 0; i < wd_shared->row_count; i++)
		wd_peer_row_clear_flag(wd_shared_rows() + (Size) i * WD_PEER_ROW_BYTES,
							   WD_PEER_CONNECTED);
	LWLockRelease(wd_shared->lock);
}

/*
 * Each start counts as a failure until it has proved itself, so no way to
 * fail can be forgotten here.
 */
static uint32
count_start(void)
{
	uint32 failures;

	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	failures = wd_shared->failures++;
	LWLockRelease(wd_shared->lock);
	return failures;
}

static void
take_back_start(bool all)
{
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	wd_shared->failures = all ? 0 : wd_shared->failures - 1;
	LWLockRelease(wd_shared->lock);
}

/* Being told to end is no failure. */
static void
leave(void)
{
	if (!worker.recovered)
		take_back_start(false);
	proc_exit(1);
}

static void
reload(void)
{
	if (!ConfigReloadPending)
		return;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
	worker.tick_wanted = true;
}

/* Waits before the JVM is started when earlier starts failed. */
static void
pause_after_failures(uint32 failures)
{
	int64 end_us =
		wd_monotonic_us() + wd_restart_pause_ms(failures) * INT64CONST(1000);
	int64 left_us;

	if (failures >= WD_FREE_RETRIES)
		ereport(LOG,
				(errmsg("watchdog failed %u times in a row, next attempt in %d s",
						failures, wd_restart_pause_ms(failures) / 1000)));
	while ((left_us = end_us - wd_monotonic_us()) > 0)
	{
		(void) WaitLatch(MyLatch,
						 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 (long) (left_us / 1000) + 1, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		if (ShutdownRequestPending)
			leave();
		reload();
	}
}

static void
create_events(void)
{
	int fds[2];

	if (pipe(fds) != 0 || fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(fds[1], F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(fds[0], F_SETFD, FD_CLOEXEC) != 0 ||
		fcntl(fds[1], F_SETFD, FD_CLOEXEC) != 0)
		ereport(FATAL, (errcode_for_file_access(),
						errmsg("could not create pipe for Java: %m")));
	ReserveExternalFD();
	ReserveExternalFD();
	worker.wake_read_fd = fds[0];
	worker.wake_write_fd = fds[1];
	worker.events = wd_create_wait_event_set(3);
	AddWaitEventToSet(worker.events, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch,
					  NULL);
	AddWaitEventToSet(worker.events, WL_POSTMASTER_DEATH, PGINVALID_SOCKET,
					  NULL, NULL);
	AddWaitEventToSet(worker.events, WL_SOCKET_READABLE, worker.wake_read_fd,
					  NULL, NULL);
}

/* Empties the pipe; what Java itself wrote asks for a tick. */
static void
drain_wake_pipe(void)
{
	uint8	bytes[256];
	ssize_t length;

	while ((length = read(worker.wake_read_fd, bytes, sizeof(bytes))) > 0)
	{
		for (ssize_t i = 0; i < length; i++)
		{
			if (bytes[i] != WD_WAKE_FROM_THREAD)
				worker.tick_wanted = true;
		}
	}
}

/* The rows that cost sessions are handed to the new Java for adoption. */
static uint8 *
copy_armed_rows(uint32 *count)
{
	uint8 *rows;
	uint32 kept = 0;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	rows =
		palloc_extended(Max(wd_shared->row_count, 1) * (Size) WD_PEER_ROW_BYTES,
						MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < wd_shared->row_count; i++)
	{
		const uint8 *row = wd_shared_rows() + (Size) i * WD_PEER_ROW_BYTES;

		if (wd_peer_row_has_flag(row, WD_PEER_ARMED))
			memcpy(rows + (Size) kept++ * WD_PEER_ROW_BYTES, row,
				   WD_PEER_ROW_BYTES);
	}
	LWLockRelease(wd_shared->lock);
	*count = kept;
	return rows;
}

static void
submit(const WdTickState *state, const WdTickStart *start)
{
	size_t size = wd_tick_request_size(state, start);

	worker.asked_wall_us = GetCurrentTimestamp();
	worker.request = MemoryContextAllocHuge(TopMemoryContext, size);
	wd_tick_encode(worker.request, state, start);
	worker.request_size = size;
	worker.host->submit(worker.request, size);
}

/* Gives Java a tick; Java must be idle. */
static void
begin_tick(int64 now_us)
{
	WdTickState state = {0};
	WdUpstream	upstream;

	wd_instance_state(&state);
	state.shared_address = (uint8) wd_shared_address;
	if (worker.leaving)
		state.tick_flags |= WD_TICK_EXITING;
	if (worker.allowed_told != wd_allowed->generation)
	{
		state.tick_flags |= WD_TICK_ALLOWED;
		state.allowed = wd_allowed->blocks;
		state.allowed_count = wd_allowed->count;
		worker.allowed_told = wd_allowed->generation;
	}
	wd_instance_upstream(&upstream);
	if (upstream.port != worker.upstream_told.port ||
		strcmp(upstream.host, worker.upstream_told.host) != 0)
	{
		state.tick_flags |= WD_TICK_UPSTREAM;
		state.upstream = &worker.upstream_told;
		worker.upstream_told = upstream;
	}
	if (worker.started)
		submit(&state, NULL);
	else
	{
		WdTickStart start = {0};
		uint8	   *rows = copy_armed_rows(&start.row_count);

		start.port = (uint16) wd_port;
		start.max_peers = (uint32) wd_max_heartbeat_connections;
		start.wake_fd = (uint32) worker.wake_write_fd;
		start.secret = secret.bytes;
		start.secret_length = secret.length;
		start.listen = listen_on.addresses;
		start.listen_count = listen_on.count;
		start.rows = rows;
		wd_instance_identity(&start);
		state.tick_flags |= WD_TICK_FIRST;
		submit(&state, &start);
		explicit_bzero(&secret, sizeof(secret));
		pfree(rows);
		worker.started = true;
	}
	worker.tick_wanted = false;
	worker.waiting = false;
	worker.java_limit_us = now_us + TICK_LIMIT_US;
	worker.next_tick_us =
		now_us + (worker.leaving ? GOODBYE_STEP_US
								 : wd_check_attr_interval * INT64CONST(1000));
}

static void
take_answer(int64 now_us)
{
	size_t		 length;
	const uint8 *bytes = worker.host->answer(&length);
	uint8 flags = wd_answer_carry_out(bytes, length, worker.asked_wall_us);

	worker.host->release_answer();
	/* The first one holds the secret. */
	explicit_bzero(worker.request, worker.request_size);
	pfree(worker.request);
	worker.request = NULL;
	worker.java_limit_us = WD_NEVER;
	if (worker.leaving && (flags & WD_ANSWER_GOODBYES_SENT))
		leave();
	if (worker.first_answer_us == 0)
		worker.first_answer_us = now_us;
	if (!worker.recovered && now_us - worker.first_answer_us >= WD_RECOVERED_US)
	{
		take_back_start(true);
		worker.recovered = true;
	}
}

static void
report_failure(void)
{
	WdJavaFailure failure;

	worker.host->failure(&failure);
	wd_java_report_failure(FATAL, &failure);
}

/* Looks where Java is and does the next step. */
static void
serve_java(int64 now_us)
{
	WdJavaStatus status = worker.host->status();

	if (status == WD_JAVA_ANSWERED)
	{
		take_answer(now_us);
		status = worker.host->status();
	}
	switch (status)
	{
		case WD_JAVA_FAILED:
			report_failure();
			break;
		case WD_JAVA_WAITING:
			worker.waiting = true;
			worker.next_tick_us = now_us + WAIT_STEP_US;
			break;
		case WD_JAVA_ANEW:
			leave();
			break;
		case WD_JAVA_IDLE:
			if (worker.tick_wanted || now_us >= worker.next_tick_us)
				begin_tick(now_us);
			if (worker.host->status() == WD_JAVA_ANSWERED)
				take_answer(now_us);
			break;
		case WD_JAVA_STARTING:
		case WD_JAVA_BUSY:
			if (now_us >= worker.java_limit_us)
				wd_java_report_no_answer(FATAL);
			break;
		case WD_JAVA_ANSWERED:
			break;
	}
}

/*
 * SIGTERM of this worker alone: just leave, the connection managers come
 * back to the next one.  While the instance stops they are told so first,
 * but not for long.
 */
static void
heed_shutdown(int64 now_us)
{
	if (!ShutdownRequestPending)
		return;
	if (!worker.leaving)
	{
		if (worker.first_answer_us == 0 || !wd_instance_is_stopping())
			leave();
		worker.leaving = true;
		worker.leave_us = now_us + GOODBYE_LIMIT_US;
		worker.tick_wanted = true;
	}
	if (now_us >= worker.leave_us)
		leave();
}

static int64
next_due(void)
{
	int64 due = worker.waiting ? WD_NEVER : worker.java_limit_us;

	if (worker.waiting ||
		(worker.request == NULL && worker.first_answer_us != 0))
		due = Min(due, worker.next_tick_us);
	if (worker.leaving)
		due = Min(due, worker.leave_us);
	return due;
}

static void
await_event(void)
{
	WaitEvent event;
	int64	  due_us = next_due();
	int64	  wait_us = due_us - wd_monotonic_us();
	int64	  late_us;
	long	  wait_ms = (long) (Max(wait_us, 0) / 1000) + 1;

	if (WaitEventSetWait(worker.events, wait_ms, &event, 1, PG_WAIT_EXTENSION) >
		0)
	{
		if (event.events & WL_POSTMASTER_DEATH)
			proc_exit(1);
		if (event.events & WL_LATCH_SET)
			ResetLatch(MyLatch);
	}
	drain_wake_pipe();

	/* When all of this process stood still, so did Java. */
	late_us = wd_monotonic_us() - due_us;
	if (late_us > STALL_US && worker.java_limit_us != WD_NEVER)
		worker.java_limit_us += late_us;
}

void
watchdog_worker_main(Datum arg)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	worker.host = wd_java_host == WD_JAVA_HOST_PLJAVA ? &wd_pljava_host
													  : &wd_embedded_host;
	worker.host->connect();

	before_shmem_exit(disconnect_rows, 0);
	pause_after_failures(count_start());
	wd_listen_resolve(&listen_on);
	wd_secret_read(&secret, wd_listen_is_reachable(&listen_on));
	create_events();
	worker.host->start(worker.wake_write_fd);
	worker.java_limit_us = wd_monotonic_us() + START_LIMIT_US;
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		reload();
		heed_shutdown(wd_monotonic_us());
		serve_java(wd_monotonic_us());
		await_event();
	}
}
