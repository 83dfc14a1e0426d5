/*-------------------------------------------------------------------------
 *
 * view.h
 *	  What the functions behind our views share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_VIEW_H
#define WATCHDOG_VIEW_H

#include "fmgr.h"
#include "judgement.h"

#define WD_MAX_VIEW_COLUMNS 16

/*
 * One view.  Columns are only ever added behind the others, and an SQL
 * definition that is older than this library gets the first ones: between the
 * new package and ALTER EXTENSION ... UPDATE the view must go on working.
 */
typedef struct WdView
{
	int oldest_columns; /* of the first SQL definition that was released */
	int columns;

	/* Copies what there is now, under the lock; *count tells how many rows. */
	void *(*copy)(uint32 *count);

	/* Fills all columns of one row; nulls are false before. */
	void (*form)(const void *copied, uint32 row, Datum *values, bool *nulls);
} WdView;

extern Datum wd_view_rows(FunctionCallInfo fcinfo, const WdView *view);
extern bool	 wd_may_see_who(void);
extern Datum wd_inet_datum(const WdAddress *address);
extern Datum wd_conmgr_id_datum(const uint8 *id);

#endif /* WATCHDOG_VIEW_H */
