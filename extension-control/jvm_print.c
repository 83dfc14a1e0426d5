/*-------------------------------------------------------------------------
 *
 * jvm_print.c
 *	  What the JVM prints: to the server's log, and kept for the failure.
 *
 *-------------------------------------------------------------------------
 */
#include <pthread.h>
#include <string.h>

#include "jvm_print.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock */
static char	  printed[WD_FAILURE_TEXT];
static size_t printed_length;

/* What the JVM prints goes to the server's standard error, and is kept. */
int
wd_jvm_vfprintf_hook(FILE *stream, const char *format, va_list args)
{
	char text[WD_FAILURE_TEXT];
	int	 length = vsnprintf(text, sizeof(text), format, args);

	(void) stream;
	if (length <= 0)
		return length;
	if (length >= (int) sizeof(text))
		length = (int) sizeof(text) - 1;
	fputs(text, stderr);
	if (pthread_mutex_trylock(&lock) == 0)
	{
		size_t room = sizeof(printed) - 1 - printed_length;
		size_t kept = (size_t) length < room ? (size_t) length : room;

		memcpy(printed + printed_length, text, kept);
		printed_length += kept;
		printed[printed_length] = '\0';
		pthread_mutex_unlock(&lock);
	}
	return length;
}

/* Copies what the JVM printed first; nothing while another thread prints. */
void
wd_jvm_printed(char text[WD_FAILURE_TEXT])
{
	text[0] = '\0';
	if (pthread_mutex_trylock(&lock) != 0)
		return;
	memcpy(text, printed, printed_length + 1);
	pthread_mutex_unlock(&lock);
}
