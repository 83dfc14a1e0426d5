/*-------------------------------------------------------------------------
 *
 * secret.c
 *	  Reads the secret that this instance shares with its connection managers.
 *
 * C reads it because PL/Java's policy may forbid Java to.  Nothing of the
 * content may get into a message.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/fd.h"

#include "guc.h"
#include "secret.h"

/*
 * As PostgreSQL asks of its TLS key: owned by the server's user and nobody
 * else's business, or owned by root and readable by a group.
 */
static void
check_access(int fd)
{
	struct stat info;
	mode_t		forbidden = S_IRWXG | S_IRWXO;

	if (fstat(fd, &info) != 0)
		ereport(FATAL, (errcode_for_file_access(),
						errmsg("could not stat watchdog.secret_file \"%s\": %m",
							   wd_secret_file)));
	if (!S_ISREG(info.st_mode))
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("watchdog.secret_file \"%s\" is not a regular file",
						wd_secret_file),
				 errhint(
					 "Set watchdog.secret_file to a file, or leave it empty.")));
	if (info.st_uid != geteuid() && info.st_uid != 0)
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("watchdog.secret_file \"%s\" must be owned by the server's user or root",
						wd_secret_file),
				 errhint("Who owns the file can change the secret.")));
	if (info.st_uid == 0 && geteuid() != 0)
		forbidden = S_IWGRP | S_IXGRP | S_IRWXO;
	if (info.st_mode & forbidden)
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("watchdog.secret_file \"%s\" has group or world access",
						wd_secret_file),
				 errhint(
					 "Permissions should be u=rw (0600) or less if the file is owned by the server's user, u=rw,g=r (0640) or less if it is owned by root.")));
}

/* Returns the number of bytes read, at most the size. */
static size_t
read_all(int fd, uint8 *bytes, size_t size)
{
	size_t have = 0;

	while (have < size)
	{
		ssize_t got = read(fd, bytes + have, size - have);

		if (got == 0)
			break;
		if (got > 0)
			have += (size_t) got;
		else if (errno != EINTR)
			ereport(FATAL,
					(errcode_for_file_access(),
					 errmsg("could not read watchdog.secret_file \"%s\": %m",
							wd_secret_file)));
	}
	return have;
}

/*
 * Reads watchdog.secret_file; without one the length is 0, and a warning says
 * what that means where others than this host can connect.  A file that cannot be used ends the worker: it must
 * not listen without what its administrator wanted.  The postmaster starts
 * it again, so it heals as soon as the file does.
 */
void
wd_secret_read(WdSecret *secret, bool reachable)
{
	uint8  bytes[WD_MAX_SECRET_BYTES + 2];
	size_t length;
	int	   fd;

	secret->length = 0;
	if (wd_secret_file[0] == '\0')
	{
		if (reachable)
			ereport(WARNING,
					(errmsg("watchdog.secret_file is not set"),
					 errdetail(
						 "Everybody who can connect to watchdog.port is taken for a connection manager."),
					 errhint(
						 "Set watchdog.secret_file here and watchdog_secret_file in conmgr.conf, or let only the application hosts reach the port; see docs/security.md.")));
		return;
	}
	/* Opening a pipe must not block. */
	fd = OpenTransientFile(wd_secret_file, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (fd < 0)
		ereport(FATAL,
				(errcode_for_file_access(),
				 errmsg("could not open watchdog.secret_file \"%s\": %m",
						wd_secret_file),
				 errhint(
					 "It must be a file that the server's user can read; a relative path starts at the data directory.")));
	check_access(fd);
	length = read_all(fd, bytes, sizeof(bytes));
	CloseTransientFile(fd);
	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	if (length < WD_MIN_SECRET_BYTES || length > WD_MAX_SECRET_BYTES)
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("watchdog.secret_file \"%s\" must hold a secret of %d to %d bytes",
						wd_secret_file, WD_MIN_SECRET_BYTES,
						WD_MAX_SECRET_BYTES),
				 errhint(
					 "For a good one run, for example: openssl rand -base64 32 > secret")));
	memcpy(secret->bytes, bytes, length);
	secret->length = (uint16) length;
	explicit_bzero(bytes, sizeof(bytes));
}
