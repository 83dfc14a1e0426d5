/*-------------------------------------------------------------------------
 *
 * java_host.c
 *	  Starts the embedded JVM with the right library, jar and options.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "postmaster/syslogger.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

#include "compat.h"
#include "guc.h"
#include "java_host.h"
#include "tick.h"

/*
 * The version is part of the name: when a package upgrade has replaced the
 * files under a running server, old C must not meet new Java.
 */
#define JAR_NAME "watchdog-0.1.0.jar"

#define DEBIAN_JVM_FOLDER "/usr/lib/jvm"
#define LIBJVM_BELOW_HOME "lib/server/libjvm.so"

/* Heap: a base, and per peer its buffers (4 kB each way) with room to spare */
#define HEAP_BASE_MB	 16
#define HEAP_PER_PEER_KB 32

static int exit_code;

/* The last handler of exit(): libjvm's own destructors never run. */
static void
leave_now(void)
{
	_exit(exit_code);
}

/*
 * Called by proc_exit() after PostgreSQL's cleanup.  Only now is the handler
 * registered, for exit() calls the latest one first, and the JVM may have
 * registered its own at any time before.
 */
static void
prepare_to_leave(int code, Datum arg)
{
	char path[MAXPGPATH];

	/* The JVM would have removed its attach socket had it ended itself. */
	snprintf(path, sizeof(path), "/tmp/.java_pid%d", MyProcPid);
	unlink(path);
	exit_code = code;
	atexit(leave_now);
}

static bool
readable(const char *path)
{
	return access(path, R_OK) == 0;
}

/* The first number in a name such as java-17-openjdk, without an old "1.". */
static int
java_version_in(const char *name)
{
	while (*name && !isdigit((unsigned char) *name))
		name++;
	if (strncmp(name, "1.", 2) == 0)
		name += 2;
	return atoi(name);
}

/* Puts the libjvm.so of the newest JVM below /usr/lib/jvm into path. */
static bool
find_newest(char *path)
{
	DIR			  *folder = AllocateDir(DEBIAN_JVM_FOLDER);
	struct dirent *entry;
	char		   candidate[MAXPGPATH];
	int			   newest = -1;

	if (folder == NULL)
		return false;
	while ((entry = ReadDirExtended(folder, DEBIAN_JVM_FOLDER, LOG)) != NULL)
	{
		int version = java_version_in(entry->d_name);

		snprintf(candidate, sizeof(candidate), "%s/%s/%s", DEBIAN_JVM_FOLDER,
				 entry->d_name, LIBJVM_BELOW_HOME);
		if (version > newest && readable(candidate))
		{
			newest = version;
			snprintf(path, MAXPGPATH, "%s", candidate);
		}
	}
	FreeDir(folder);
	return newest >= 0;
}

static const char *
find_libjvm(void)
{
	char	   *path = MemoryContextAlloc(TopMemoryContext, MAXPGPATH);
	const char *java_home = getenv("JAVA_HOME");

	if (wd_libjvm[0] != '\0')
	{
		if (!readable(wd_libjvm))
			ereport(FATAL,
					(errcode_for_file_access(),
					 errmsg("could not read libjvm \"%s\": %m", wd_libjvm),
					 errhint(
						 "Set watchdog.libjvm to the path of a libjvm.so, or leave it empty to have it found.")));
		return wd_libjvm;
	}
	if (java_home != NULL && java_home[0] != '\0')
	{
		snprintf(path, MAXPGPATH, "%s/%s", java_home, LIBJVM_BELOW_HOME);
		if (readable(path))
			return path;
	}
	snprintf(path, MAXPGPATH, "%s/default-java/%s", DEBIAN_JVM_FOLDER,
			 LIBJVM_BELOW_HOME);
	if (!readable(path) && !find_newest(path))
		ereport(FATAL,
				(errcode(ERRCODE_UNDEFINED_FILE),
				 errmsg("could not find libjvm.so"),
				 errdetail("Neither JAVA_HOME nor %s has one.",
						   DEBIAN_JVM_FOLDER),
				 errhint(
					 "Install a Java runtime of version 17 or later, or set watchdog.libjvm.")));
	return path;
}

static void
find_jar(char *path)
{
	char share_path[MAXPGPATH];

	get_share_path(my_exec_path, share_path);
	snprintf(path, MAXPGPATH, "%s/extension/%s", share_path, JAR_NAME);
	if (!readable(path))
		ereport(FATAL,
				(errcode_for_file_access(),
				 errmsg("could not read the watchdog's jar \"%s\": %m", path),
				 errhint(
					 "Install exactly this version; after an upgrade of the package, restart the server.")));
}

static List *
add_option(List *options, const char *option)
{
	return lappend(options, pstrdup(option));
}

static List *
add_user_options(List *options, bool *sizes_heap)
{
	char *copy = pstrdup(wd_jvm_options);
	char *next;

	*sizes_heap = false;
	for (char *option = strtok_r(copy, " \t\n", &next); option != NULL;
		 option = strtok_r(NULL, " \t\n", &next))
	{
		/* The hooks are options as well, named by words without a dash. */
		if (option[0] != '-')
			ereport(FATAL,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid option in watchdog.jvm_options: \"%s\"",
							option),
					 errhint("Each option begins with \"-\".")));
		if (strncmp(option, "-Xmx", 4) == 0 ||
			strncmp(option, "-XX:MaxHeapSize", 15) == 0 ||
			strncmp(option, "-XX:MaxRAM", 10) == 0)
			*sizes_heap = true;
		options = add_option(options, option);
	}
	return options;
}

/*
 * Where a crashing JVM writes its report: a fixed name, so that crash after
 * crash does not fill the disk.  By default it would be one per process.
 */
static const char *
error_file_option(void)
{
	struct stat info;
	bool has_log = stat(Log_directory, &info) == 0 && S_ISDIR(info.st_mode);

	return psprintf("-XX:ErrorFile=%s/watchdog_hs_err.log",
					has_log ? Log_directory : DataDir);
}

/* In this order, for the JVM takes the last one of each kind. */
static List *
build_options(void)
{
	char  jar[MAXPGPATH];
	List *options = NIL;
	bool  sizes_heap;

	find_jar(jar);
	options = add_option(options, "-XX:+DisplayVMOutputToStderr");
	options = add_option(options, error_file_option());
	options = add_user_options(options, &sizes_heap);
	if (!sizes_heap)
	{
		int64 heap_kb = HEAP_BASE_MB * INT64CONST(1024) +
						(int64) wd_max_heartbeat_connections * HEAP_PER_PEER_KB;

		options =
			add_option(options, psprintf("-Xmx" INT64_FORMAT "k", heap_kb));
	}
	options = add_option(options, psprintf("-Djava.class.path=%s", jar));
	/* SIGTERM, SIGHUP, SIGINT and SIGQUIT are PostgreSQL's. */
	options = add_option(options, "-Xrs");
	/* It would end the process past the hooks and crash the instance. */
	options = add_option(options, "-XX:-ExitOnOutOfMemoryError");
	return options;
}

/*
 * Begins to start the JVM; wd_java_thread_status() tells how that goes.
 * What can be seen to be missing is an error here, with a hint.
 */
void
wd_java_host_start(int wake_fd)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	WdJavaConfig  config = {0};
	List		 *options = build_options();
	const char	**array = palloc(sizeof(char *) * list_length(options));
	int			  rc;

	for (int i = 0; i < list_length(options); i++)
		array[i] = list_nth(options, i);
	config.libjvm = find_libjvm();
	config.options = array;
	config.option_count = list_length(options);
	config.wake_fd = wake_fd;
	config.max_answer = wd_tick_max_answer_size(wd_max_heartbeat_connections);
	MemoryContextSwitchTo(old);

	/* Options come from our parameters alone. */
	unsetenv("JAVA_TOOL_OPTIONS");
	unsetenv("_JAVA_OPTIONS");
	unsetenv("JDK_JAVA_OPTIONS");
	ereport(DEBUG1, (errmsg_internal("starting JVM \"%s\"", config.libjvm)));
	on_proc_exit(prepare_to_leave, 0);
	rc = wd_java_thread_start(&config);
	if (rc != 0)
	{
		errno = rc;
		ereport(FATAL, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
						errmsg("could not create a thread for Java: %m")));
	}
}

/* Ends the worker with code 1; the postmaster starts it again. */
void
wd_java_host_report_failure(void)
{
	WdJavaFailure failure;
	const char	 *hint =
		"The watchdog will be started again; sessions are not affected.";

	wd_java_thread_failure(&failure);
	if (failure.starting)
		hint = "Check watchdog.libjvm and watchdog.jvm_options.";
	ereport(FATAL,
			(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
			 errmsg("Java in the watchdog failed: %s", failure.what),
			 failure.detail[0] != '\0' ? errdetail("%s", failure.detail) : 0,
			 errhint("%s", hint)));
}
