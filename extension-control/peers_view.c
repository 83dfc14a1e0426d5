/*-------------------------------------------------------------------------
 *
 * peers_view.c
 *	  The function behind the view pgx_stat_watchdog.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inet.h"

#include "compat.h"
#include "sessions.h"
#include "shmem.h"
#include "tick.h"

#define VIEW_COLUMNS 4

PG_FUNCTION_INFO_V1(pgx_stat_watchdog_peers);

/* A copy of the rows that are connected; *count tells how many. */
static WdPeerRow *
copy_connected(uint32 *count)
{
	WdPeerRow *peers;
	uint32	   found = 0;

	LWLockAcquire(wd_shared->lock, LW_SHARED);
	peers = palloc_extended(sizeof(WdPeerRow) * Max(wd_shared->row_count, 1),
							MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < wd_shared->row_count; i++)
	{
		const uint8 *row = wd_shared_rows() + (Size) i * WD_PEER_ROW_BYTES;

		if (wd_peer_row_has_flag(row, WD_PEER_CONNECTED) &&
			wd_peer_row_decode(row, &peers[found]))
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

static HeapTuple
form_row(const WdPeerRow *peer, TupleDesc descriptor)
{
	Datum values[VIEW_COLUMNS];
	bool  nulls[VIEW_COLUMNS] = {false};
	char  text[WD_ADDRESS_TEXT];

	/* As pg_stat_replication does */
	nulls[0] = nulls[1] =
		!has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
	wd_address_text(&peer->address, text);
	values[0] = DirectFunctionCall1(inet_in, CStringGetDatum(text));
	values[1] = Int32GetDatum(peer->port);
	values[2] = Int32GetDatum(seconds_rounded_up(peer->interval_ms));
	values[3] = Int32GetDatum(seconds_rounded_up(peer->timeout_ms));
	return heap_form_tuple(descriptor, values, nulls);
}

static void
begin_rows(FunctionCallInfo fcinfo)
{
	FuncCallContext *context = SRF_FIRSTCALL_INIT();
	MemoryContext old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
	TupleDesc	  descriptor;
	uint32		  count;

	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE ||
		descriptor->natts != VIEW_COLUMNS)
		elog(ERROR, "return type must be a row type with %d columns",
			 VIEW_COLUMNS);
	context->tuple_desc = BlessTupleDesc(descriptor);
	context->user_fctx = copy_connected(&count);
	context->max_calls = count;
	MemoryContextSwitchTo(old);
}

Datum
pgx_stat_watchdog_peers(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;

	if (wd_shared == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("watchdog is not running"),
				 errdetail(
					 "The library \"watchdog\" was not loaded when the server started."),
				 errhint(
					 "Add \"watchdog\" to shared_preload_libraries and restart the server.")));
	if (SRF_IS_FIRSTCALL())
		begin_rows(fcinfo);
	context = SRF_PERCALL_SETUP();
	if (context->call_cntr < context->max_calls)
	{
		const WdPeerRow *peers = context->user_fctx;
		HeapTuple		 row =
			form_row(&peers[context->call_cntr], context->tuple_desc);

		SRF_RETURN_NEXT(context, HeapTupleGetDatum(row));
	}
	SRF_RETURN_DONE(context);
}
