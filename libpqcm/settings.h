/*-------------------------------------------------------------------------
 *
 * settings.h
 *	  What the application has set on a connection and must find again on
 *	  the real connection that takes the place of another.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_SETTINGS_H
#define LIBPQCM_SETTINGS_H

#include <stdbool.h>

#include "handle.h"

/*
 * Makes the new connection like the handle's present one.  "connecting": the
 * application is still connecting, so what it has set in between counts as
 * well (a reset begins with defaults).
 */
extern void cm_settings_carry(CmHandle *handle, PGconn *new, bool connecting);

/* Tells the event procedures of a reset, as libpq does. */
extern void cm_events_reset(CmHandle *handle);

/* Finishes a real connection that is not the end of the application's. */
extern void cm_finish_quietly(PGconn *real);

/* The last finish: the event procedures hear of it. */
extern void cm_settings_finish(CmHandle *handle);

/* From here to the matching end, callbacks of this thread are for it. */
extern CmHandle *cm_callbacks_enter(CmHandle *handle);
extern void		 cm_callbacks_leave(CmHandle *before);

/* What a callback with that real connection is for. */
extern PGconn *cm_callback_conn(PGconn *real);

#endif /* LIBPQCM_SETTINGS_H */
