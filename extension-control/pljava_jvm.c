/*-------------------------------------------------------------------------
 *
 * pljava_jvm.c
 *	  The JVM that PL/Java creates in the watchdog, under our rules.
 *
 * PL/Java is told to find libjvm in watchdog_jvm.so, whose only function
 * leads here.  So our options stand behind PL/Java's, and our hooks in the
 * place of its hooks: those end the process on whatever thread the JVM
 * failed, beside a main thread that may be anywhere.  Ours note the failure
 * and sleep; it is always the main thread that ends the process.
 *
 * Under PL/Java the main thread itself is in Java during a tick, so Java
 * can keep it there.  A timer that signals this very thread gets it out: when
 * the JVM has failed, when PostgreSQL wants the process to end, and when the
 * tick takes too long.
 *
 *-------------------------------------------------------------------------
 */
#include <dlfcn.h>
#include <errno.h>
#include <jni.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "jvm_print.h"
#include "pljava_jvm.h"

#define HOOK_OPTIONS 3

/*
 * How often a tick under way is looked at; most end within microseconds.
 * Looks are counted, not time: while all of this process stood still, so did
 * Java.
 */
#define LOOK_MS 100

/* A tick may take that many looks more when the process is to end. */
#define STOP_LOOKS 2

/* Neither PostgreSQL nor the JVM uses it. */
#define LOOK_SIGNAL (SIGRTMIN + 5)

/* Old C libraries have no name for the field. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

typedef jint (*CreateJavaVm)(JavaVM **vm, void **env, void *args);
typedef void (*ExitHook)(jint code);

/* What PL/Java calls in the place of libjvm's JNI_CreateJavaVM */
extern __attribute__((visibility("default"))) jint
wd_pljava_create_vm(JavaVM **vm, void **env, void *args);

/* Set before the JVM is created, then constant */
static WdPljavaConfig config;
static pthread_t	  main_thread;
static timer_t		  timer;
static ExitHook		  exit_hook_of_pljava;

/* The first failure stands */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static WdJavaFailure   failure; /* guarded by lock until failed */
static int			   failed;	/* released after failure is complete */

/* Main thread and its signal handlers only */
static volatile sig_atomic_t	  created;
static volatile sig_atomic_t	  in_tick;
static volatile sig_atomic_t	  in_java;
static volatile sig_atomic_t	  stop_looks;
static volatile int64_t			  looks_left;
static struct JNIInvokeInterface_ invoke_interface;

static void
wake_main(void)
{
	const uint8_t byte = WD_WAKE_FROM_THREAD;
	ssize_t		  written;

	do
		written = write(config.wake_fd, &byte, 1);
	while (written < 0 && errno == EINTR);
	/* A full pipe wakes the main thread as well. */
}

static bool
has_failed(void)
{
	return __atomic_load_n(&failed, __ATOMIC_ACQUIRE) != 0;
}

/* Later failures are mostly consequences of the first. */
static void
fail(const char *what)
{
	/* On the main thread this may be a signal handler above another one. */
	if (pthread_mutex_trylock(&lock) != 0)
		return;
	if (!has_failed())
	{
		snprintf(failure.what, sizeof(failure.what), "%s", what);
		wd_jvm_printed(failure.detail);
		failure.starting = !created;
		__atomic_store_n(&failed, 1, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&lock);
	wake_main();
}

static bool
on_main_thread(void)
{
	return pthread_equal(pthread_self(), main_thread) != 0;
}

static void
set_timer(long ms)
{
	struct itimerspec spec = {0};

	spec.it_value.tv_nsec = ms * 1000000;
	spec.it_interval = spec.it_value;
	(void) timer_settime(timer, 0, &spec, NULL);
}

/* Ends the process; once only, as the end itself may be looked at. */
static void
escape(WdEscape why)
{
	in_tick = 0;
	in_java = 0;
	set_timer(0);
	config.escape(why);
}

/* The end of a failed JVM's thread: the main thread ends the process. */
static void
give_up_thread(void)
{
	if (!on_main_thread())
	{
		for (;;)
			pause();
	}
	if (in_java)
		escape(WD_ESCAPE_FAILED);
}

/*
 * On PostgreSQL's own thread outside Java the hooks return: a crash there is
 * a genuine crash of PostgreSQL and must stay one.
 */
static void
abort_hook(void)
{
	if (!on_main_thread() || in_java)
		fail("the JVM aborted");
	give_up_thread();
}

static void
exit_hook(jint code)
{
	char what[64];

	snprintf(what, sizeof(what), "Java code or the JVM called exit(%d)",
			 (int) code);
	fail(what);
	give_up_thread();
}

/* PL/Java ends the JVM when the process ends; that could wait for Java. */
static jint JNICALL
destroy_nothing(JavaVM *vm)
{
	(void) vm;
	return JNI_OK;
}

/* The timer, on the main thread while it is in a tick. */
static void
look(int signal_number)
{
	int saved_errno = errno;

	(void) signal_number;
	if (in_tick)
	{
		if (looks_left > 0)
			looks_left--;
		if (config.stop_wanted())
			stop_looks++;
		if (!config.may_escape())
			;
		else if (has_failed())
			escape(WD_ESCAPE_FAILED);
		else if (stop_looks >= STOP_LOOKS)
			escape(WD_ESCAPE_STOP);
		else if (looks_left == 0)
			escape(WD_ESCAPE_STUCK);
	}
	errno = saved_errno;
}

/* What is a fault of the thread itself, and what must work at any time. */
static void
keep_vital_signals(sigset_t *set)
{
	const int vital[] = {SIGSEGV, SIGBUS,  SIGFPE,	SIGILL,
						 SIGTRAP, SIGQUIT, SIGABRT, LOOK_SIGNAL};

	for (size_t i = 0; i < sizeof(vital) / sizeof(vital[0]); i++)
		sigdelset(set, vital[i]);
}

static CreateJavaVm
load_libjvm(void)
{
	void		*library = dlopen(config.libjvm, RTLD_NOW | RTLD_LOCAL);
	void		*symbol = NULL;
	CreateJavaVm create = NULL;

	if (library != NULL)
		symbol = dlsym(library, "JNI_CreateJavaVM");
	if (symbol == NULL)
	{
		char what[WD_FAILURE_TEXT];

		snprintf(what, sizeof(what), "could not load libjvm: %s", dlerror());
		fail(what);
		return NULL;
	}
	memcpy(&create, &symbol, sizeof(create));
	return create;
}

/* PL/Java's options without its hooks, then ours. */
static JavaVMOption *
merge_options(const JavaVMInitArgs *theirs, jint *count)
{
	JavaVMOption *merged =
		calloc((size_t) theirs->nOptions + (size_t) config.option_count +
				   HOOK_OPTIONS,
			   sizeof(*merged));
	jint n = 0;

	if (merged == NULL)
		return NULL;
	merged[n].optionString = "abort";
	merged[n++].extraInfo = (void *) abort_hook;
	merged[n].optionString = "exit";
	merged[n++].extraInfo = (void *) exit_hook;
	merged[n].optionString = "vfprintf";
	merged[n++].extraInfo = (void *) wd_jvm_vfprintf_hook;
	for (jint i = 0; i < theirs->nOptions; i++)
	{
		const JavaVMOption *option = &theirs->options[i];

		if (strcmp(option->optionString, "exit") == 0)
			memcpy(&exit_hook_of_pljava, &option->extraInfo,
				   sizeof(exit_hook_of_pljava));
		if (strcmp(option->optionString, "exit") != 0 &&
			strcmp(option->optionString, "abort") != 0 &&
			strcmp(option->optionString, "vfprintf") != 0)
			merged[n++] = *option;
	}
	for (int i = 0; i < config.option_count; i++)
		merged[n++].optionString = (char *) config.options[i];
	*count = n;
	return merged;
}

jint
wd_pljava_create_vm(JavaVM **vm, void **env, void *args)
{
	JavaVMInitArgs merged = *(const JavaVMInitArgs *) args;
	CreateJavaVm   create = load_libjvm();
	jint		   rc = JNI_ERR;

	merged.options =
		merge_options((const JavaVMInitArgs *) args, &merged.nOptions);
	if (create != NULL && merged.options != NULL)
		rc = create(vm, env, &merged);
	free(merged.options);
	if (rc != JNI_OK)
	{
		char what[64];

		snprintf(what, sizeof(what), "could not create the JVM: JNI error %d",
				 (int) rc);
		fail(what);
		escape(WD_ESCAPE_FAILED);
	}
	created = 1;
	invoke_interface = ***vm;
	invoke_interface.DestroyJavaVM = destroy_nothing;
	**vm = &invoke_interface;
	return rc;
}

/* To be called once, by the main thread, before PL/Java creates its JVM. */
void
wd_pljava_jvm_prepare(const WdPljavaConfig *start_config)
{
	struct sigaction action = {0};
	struct sigevent	 event = {0};

	config = *start_config;
	main_thread = pthread_self();
	action.sa_handler = look;
	action.sa_flags = SA_RESTART;
	/* What PostgreSQL's handlers do can wait until this one is through. */
	sigfillset(&action.sa_mask);
	keep_vital_signals(&action.sa_mask);
	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_notify_thread_id = (int) syscall(SYS_gettid);
	event.sigev_signo = LOOK_SIGNAL;
	if (sigaction(LOOK_SIGNAL, &action, NULL) != 0 ||
		timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		fail("could not create a timer");
}

/*
 * Begins a tick.  Until the JVM is created and has made its I/O thread, all
 * signals but the vital ones are blocked: the new threads inherit that, so
 * that PostgreSQL's signals are taken by PostgreSQL's thread.
 */
void
wd_pljava_jvm_begin(int64_t limit_ms)
{
	looks_left = limit_ms / LOOK_MS;
	stop_looks = 0;
	in_tick = 1;
	set_timer(LOOK_MS);
	if (!created)
	{
		sigset_t set;

		sigfillset(&set);
		keep_vital_signals(&set);
		pthread_sigmask(SIG_BLOCK, &set, NULL);
	}
}

void
wd_pljava_jvm_enter(void)
{
	in_java = 1;
}

void
wd_pljava_jvm_leave(void)
{
	in_java = 0;
}

void
wd_pljava_jvm_end(void)
{
	set_timer(0);
	in_tick = 0;
}

bool
wd_pljava_jvm_failure(WdJavaFailure *out)
{
	if (!has_failed())
		return false;
	*out = failure;
	return true;
}

/*
 * Lets PL/Java do what it does when a JVM has failed, which includes the end
 * of the process by proc_exit(1): it takes back what would call Java then.
 * Returns only if there is nothing to take back.
 */
void
wd_pljava_jvm_unhook(void)
{
	if (exit_hook_of_pljava != NULL && created)
		exit_hook_of_pljava(1);
}
