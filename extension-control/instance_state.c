/*-------------------------------------------------------------------------
 *
 * instance_state.c
 *	  What connection managers are told about this instance.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/xact.h"
#include "datatype/timestamp.h"
#include "replication/walreceiver.h"
#include "storage/spin.h"
#include "utils/pidfile.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "instance_state.h"

/* miscinit.c's name for it; the data directory is the working directory. */
#define POSTMASTER_PID_FILE "postmaster.pid"

/* Returns the start of this line (from 1), or NULL. */
static const char *
find_line(const char *text, int number)
{
	while (--number > 0)
	{
		text = strchr(text, '\n');
		if (text == NULL)
			return NULL;
		text++;
	}
	return text;
}

/*
 * Whether the postmaster is shutting down, by the status line of its file.
 * That is how pg_ctl finds out; no variable tells a background worker before
 * it is asked to end.  A file that cannot be read says nothing: not stopping.
 */
bool
wd_instance_is_stopping(void)
{
	char		text[BLCKSZ];
	const char *line;
	ssize_t		length;
	int			fd;

	fd = open(POSTMASTER_PID_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	line = find_line(text, LOCK_FILE_LINE_PM_STATUS);
	return line != NULL &&
		   strncmp(line, PM_STATUS_STOPPING, strlen(PM_STATUS_STOPPING)) == 0;
}

/* Fills the state flags, timeline and LSN as they are now. */
void
wd_instance_state(WdTickState *state)
{
	TimeLineID timeline = 0;
	bool	   in_recovery = RecoveryInProgress();

	state->state_flags = 0;
	if (in_recovery)
		state->state_flags |= WD_STATE_IN_RECOVERY;
	if (DefaultXactReadOnly)
		state->state_flags |= WD_STATE_READ_ONLY;
	if (wd_instance_is_stopping())
		state->state_flags |= WD_STATE_STOPPING;
	state->lsn = in_recovery ? GetXLogReplayRecPtr(&timeline)
							 : wd_flush_position(&timeline);
	state->timeline = timeline;
}

/*
 * Whom the WAL receiver is connected to; nobody while it is not.  Host and
 * port alone, never the connection string.  A host that is not plain ASCII
 * is not told: it is for people to read.
 */
void
wd_instance_upstream(WdUpstream *upstream)
{
	memset(upstream, 0, sizeof(*upstream));
	if (WalRcv == NULL || !RecoveryInProgress())
		return;
	SpinLockAcquire(&WalRcv->mutex);
	if (WalRcv->pid != 0 && WalRcv->ready_to_display &&
		memchr(WalRcv->sender_host, '\0', sizeof(upstream->host)) != NULL)
	{
		strcpy(upstream->host, WalRcv->sender_host);
		upstream->port = (uint16) WalRcv->sender_port;
	}
	SpinLockRelease(&WalRcv->mutex);
	for (const char *c = upstream->host; *c != '\0'; c++)
	{
		if (*c <= ' ' || *c > '~')
			upstream->host[0] = '\0';
	}
	if (upstream->host[0] == '\0' || upstream->port == 0)
		memset(upstream, 0, sizeof(*upstream));
}

/* Fills what never changes while the postmaster runs. */
void
wd_instance_identity(WdTickStart *start)
{
	start->system_identifier = GetSystemIdentifier();
	start->postmaster_start_us =
		PgStartTime + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
}
