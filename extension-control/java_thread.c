/*-------------------------------------------------------------------------
 *
 * java_thread.c
 *	  The JVM on a thread of its own (docs/adr/0003).
 *
 * One thread creates the JVM and then only calls WatchdogHost.tick.  The
 * worker's main thread hands it a request and finds out about the answer
 * through the wake pipe, so a stuck or crashed JVM never holds up a signal.
 *
 * The JVM is given hooks for its abort and exit: they note the failure, wake
 * the main thread and then sleep for ever, so that it is PostgreSQL's own
 * proc_exit(1) that ends the process.  A JVM that ended the process itself
 * would make the postmaster crash-restart the instance.
 *
 * State machine, under "lock":
 *
 *	STARTING -> IDLE -> BUSY -> ANSWERED -> IDLE ...
 *	any -> FAILED, where it stays
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
#include <unistd.h>

#include "java_thread.h"
#include "jvm_print.h"

#define HOST_CLASS	 "io/github/pgconmgr/watchdog/WatchdogHost"
#define STACK_BYTES	 (2 * 1024 * 1024)
#define LOCAL_FRAME	 16
#define HOOK_OPTIONS 3

typedef jint (*CreateJavaVm)(JavaVM **vm, void **env, void *args);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  request_ready = PTHREAD_COND_INITIALIZER;

/* Guarded by lock */
static WdJavaStatus	  status = WD_JAVA_STARTING;
static const uint8_t *request;
static size_t		  request_length;
static uint8_t		 *answer;
static size_t		  answer_length;
static WdJavaFailure  failure;

/* Set before the thread starts, then constant */
static WdJavaConfig config;
static pthread_t	main_thread;

/* The thread's own: java.lang.OutOfMemoryError */
static jclass out_of_memory;

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

/* The first failure stands: later ones are mostly its consequences. */
static void
fail(const char *what)
{
	pthread_mutex_lock(&lock);
	if (status != WD_JAVA_FAILED)
	{
		snprintf(failure.what, sizeof(failure.what), "%s", what);
		wd_jvm_printed(failure.detail);
		failure.starting = status == WD_JAVA_STARTING;
		status = WD_JAVA_FAILED;
	}
	pthread_mutex_unlock(&lock);
	wake_main();
}

/* Keeps a failed JVM's thread away from everything until the process ends. */
static void
sleep_for_ever(void)
{
	for (;;)
		pause();
}

/*
 * On PostgreSQL's own thread the hooks return: a crash there is a genuine
 * crash of PostgreSQL and must stay one.
 */
static void
abort_hook(void)
{
	if (pthread_equal(pthread_self(), main_thread))
		return;
	fail("the JVM aborted");
	sleep_for_ever();
}

static void
exit_hook(jint code)
{
	char what[64];

	if (pthread_equal(pthread_self(), main_thread))
		return;
	snprintf(what, sizeof(what), "Java code or the JVM called exit(%d)",
			 (int) code);
	fail(what);
	sleep_for_ever();
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

static JNIEnv *
create_vm(CreateJavaVm create)
{
	JavaVMInitArgs args = {0};
	JavaVMOption  *options;
	JavaVM		  *vm;
	void		  *env = NULL;
	jint		   rc;

	options =
		calloc((size_t) config.option_count + HOOK_OPTIONS, sizeof(*options));
	if (options == NULL)
	{
		fail("out of memory before the start of the JVM");
		return NULL;
	}
	options[0].optionString = "abort";
	options[0].extraInfo = (void *) abort_hook;
	options[1].optionString = "exit";
	options[1].extraInfo = (void *) exit_hook;
	options[2].optionString = "vfprintf";
	options[2].extraInfo = (void *) wd_jvm_vfprintf_hook;
	for (int i = 0; i < config.option_count; i++)
		options[HOOK_OPTIONS + i].optionString = (char *) config.options[i];
	args.version = JNI_VERSION_1_8;
	args.nOptions = config.option_count + HOOK_OPTIONS;
	args.options = options;
	rc = create(&vm, &env, &args);
	free(options);
	if (rc != JNI_OK)
	{
		char what[64];

		snprintf(what, sizeof(what), "could not create the JVM: JNI error %d",
				 (int) rc);
		fail(what);
		return NULL;
	}
	return env;
}

/* What can be said of it without a word from Java. */
static const char *
known_exception(JNIEnv *env, jthrowable thrown)
{
	if (thrown != NULL && out_of_memory != NULL &&
		(*env)->IsInstanceOf(env, thrown, out_of_memory))
		return "java.lang.OutOfMemoryError";
	return "an exception that could not be described";
}

/*
 * Puts the pending exception's toString() into the failure.  That throws again
 * when memory is what is missing.
 */
static void
fail_by_exception(JNIEnv *env, const char *where)
{
	char		what[WD_FAILURE_TEXT];
	jthrowable	thrown = (*env)->ExceptionOccurred(env);
	const char *text = NULL;
	jstring		string = NULL;

	(*env)->ExceptionClear(env);
	if (thrown != NULL)
	{
		jclass class = (*env)->GetObjectClass(env, thrown);
		jmethodID method =
			(*env)->GetMethodID(env, class, "toString", "()Ljava/lang/String;");

		if (method != NULL)
			string = (*env)->CallObjectMethod(env, thrown, method);
		if (!(*env)->ExceptionCheck(env) && string != NULL)
			text = (*env)->GetStringUTFChars(env, string, NULL);
		(*env)->ExceptionClear(env);
	}
	snprintf(what, sizeof(what), "%s: %.900s", where,
			 text != NULL ? text : known_exception(env, thrown));
	fail(what);
}

/* NULL: it is not there, or there is no memory for it. */
static jclass
find_class(JNIEnv *env, const char *name)
{
	jclass found = (*env)->FindClass(env, name);

	return found != NULL ? (*env)->NewGlobalRef(env, found) : NULL;
}

static bool
find_tick(JNIEnv *env, jclass *class, jmethodID *method)
{
	*method = NULL;
	out_of_memory = find_class(env, "java/lang/OutOfMemoryError");
	*class = out_of_memory != NULL ? find_class(env, HOST_CLASS) : NULL;
	if (*class != NULL)
		*method = (*env)->GetStaticMethodID(env, *class, "tick", "([B)[B");
	if (*class == NULL || *method == NULL)
	{
		fail_by_exception(env, "could not find " HOST_CLASS ".tick");
		return false;
	}
	return true;
}

/* Copies the result of tick out of Java; false and a failure if there is none. */
static bool
store_answer(JNIEnv *env, jbyteArray result)
{
	jsize	 length;
	uint8_t *bytes;

	if (result == NULL)
	{
		fail("tick returned null");
		return false;
	}
	length = (*env)->GetArrayLength(env, result);
	if ((size_t) length > config.max_answer)
	{
		fail("tick returned more bytes than a valid answer can have");
		return false;
	}
	bytes = malloc((size_t) length + 1);
	if (bytes == NULL)
	{
		fail("out of memory for the answer of tick");
		return false;
	}
	(*env)->GetByteArrayRegion(env, result, 0, length, (jbyte *) bytes);
	answer = bytes;
	answer_length = (size_t) length;
	return true;
}

static bool
tick(JNIEnv *env, jclass class, jmethodID method)
{
	jbyteArray in;
	jbyteArray out = NULL;
	bool	   stored;

	if ((*env)->PushLocalFrame(env, LOCAL_FRAME) != 0)
	{
		fail_by_exception(env, "could not call tick");
		return false;
	}
	in = (*env)->NewByteArray(env, (jsize) request_length);
	if (in != NULL)
	{
		(*env)->SetByteArrayRegion(env, in, 0, (jsize) request_length,
								   (const jbyte *) request);
		out = (*env)->CallStaticObjectMethod(env, class, method, in);
	}
	if ((*env)->ExceptionCheck(env))
	{
		fail_by_exception(env, "exception in tick");
		return false;
	}
	stored = store_answer(env, out);
	(*env)->PopLocalFrame(env, NULL);
	return stored;
}

static void
set_status(WdJavaStatus next)
{
	pthread_mutex_lock(&lock);
	if (status != WD_JAVA_FAILED)
		status = next;
	pthread_mutex_unlock(&lock);
	wake_main();
}

static void
await_request(void)
{
	pthread_mutex_lock(&lock);
	while (status != WD_JAVA_BUSY)
		pthread_cond_wait(&request_ready, &lock);
	pthread_mutex_unlock(&lock);
}

static void *
thread_main(void *unused)
{
	CreateJavaVm create = load_libjvm();
	JNIEnv		*env = create != NULL ? create_vm(create) : NULL;
	jclass class;
	jmethodID method;

	(void) unused;
	if (env == NULL || !find_tick(env, &class, &method))
		sleep_for_ever();
	set_status(WD_JAVA_IDLE);
	for (;;)
	{
		await_request();
		if (!tick(env, class, method))
			sleep_for_ever();
		set_status(WD_JAVA_ANSWERED);
	}
	return NULL;
}

/*
 * Starts the thread with all signals blocked, so that every signal of this
 * process is taken by PostgreSQL's main thread.  Returns 0 or an errno.
 */
int
wd_java_thread_start(const WdJavaConfig *start_config)
{
	pthread_attr_t attributes;
	pthread_t	   thread;
	sigset_t	   all;
	sigset_t	   before;
	int			   rc;

	config = *start_config;
	main_thread = pthread_self();
	rc = pthread_attr_init(&attributes);
	if (rc != 0)
		return rc;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, &attributes, thread_main, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return rc;
}

WdJavaStatus
wd_java_thread_status(void)
{
	WdJavaStatus now;

	pthread_mutex_lock(&lock);
	now = status;
	pthread_mutex_unlock(&lock);
	return now;
}

/*
 * Hands over a request; only while IDLE.  The bytes must stay until the
 * answer or the failure.
 */
void
wd_java_thread_submit(const uint8_t *bytes, size_t length)
{
	pthread_mutex_lock(&lock);
	if (status == WD_JAVA_IDLE)
	{
		request = bytes;
		request_length = length;
		status = WD_JAVA_BUSY;
		pthread_cond_signal(&request_ready);
	}
	pthread_mutex_unlock(&lock);
}

/* The answer, while ANSWERED; valid until wd_java_thread_release_answer(). */
const uint8_t *
wd_java_thread_answer(size_t *length)
{
	*length = answer_length;
	return answer;
}

void
wd_java_thread_release_answer(void)
{
	free(answer);
	answer = NULL;
	pthread_mutex_lock(&lock);
	if (status == WD_JAVA_ANSWERED)
		status = WD_JAVA_IDLE;
	pthread_mutex_unlock(&lock);
}

void
wd_java_thread_failure(WdJavaFailure *out)
{
	pthread_mutex_lock(&lock);
	*out = failure;
	pthread_mutex_unlock(&lock);
}
