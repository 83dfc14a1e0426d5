/*-------------------------------------------------------------------------
 *
 * view.c
 *	  What the functions behind our views share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "funcapi.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inet.h"

#include "compat.h"
#include "sessions.h"
#include "shmem.h"
#include "view.h"

static void
begin_rows(FunctionCallInfo fcinfo, const WdView *view)
{
	FuncCallContext *context;
	MemoryContext	 old;
	TupleDesc		 descriptor;
	uint32			 count;

	if (wd_shared == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("watchdog is not running"),
				 errdetail(
					 "The library \"watchdog\" was not loaded when the server started."),
				 errhint(
					 "Add \"watchdog\" to shared_preload_libraries and restart the server.")));
	context = SRF_FIRSTCALL_INIT();
	old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
	if (get_call_result_type(fcinfo, NULL, &descriptor) != TYPEFUNC_COMPOSITE ||
		descriptor->natts < view->oldest_columns ||
		descriptor->natts > view->columns)
		elog(ERROR, "return type must be a row type with %d to %d columns",
			 view->oldest_columns, view->columns);
	context->tuple_desc = BlessTupleDesc(descriptor);
	context->user_fctx = view->copy(&count);
	context->max_calls = count;
	MemoryContextSwitchTo(old);
}

/* The whole of a set-returning function. */
Datum
wd_view_rows(FunctionCallInfo fcinfo, const WdView *view)
{
	FuncCallContext *context;

	if (SRF_IS_FIRSTCALL())
		begin_rows(fcinfo, view);
	context = SRF_PERCALL_SETUP();
	if (context->call_cntr < context->max_calls)
	{
		Datum	  values[WD_MAX_VIEW_COLUMNS] = {0};
		bool	  nulls[WD_MAX_VIEW_COLUMNS] = {false};
		HeapTuple row;

		view->form(context->user_fctx, (uint32) context->call_cntr, values,
				   nulls);
		row = heap_form_tuple(context->tuple_desc, values, nulls);
		SRF_RETURN_NEXT(context, HeapTupleGetDatum(row));
	}
	SRF_RETURN_DONE(context);
}

/* Whether the caller may see which host it is; as pg_stat_replication does. */
bool
wd_may_see_who(void)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
}

Datum
wd_inet_datum(const WdAddress *address)
{
	char text[WD_ADDRESS_TEXT];

	wd_address_text(address, text);
	return DirectFunctionCall1(inet_in, CStringGetDatum(text));
}

Datum
wd_conmgr_id_datum(const uint8 *id)
{
	char text[WD_CONMGR_ID_TEXT];

	wd_conmgr_id_text(id, text);
	return CStringGetTextDatum(text);
}
