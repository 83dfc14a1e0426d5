/*-------------------------------------------------------------------------
 *
 * pljava_host.c
 *	  watchdog.java_host = pljava: the same classes, run by PL/Java.
 *
 * The worker connects to watchdog.database and waits until the extension
 * watchdog_pljava is there.  Each tick is one call of its function in a
 * transaction of its own, which writes nothing and so runs on a standby too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_database.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "guc.h"
#include "java_host.h"
#include "pljava_jvm.h"
#include "sessions.h"
#include "shmem.h"

#define EXTENSION_NAME "watchdog_pljava"
#define FUNCTION_NAME  "watchdog_tick"
#define POLICY_NAME	   "watchdog-0.1.0.policy"
#define DOOR_NAME	   "watchdog_jvm" DLSUFFIX

/* PL/Java's own default, for when nobody has set it */
#define PLJAVA_POLICY_URLS \
	"\"file:${org.postgresql.sysconfdir}/pljava.policy\",\"=\""

/* Creating a JVM on a machine that is just booting takes its time. */
#define START_LIMIT_MS INT64CONST(60000)
#define TICK_LIMIT_MS  INT64CONST(10000)

/* How often is looked for what is missing */
#define WAIT_US INT64CONST(1000000)

/* Confined to the worker's main thread. */
static WdJavaStatus status = WD_JAVA_WAITING;
static bool			announced; /* what is missing has been logged */
static int64		next_look_us;
static Oid			function;
static int			wake_write_fd;
static int64		limit_ms = START_LIMIT_MS;
static bytea	   *answer;

/*
 * By a scan, as the autovacuum launcher does it: without a database there is
 * no catalog to open an index or a cache with.
 */
static bool
database_is_there(void)
{
	bool		  open = false;
	Relation	  databases;
	TableScanDesc scan;
	HeapTuple	  tuple;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	(void) GetTransactionSnapshot();
	databases = table_open(DatabaseRelationId, AccessShareLock);
	scan = table_beginscan_catalog(databases, 0, NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_database database = (Form_pg_database) GETSTRUCT(tuple);

		if (strcmp(NameStr(database->datname), wd_database) == 0)
			open = database->datallowconn;
	}
	table_endscan(scan);
	table_close(databases, AccessShareLock);
	CommitTransactionCommand();
	return open;
}

static void
set_database_missing(bool missing)
{
	LWLockAcquire(wd_shared->lock, LW_EXCLUSIVE);
	wd_shared->database_missing = missing;
	LWLockRelease(wd_shared->lock);
}

/*
 * A process cannot change its database, so this one only waits: its
 * successor connects.
 */
static void
await_database(void)
{
	BackgroundWorkerInitializeConnection(NULL, NULL, 0);
	ereport(LOG, (errmsg("watchdog waits for database \"%s\"", wd_database)));
	while (!database_is_there())
	{
		(void) WaitLatch(MyLatch,
						 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 WAIT_US / 1000, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		if (ShutdownRequestPending)
			proc_exit(1);
	}
	set_database_missing(false);
	proc_exit(1);
}

/*
 * A database that is not there ends the process with PostgreSQL's error; the
 * next one knows.
 */
static void
connect_to_database(void)
{
	bool missing;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	missing = wd_shared->database_missing;
	LWLockRelease(wd_shared->lock);
	if (missing)
		await_database();
	set_database_missing(true);
	BackgroundWorkerInitializeConnection(wd_database, NULL, 0);
	set_database_missing(false);
}

/* The function that belongs to the extension, wherever its schema. */
static Oid
find_function(void)
{
	Oid		  extension = get_extension_oid(EXTENSION_NAME, true);
	Oid		  found = InvalidOid;
	CatCList *candidates;

	if (!OidIsValid(extension))
		return InvalidOid;
	candidates =
		SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(FUNCTION_NAME));
	for (int i = 0; i < candidates->n_members; i++)
	{
		Form_pg_proc proc =
			(Form_pg_proc) GETSTRUCT(&candidates->members[i]->tuple);

		if (proc->pronargs == 1 && proc->proargtypes.values[0] == BYTEAOID &&
			proc->prorettype == BYTEAOID &&
			getExtensionOfObject(ProcedureRelationId, proc->oid) == extension)
			found = proc->oid;
	}
	ReleaseSysCacheList(candidates);
	return found;
}

static void
begin_transaction(void)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
}

static void
end_transaction(void)
{
	PopActiveSnapshot();
	CommitTransactionCommand();
	(void) pgstat_report_stat(false);
}

static void
look_for_extension(void)
{
	begin_transaction();
	function = find_function();
	end_transaction();
	if (OidIsValid(function))
	{
		/* The next process sees what is set for the database by now. */
		status = announced ? WD_JAVA_ANEW : WD_JAVA_IDLE;
	}
	else if (!announced)
	{
		announced = true;
		ereport(LOG,
				(errmsg("watchdog waits for extension \"%s\" in database \"%s\"",
						EXTENSION_NAME, wd_database),
				 errhint("On the primary, run \"CREATE EXTENSION %s CASCADE\" in that database.",
						 EXTENSION_NAME)));
	}
}

static bool
stop_wanted(void)
{
	sigset_t pending;

	return ShutdownRequestPending || getppid() != PostmasterPid ||
		   (sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1);
}

/* As for any interrupt: not where PostgreSQL has said that it must not. */
static bool
may_escape(void)
{
	return InterruptHoldoffCount == 0 && CritSectionCount == 0;
}

/*
 * Ends the process while Java has its main thread, possibly in a signal
 * handler.  PL/Java does the last step, but it would log a reason that is
 * not ours.
 */
static void
escape(WdEscape why)
{
	WdJavaFailure failure;

	HOLD_INTERRUPTS();
	if (why == WD_ESCAPE_FAILED && wd_pljava_jvm_failure(&failure))
		wd_java_report_failure(failure.starting ? FATAL : LOG, &failure);
	if (why == WD_ESCAPE_STUCK)
		wd_java_report_no_answer(LOG);
	wd_log_min_messages = PANIC;
	wd_pljava_jvm_unhook();
	proc_exit(1);
}

/*
 * The JVM that PL/Java shall use, unless we are told otherwise: the one that
 * it was set up with.
 */
static const char *
find_libjvm(void)
{
	const char *of_pljava =
		GetConfigOption("pljava.libjvm_location", true, false);

	if (wd_libjvm[0] == '\0' && of_pljava != NULL &&
		access(of_pljava, R_OK) == 0)
		return MemoryContextStrdup(TopMemoryContext, of_pljava);
	return wd_java_find_libjvm();
}

static void
set_for_us(const char *name, const char *value)
{
	SetConfigOption(name, value, PGC_SUSET, PGC_S_SESSION);
}

/*
 * The administrator's policy files, and ours.  Ours goes before the entry
 * that ends the list; where that one is alone, no policy is enforced.
 */
static char *
policy_urls(void)
{
	const char *given = GetConfigOption("pljava.policy_urls", true, false);
	const char *policy = wd_java_share_file(POLICY_NAME);
	const char *last;

	if (given == NULL)
		given = PLJAVA_POLICY_URLS;
	last = strrchr(given, ',');
	if (strchr(last == NULL ? given : last, '=') == NULL)
		return psprintf("%s,\"file:%s\"", given, policy);
	if (last == NULL)
		return pstrdup(given);
	return psprintf("%.*s,\"file:%s\"%s", (int) (last - given), given, policy,
					last);
}

static List *
options(void)
{
	/*
	 * Java runs on the main thread, and keeps the end of the stack that
	 * belongs to a thread of that size for itself: more than
	 * PostgreSQL's functions may take.
	 */
	return lappend(wd_java_options(), pstrdup("-Xss4m"));
}

/* Makes PL/Java come to us for its JVM, in this process alone. */
static void
prepare_pljava(void)
{
	MemoryContext  old = MemoryContextSwitchTo(TopMemoryContext);
	WdPljavaConfig config = {0};
	List		  *list = options();

	config.libjvm = find_libjvm();
	config.options = wd_java_option_array(list);
	config.option_count = list_length(list);
	config.wake_fd = wake_write_fd;
	config.stop_wanted = stop_wanted;
	config.may_escape = may_escape;
	config.escape = escape;
	ereport(DEBUG1, (errmsg_internal("PL/Java uses JVM \"%s\"", config.libjvm)));
	set_for_us("pljava.libjvm_location",
			   psprintf("%s/%s", pkglib_path, DOOR_NAME));
	set_for_us("pljava.policy_urls", policy_urls());
	MemoryContextSwitchTo(old);
	wd_java_prepare_exit();
	wd_pljava_jvm_prepare(&config);
}

/* Here nothing can be seen to be missing yet. */
static void
start(int wake_fd)
{
	wake_write_fd = wake_fd;

	/* A standby refuses serializable; a database may have its own defaults. */
	set_for_us("default_transaction_isolation", "read committed");
	set_for_us("search_path", "pg_catalog");
#if PG_VERSION_NUM >= 170000
	set_for_us("transaction_timeout", "0");
#endif
}

/* PL/Java has put its own handlers in their place, which set no latch. */
static void
restore_signals(void)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGINT, StatementCancelHandler);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	pqsignal(SIGQUIT, SignalHandlerForCrashExit);
	BackgroundWorkerUnblockSignals();
}

/* An error of a tick, mostly an exception: Java is of no use any more. */
static void
give_up(MemoryContext context)
{
	ErrorData	 *error;
	WdJavaFailure failure = {0};

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	FlushErrorState();
	if (!wd_pljava_jvm_failure(&failure))
	{
		snprintf(failure.what, sizeof(failure.what), "%s", error->message);
		if (error->detail != NULL)
			snprintf(failure.detail, sizeof(failure.detail), "%s",
					 error->detail);
	}
	wd_java_report_failure(FATAL, &failure);
}

static bytea *
call_java(const uint8 *request, size_t length)
{
	bytea *argument = palloc(VARHDRSZ + length);
	Datum  result;

	if (!SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(function)))
		ereport(FATAL,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"%s\" has been dropped", EXTENSION_NAME)));
	SET_VARSIZE(argument, VARHDRSZ + length);
	memcpy(VARDATA(argument), request, length);
	wd_pljava_jvm_enter();
	result = OidFunctionCall1(function, PointerGetDatum(argument));
	wd_pljava_jvm_leave();
	/* The first one holds the secret. */
	explicit_bzero(VARDATA(argument), length);
	return DatumGetByteaPP(result);
}

/*
 * At the first commit PL/Java would warn, in every process that it starts
 * in, of what Java 24 changes.  That is said at CREATE EXTENSION already.
 */
static void
end_first_transaction(void)
{
	int level = wd_log_min_messages;

	wd_log_min_messages = Max(level, ERROR);
	end_transaction();
	wd_log_min_messages = level;
}

static void
tick(const uint8 *request, size_t length)
{
	MemoryContext context = CurrentMemoryContext;
	bool		  first = limit_ms == START_LIMIT_MS;

	if (first)
		prepare_pljava();
	wd_pljava_jvm_begin(limit_ms);
	PG_TRY();
	{
		bytea *result;

		begin_transaction();
		result = call_java(request, length);
		answer = MemoryContextAlloc(TopMemoryContext, VARSIZE_ANY(result));
		memcpy(answer, result, VARSIZE_ANY(result));
		if (first)
			end_first_transaction();
		else
			end_transaction();
	}
	PG_CATCH();
	{
		wd_pljava_jvm_leave();
		wd_pljava_jvm_end();
		give_up(context);
	}
	PG_END_TRY();
	wd_pljava_jvm_end();
	if (first)
		restore_signals();
	limit_ms = TICK_LIMIT_MS;
}

static void
submit(const uint8 *request, size_t length)
{
	tick(request, length);
	status = WD_JAVA_ANSWERED;
}

static WdJavaStatus
current_status(void)
{
	WdJavaFailure ignored;

	if (wd_pljava_jvm_failure(&ignored))
		return WD_JAVA_FAILED;
	if (status == WD_JAVA_WAITING && wd_monotonic_us() >= next_look_us)
	{
		next_look_us = wd_monotonic_us() + WAIT_US;
		look_for_extension();
	}
	return status;
}

static const uint8 *
current_answer(size_t *length)
{
	*length = VARSIZE_ANY_EXHDR(answer);
	return (const uint8 *) VARDATA_ANY(answer);
}

static void
release_answer(void)
{
	pfree(answer);
	answer = NULL;
	status = WD_JAVA_IDLE;
}

static void
get_failure(WdJavaFailure *failure)
{
	(void) wd_pljava_jvm_failure(failure);
}

const WdJavaHost wd_pljava_host = {
	.connect = connect_to_database,
	.start = start,
	.status = current_status,
	.submit = submit,
	.answer = current_answer,
	.release_answer = release_answer,
	.failure = get_failure,
};
