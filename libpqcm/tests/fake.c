/*-------------------------------------------------------------------------
 *
 * fake.c
 *	  Servers of a test's own.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fake.h"

#define MOST_CONNECTIONS 4096
#define MOST_WAITING	 8
#define QUEUE			 100
#define GSSENC_REQUEST	 80877104
#define SSL_REQUEST		 80877103
#define CANCEL_REQUEST	 80877102

struct Fake
{
	FakeKind		kind;
	int				listener;
	int				port;
	pthread_t		acceptor;
	pthread_mutex_t lock;
	int				fds[MOST_CONNECTIONS]; /* -1: closed */
	int				count;
	int				running; /* connections' threads */
	int				asked;
	int				started;
	int				cancelled;
	int				standby;
	char			attrs[32];
	char			heeded[32];
	char			host[300];
	char			hostaddr[300];
	int				target;
	char			bytes[70000];
	size_t			length;
	sem_t			accepting; /* taken while it is silent */
	int				waiting[MOST_WAITING];
	int				waiting_count;
};

typedef struct Connection
{
	Fake *fake;
	int	  number;
	int	  fd;
} Connection;

int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void
pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

static bool
read_all(int fd, void *to, size_t length)
{
	return length == 0 || recv(fd, to, length, MSG_WAITALL) == (ssize_t) length;
}

static void
write_all(int fd, const void *from, size_t length)
{
	while (length > 0)
	{
		ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		from = (const char *) from + sent;
		length -= (size_t) sent;
	}
}

static size_t
put_answer(Fake *fake, char *out)
{
	size_t	 at = 11;
	uint32_t length;
	uint16_t port = htons((uint16_t) fake->target);

	if (fake->kind == FAKE_REFUSE)
	{
		memcpy(out, "e\0\0\0\0\0", 5);
		at = 5 + (size_t) sprintf(out + 5, "08001%cno such instance", 0) + 1;
	}
	else
	{
		memcpy(out, "c\0\0\0\0\0\1\0\0", 9);
		memcpy(out + 9, &port, 2);
		at += (size_t) sprintf(out + at, "%s", fake->host) + 1;
		at += (size_t) sprintf(out + at, "%s", fake->hostaddr) + 1;
		at += (size_t) sprintf(out + at, "primary") + 1;
		if (fake->heeded[0] != '\0')
			at += (size_t) sprintf(out + at, "min_lsn%c%s%c", 0, fake->heeded,
								   0) +
				  1;
	}
	length = htonl((uint32_t) at - 1);
	memcpy(out + 1, &length, 4);
	return at;
}

static void
answer(Fake *fake, int fd)
{
	char   out[700];
	size_t length;

	switch (fake->kind)
	{
		case FAKE_REDIRECT:
		case FAKE_REFUSE:
			length = put_answer(fake, out);
			write_all(fd, out, length);
			break;
		case FAKE_SLOW:
			length = put_answer(fake, out);
			for (size_t i = 0; i < length; i++)
			{
				write_all(fd, out + i, 1);
				pause_ms(50);
			}
			break;
		case FAKE_BYTES:
			write_all(fd, fake->bytes, fake->length);
			break;
		case FAKE_N:
			write_all(fd, "N", 1);
			break;
		case FAKE_G:
			write_all(fd, "G", 1);
			break;
		case FAKE_SILENT:
		case FAKE_CLOSE:
			break;
	}
}

static void
put_parameter(int fd, const char *name, const char *value)
{
	char	 out[200];
	size_t	 names = strlen(name) + 1;
	size_t	 length = 5 + names + strlen(value) + 1;
	uint32_t network = htonl((uint32_t) length - 1);

	out[0] = 'S';
	memcpy(out + 1, &network, 4);
	memcpy(out + 5, name, names);
	strcpy(out + 5 + names, value);
	write_all(fd, out, length);
}

static void
greet(Fake *fake, int fd)
{
	write_all(fd, "R\0\0\0\10\0\0\0\0", 9);
	put_parameter(fd, "server_version", "15.0");
	put_parameter(fd, "client_encoding", "UTF8");
	put_parameter(fd, "standard_conforming_strings", "on");
	put_parameter(fd, "in_hot_standby", fake->standby ? "on" : "off");
	put_parameter(fd, "default_transaction_read_only", "off");
	write_all(fd, "K\0\0\0\14\0\0\0\7\0\0\0\11", 13);
	write_all(fd, "Z\0\0\0\5I", 6);
}

/* Answers "one" with a row, "copy" with CopyIn; is silent on all else. */
static void
serve_queries(int fd)
{
	char	 head[5];
	uint32_t length;
	char	 body[70000];

	while (read_all(fd, head, 5))
	{
		memcpy(&length, head + 1, 4);
		length = ntohl(length) - 4;
		if (length >= sizeof(body) || !read_all(fd, body, length))
			return;
		body[length] = '\0';
		if (head[0] == 'X')
			return;
		if (head[0] != 'Q')
			continue;
		if (strcmp(body, "one") == 0)
		{
			write_all(fd,
					  "T\0\0\0\32\0\1x\0\0\0\0\0\0\0\0\0\0\31\377\377\377"
					  "\377\377\377\0\0",
					  27);
			write_all(fd, "D\0\0\0\13\0\1\0\0\0\0011", 12);
			write_all(fd, "C\0\0\0\15SELECT 1\0", 14);
			write_all(fd, "Z\0\0\0\5I", 6);
		}
		else if (strcmp(body, "copy") == 0)
		{
			write_all(fd, "G\0\0\0\7\0\0\0", 8);
			/* Nothing more is read: the client's writes fill up. */
			pause_ms(20000);
		}
	}
}

static void
serve(Fake *fake, int fd)
{
	char	 head[8];
	char	 body[10000];
	uint32_t length;
	uint32_t code;

	while (fake->kind != FAKE_CLOSE && read_all(fd, head, 8))
	{
		memcpy(&length, head, 4);
		memcpy(&code, head + 4, 4);
		length = ntohl(length) - 8;
		code = ntohl(code);
		if (length >= sizeof(body) || !read_all(fd, body, length))
			return;
		if (code == GSSENC_REQUEST && length > 0)
		{
			pthread_mutex_lock(&fake->lock);
			fake->asked++;
			snprintf(fake->attrs, sizeof(fake->attrs), "%.31s",
					 body + 8 + strlen("target_session_attrs") + 1);
			pthread_mutex_unlock(&fake->lock);
			answer(fake, fd);
			continue;
		}
		if (code == GSSENC_REQUEST || code == SSL_REQUEST)
		{
			write_all(fd, "N", 1);
			continue;
		}
		if (code == CANCEL_REQUEST)
		{
			pthread_mutex_lock(&fake->lock);
			fake->cancelled++;
			pthread_mutex_unlock(&fake->lock);
			return;
		}
		pthread_mutex_lock(&fake->lock);
		fake->started++;
		pthread_mutex_unlock(&fake->lock);
		greet(fake, fd);
		serve_queries(fd);
		return;
	}
}

static void *
run_connection(void *argument)
{
	Connection *connection = argument;
	Fake	   *fake = connection->fake;

	serve(fake, connection->fd);
	pthread_mutex_lock(&fake->lock);
	close(connection->fd);
	fake->fds[connection->number] = -1;
	fake->running--;
	pthread_mutex_unlock(&fake->lock);
	free(connection);
	return NULL;
}

static void *
run_acceptor(void *argument)
{
	Fake *fake = argument;

	for (;;)
	{
		struct pollfd ready = {.fd = fake->listener, .events = POLLIN};
		int			  fd;
		Connection	 *connection;
		pthread_t	  thread;

		poll(&ready, 1, -1);
		sem_wait(&fake->accepting);
		fd = accept4(fake->listener, NULL, NULL, SOCK_CLOEXEC);
		sem_post(&fake->accepting);
		if (fd < 0 && errno == EINVAL)
			return NULL;
		if (fd < 0)
		{
			/* The test has taken the descriptors away. */
			pause_ms(1);
			continue;
		}
		connection = malloc(sizeof(*connection));
		pthread_mutex_lock(&fake->lock);
		*connection = (Connection){fake, fake->count, fd};
		fake->fds[fake->count++] = fd;
		fake->running++;
		pthread_mutex_unlock(&fake->lock);
		pthread_create(&thread, NULL, run_connection, connection);
		pthread_detach(thread);
	}
}

Fake *
fake_start(FakeKind kind)
{
	Fake			  *fake = calloc(1, sizeof(*fake));
	struct sockaddr_in address = {.sin_family = AF_INET,
								  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t		   length = sizeof(address);
	sigset_t		   all;
	sigset_t		   before;

	fake->kind = kind;
	strcpy(fake->hostaddr, "127.0.0.1");
	strcpy(fake->host, "localhost");
	pthread_mutex_init(&fake->lock, NULL);
	sem_init(&fake->accepting, 0, 1);
	fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fake->listener, (struct sockaddr *) &address, length) != 0 ||
		listen(fake->listener, QUEUE) != 0 ||
		getsockname(fake->listener, (struct sockaddr *) &address, &length) != 0)
		abort();
	fake->port = ntohs(address.sin_port);
	/* Signals are the application's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_create(&fake->acceptor, NULL, run_acceptor, fake);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return fake;
}

/* Whether its queue has taken one more. */
static bool
queue_takes(Fake *fake)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
								  .sin_port = htons((uint16_t) fake->port),
								  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd connected = {.fd = fd, .events = POLLOUT};

	connect(fd, (struct sockaddr *) &address, sizeof(address));
	if (poll(&connected, 1, 100) != 1)
	{
		close(fd);
		return false;
	}
	if (fake->waiting_count == MOST_WAITING)
		abort();
	fake->waiting[fake->waiting_count++] = fd;
	return true;
}

/* The kernel drops the SYN for which its queue has no room. */
void
fake_fall_silent(Fake *fake)
{
	sem_wait(&fake->accepting);
	if (listen(fake->listener, 0) != 0)
		abort();
	while (queue_takes(fake))
		;
}

void
fake_answer_again(Fake *fake)
{
	while (fake->waiting_count > 0)
		close(fake->waiting[--fake->waiting_count]);
	if (listen(fake->listener, QUEUE) != 0)
		abort();
	sem_post(&fake->accepting);
}

void
fake_drop(Fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	for (int i = 0; i < fake->count; i++)
		if (fake->fds[i] >= 0)
			shutdown(fake->fds[i], SHUT_RDWR);
	pthread_mutex_unlock(&fake->lock);
}

static int
locked(const Fake *fake, const int *value)
{
	Fake *shared = (Fake *) fake;
	int	  result;

	pthread_mutex_lock(&shared->lock);
	result = *value;
	pthread_mutex_unlock(&shared->lock);
	return result;
}

void
fake_stop(Fake *fake)
{
	shutdown(fake->listener, SHUT_RDWR);
	pthread_join(fake->acceptor, NULL);
	close(fake->listener);
	fake_drop(fake);
	while (locked(fake, &fake->running) > 0)
		pause_ms(1);
	free(fake);
}

void
fake_notify(Fake *fake)
{
	pthread_mutex_lock(&fake->lock);
	for (int i = 0; i < fake->count; i++)
		if (fake->fds[i] >= 0)
			write_all(fake->fds[i], "d\0\0\0\13\0\0gone\0", 12);
	pthread_mutex_unlock(&fake->lock);
}

void
fake_send_to(Fake *fake, const char *host, const char *hostaddr, int port)
{
	snprintf(fake->host, sizeof(fake->host), "%s", host);
	snprintf(fake->hostaddr, sizeof(fake->hostaddr), "%s", hostaddr);
	fake->target = port;
}

void
fake_say(Fake *fake, const void *bytes, size_t length)
{
	memcpy(fake->bytes, bytes, length);
	fake->length = length;
}

void
fake_set_standby(Fake *fake, int standby)
{
	fake->standby = standby;
}

int
fake_port(const Fake *fake)
{
	return fake->port;
}

int
fake_accepted(const Fake *fake)
{
	return locked(fake, &fake->count);
}

int
fake_asked(const Fake *fake)
{
	return locked(fake, &fake->asked);
}

int
fake_started(const Fake *fake)
{
	return locked(fake, &fake->started);
}

int
fake_cancelled(const Fake *fake)
{
	return locked(fake, &fake->cancelled);
}

int
fake_open(const Fake *fake)
{
	return locked(fake, &fake->running);
}

void
fake_heed(Fake *fake, const char *lsn)
{
	snprintf(fake->heeded, sizeof(fake->heeded), "%s", lsn);
}

const char *
fake_last_attrs(const Fake *fake)
{
	return fake->attrs;
}
