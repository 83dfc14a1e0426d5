/*-------------------------------------------------------------------------
 *
 * events.h
 *	  Event procedures (libpq-events.h) of connections with a handle.
 *
 * libpq gives them the real connection; the application must get its handle.
 * So each distinct procedure is registered as one of a few thunks of ours,
 * and all functions that take the procedure as a key exchange it likewise.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_EVENTS_H
#define LIBPQCM_EVENTS_H

#include "handle.h"

/* Registers the old connection's procedures with the new one, unheard. */
extern void cm_events_carry(CmHandle *handle, PGconn *old, PGconn *new);

/* Finishes the real connection of a handle; its procedures hear of it. */
extern void cm_events_finish(CmHandle *handle);

/* The handle that this real connection stands behind, or the connection. */
extern PGconn *cm_events_handle(PGconn *real);

#endif /* LIBPQCM_EVENTS_H */
