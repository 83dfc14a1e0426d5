/*-------------------------------------------------------------------------
 *
 * peers_view.c
 *	  The function behind the view pgx_stat_watchdog.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "sessions.h"
#include "shmem.h"
#include "tick.h"
#include "view.h"

#define DOCUMENTED_COLUMNS 4
#define COLUMNS			   12

#define UNIX_TO_POSTGRES_US \
	((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

PG_FUNCTION_INFO_V1(pgx_stat_watchdog_peers);

/* The rows that are connected, and the sessions beside them. */
typedef struct Peers
{
	WdSessionList sessions;
	WdPeerRow	 *rows;
} Peers;

static void *
copy_connected(uint32 *count)
{
	Peers *peers = palloc0(sizeof(Peers));
	uint32 found = 0;

	peers->sessions = wd_sessions_of_snapshot();
	LWLockAcquire(wd_shared->lock, LW_SHARED);
	peers->rows =
		palloc_extended(sizeof(WdPeerRow) * Max(wd_shared->row_count, 1),
						MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < wd_shared->row_count; i++)
	{
		const uint8 *row = wd_shared_rows() + (Size) i * WD_PEER_ROW_BYTES;

		if (wd_peer_row_has_flag(row, WD_PEER_CONNECTED) &&
			wd_peer_row_decode(row, &peers->rows[found]))
			found++;
	}
	LWLockRelease(wd_shared->lock);
	*count = found;
	return peers;
}

static int32
seconds_rounded_up(uint32 ms)
{
	return (int32) (ms / 1000 + (ms % 1000 != 0));
}

static int32
count_sessions(const Peers *peers, const WdAddress *address)
{
	int32 count = 0;

	for (uint32 i = 0; i < peers->sessions.count; i++)
	{
		if (wd_address_equal(&peers->sessions.sessions[i].address, address))
			count++;
	}
	return count;
}

static void
form_row(const void *copied, uint32 row, Datum *values, bool *nulls)
{
	const Peers		*peers = copied;
	const WdPeerRow *peer = &peers->rows[row];

	values[2] = Int32GetDatum(seconds_rounded_up(peer->interval_ms));
	values[3] = Int32GetDatum(seconds_rounded_up(peer->timeout_ms));
	values[4] = Int32GetDatum((int32) peer->interval_ms);
	values[5] = Int32GetDatum((int32) peer->timeout_ms);
	values[6] = TimestampTzGetDatum(peer->connected_us - UNIX_TO_POSTGRES_US);
	values[7] = TimestampTzGetDatum(peer->last_frame_us - UNIX_TO_POSTGRES_US);
	nulls[8] = peer->round_trip_us == WD_NO_ROUND_TRIP;
	values[8] = Float8GetDatum(peer->round_trip_us / 1000.0);
	if (!wd_may_see_who())
	{
		/* Whoever knows a conmgr's id could take its place. */
		nulls[0] = nulls[1] = nulls[9] = nulls[10] = nulls[11] = true;
		return;
	}
	values[0] = wd_inet_datum(&peer->address);
	values[1] = Int32GetDatum(peer->port);
	values[9] = wd_conmgr_id_datum(peer->conmgr_id);
	nulls[10] = peer->version[0] == '\0';
	values[10] = CStringGetTextDatum(peer->version);
	values[11] = Int32GetDatum(count_sessions(peers, &peer->address));
}

Datum
pgx_stat_watchdog_peers(PG_FUNCTION_ARGS)
{
	static const WdView view = {DOCUMENTED_COLUMNS, COLUMNS, copy_connected,
								form_row};

	return wd_view_rows(fcinfo, &view);
}
