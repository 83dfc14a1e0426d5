/*-------------------------------------------------------------------------
 *
 * watcher.c
 *	  The thread that waits for conmgr's notices.
 *
 * A program may close descriptors that are not its own (daemons close all of
 * them), and may get the same numbers again for files of its own.  So every
 * descriptor of ours is kept with the inode of its socket and compared before
 * it is used; the epoll instance, which has no inode of its own, is known by
 * a pipe that is registered in it.
 *
 * In the child of a fork() there is no thread, and the epoll instance is the
 * parent's; the next connection makes new ones and takes over the connections
 * that came along.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watcher.h"

/* Not below: programs expect to get 0 to 2 when they open those anew. */
#define LOWEST_FD 3

/* How often the thread looks whether its epoll instance is still the one. */
#define RENEWAL_MS 60000

#define STACK_BYTES 131072

/* No slot has this number: the pipe's events mean nothing. */
#define PIPE_ID UINT64_MAX

/* All under cm_lock. */
static int		epoll_fd = -1;
static int		pipe_fds[2] = {-1, -1};
static ino_t	pipe_ino;
static pid_t	owner; /* the process that epoll_fd and the thread are of */
static uint32_t generation; /* of epoll_fd */

/* 0 if it is not a socket or pipe. */
static ino_t
inode_of(int fd)
{
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0 ||
		(!S_ISSOCK(status.st_mode) && !S_ISFIFO(status.st_mode)))
		return 0;
	return status.st_ino;
}

static bool
is_ours(int fd, ino_t ino)
{
	return fd >= 0 && inode_of(fd) == ino;
}

static void
close_if_ours(int fd, ino_t ino)
{
	if (is_ours(fd, ino))
		close(fd);
}

static uint64_t
id_of(const CmHandle *handle)
{
	return (uint64_t) cm_handle_slot(handle) << 32 | handle->generation;
}

static bool
is_watched(const CmHandle *handle)
{
	return handle->watch.conmgr_fd >= 0;
}

bool
cm_notice_at(const CmWatch *watch)
{
	char byte;

	if (!is_ours(watch->conmgr_fd, watch->conmgr_ino))
		return false;
	return recv(watch->conmgr_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 ||
		   (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool
cm_watch_peer(const CmWatch *watch, struct sockaddr_storage *address,
			  socklen_t *length)
{
	return is_ours(watch->sql_fd, watch->sql_ino) &&
		   getpeername(watch->sql_fd, (struct sockaddr *) address, length) ==
			   0 &&
		   address->ss_family != AF_UNIX;
}

static void
cut(const CmWatch *watch)
{
	if (is_ours(watch->sql_fd, watch->sql_ino))
		shutdown(watch->sql_fd, SHUT_RDWR);
}

/* Under the lock; the epoll instance is known to be ours. */
static bool
enlist(int epoll, const CmHandle *handle)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = id_of(handle)};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, handle->watch.conmgr_fd, &event) ==
			   0 ||
		   errno == EEXIST;
}

/* Nobody but us has the pipe registered, so ours says that it is. */
static bool
epoll_is_ours(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = PIPE_ID};

	if (owner != getpid() || epoll_fd < 0 || !is_ours(pipe_fds[0], pipe_ino))
		return false;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, pipe_fds[0], &event) == 0)
	{
		epoll_ctl(epoll_fd, EPOLL_CTL_DEL, pipe_fds[0], NULL);
		return false;
	}
	return errno == EEXIST;
}

static void
on_event(uint64_t id)
{
	CmHandle *handle = cm_handle_at((uint32_t) (id >> 32));

	cm_lock();
	if ((id >> 32) < cm_handle_count() && is_watched(handle) &&
		handle->generation == (uint32_t) id &&
		is_ours(handle->watch.conmgr_fd, handle->watch.conmgr_ino))
	{
		cut(&handle->watch);
		/* It stays readable, for PQcmSocket(). */
		if (epoll_is_ours())
			epoll_ctl(epoll_fd, EPOLL_CTL_DEL, handle->watch.conmgr_fd, NULL);
	}
	cm_unlock();
}

static void *
watch(void *argument)
{
	uint32_t mine = (uint32_t) (uintptr_t) argument;

	for (;;)
	{
		struct epoll_event event;
		bool			   current;
		int				   epoll;
		int				   count;

		cm_lock();
		current = generation == mine && epoll_is_ours();
		epoll = epoll_fd;
		cm_unlock();
		if (!current)
			return NULL;
		count = epoll_wait(epoll, &event, 1, RENEWAL_MS);
		if (count == 1)
			on_event(event.data.u64);
		else if (count < 0 && errno != EINTR)
			return NULL;
	}
}

static bool
start_thread(void)
{
	pthread_attr_t attributes;
	pthread_t	   thread;
	sigset_t	   all;
	sigset_t	   before;
	int			   error;
	void		  *argument = (void *) (uintptr_t) generation;

	/* The thread inherits this mask: no signal is ever delivered to it. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	error = pthread_create(&thread, &attributes, watch, argument);
	if (error == EINVAL)
	{
		/* A program with much thread-local data needs a larger stack. */
		pthread_attr_destroy(&attributes);
		pthread_attr_init(&attributes);
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
		error = pthread_create(&thread, &attributes, watch, argument);
	}
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_setname_np(thread, "libpqcm");
	errno = error;
	return error == 0;
}

/* A child drops the parent's; elsewhere only what is surely ours is closed. */
static void
forget_epoll(void)
{
	if (is_ours(pipe_fds[0], pipe_ino))
	{
		close(pipe_fds[0]);
		close_if_ours(pipe_fds[1], pipe_ino);
		if (owner != getpid())
			close(epoll_fd);
	}
	epoll_fd = pipe_fds[0] = pipe_fds[1] = -1;
}

static int
high(int fd)
{
	int moved;

	if (fd < 0 || fd >= LOWEST_FD)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);
	close(fd);
	return moved;
}

static bool
make_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = PIPE_ID};
	int				   error;

	forget_epoll();
	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
	{
		pipe_fds[0] = pipe_fds[1] = -1;
		return false;
	}
	pipe_fds[0] = high(pipe_fds[0]);
	pipe_fds[1] = high(pipe_fds[1]);
	pipe_ino = inode_of(pipe_fds[0]);
	epoll_fd = high(epoll_create1(EPOLL_CLOEXEC));
	owner = getpid();
	generation++;
	if (epoll_fd >= 0 && pipe_ino != 0 &&
		epoll_ctl(epoll_fd, EPOLL_CTL_ADD, pipe_fds[0], &event) == 0 &&
		start_thread())
		return true;
	error = errno;
	if (epoll_fd >= 0)
		close(epoll_fd);
	epoll_fd = -1;
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	pipe_fds[0] = pipe_fds[1] = -1;
	errno = error;
	return false;
}

/* Under the lock. */
static bool
ensure_watcher(void)
{
	if (epoll_is_ours())
		return true;
	if (!make_epoll())
		return false;
	for (uint32_t slot = 0; slot < cm_handle_count(); slot++)
	{
		CmHandle *handle = cm_handle_at(slot);

		if (is_watched(handle) &&
			is_ours(handle->watch.conmgr_fd, handle->watch.conmgr_ino))
			enlist(epoll_fd, handle);
	}
	return true;
}

bool
cm_watch_start(CmHandle *handle, int conmgr_fd)
{
	bool ok;

	cm_lock();
	handle->watch.conmgr_fd = conmgr_fd;
	handle->watch.conmgr_ino = inode_of(conmgr_fd);
	ok = ensure_watcher() && enlist(epoll_fd, handle);
	if (!ok)
		handle->watch.conmgr_fd = -1;
	cm_unlock();
	return ok;
}

bool
cm_watch_sql(CmHandle *handle, int sql_fd)
{
	CmWatch *watch = &handle->watch;
	ino_t	 ino;
	int		 fd;

	if (watch->conmgr_fd < 0 || sql_fd < 0)
		return true;
	ino = inode_of(sql_fd);
	if (ino == watch->sql_ino && watch->sql_fd >= 0)
		return true;
	fd = fcntl(sql_fd, F_DUPFD_CLOEXEC, LOWEST_FD);
	if (fd < 0)
		return false;
	cm_lock();
	close_if_ours(watch->sql_fd, watch->sql_ino);
	watch->sql_fd = fd;
	watch->sql_ino = ino;
	/* The watcher has cut the socket before this one. */
	if (cm_notice_at(watch))
		cut(watch);
	cm_unlock();
	return true;
}

bool
cm_watch_look(CmHandle *handle)
{
	bool there;

	if (handle->watch.conmgr_fd < 0)
		return false;
	there = cm_notice_at(&handle->watch);
	if (there)
		cut(&handle->watch);
	return there;
}

void
cm_watch_stop(CmHandle *handle)
{
	CmWatch *watch = &handle->watch;

	if (watch->conmgr_fd < 0)
		return;
	cm_lock();
	if (epoll_is_ours() && is_ours(watch->conmgr_fd, watch->conmgr_ino))
		epoll_ctl(epoll_fd, EPOLL_CTL_DEL, watch->conmgr_fd, NULL);
	close_if_ours(watch->conmgr_fd, watch->conmgr_ino);
	close_if_ours(watch->sql_fd, watch->sql_ino);
	watch->conmgr_fd = watch->sql_fd = -1;
	cm_unlock();
}
