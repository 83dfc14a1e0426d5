/*-------------------------------------------------------------------------
 *
 * handle.h
 *	  The handle: what the application holds as its PGconn *.
 *
 * All handles lie in one reserved range of addresses, so "is it ours?" is one
 * comparison, without a lock and without touching memory.  A pointer outside
 * the range (NULL, a real PGconn) is passed through as it is.
 *
 * A handle belongs to whoever uses the connection, like a PGconn; only the
 * part marked so is shared with the watcher.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_HANDLE_H
#define LIBPQCM_HANDLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <libpq-fe.h>

#include "range.h"

typedef struct CmAttempt  CmAttempt;
typedef struct CmKept	  CmKept;
typedef struct CmSettings CmSettings;

/* Where a connection stands. */
typedef enum CmPhase
{
	CM_SETTLED,	 /* connected, or lost since: libpq's own business */
	CM_DIALLING, /* TCP connect to a host that will be asked */
	CM_ASKED,	 /* the question is sent */
	CM_ORDINARY, /* connecting to a server that is not asked (any more) */
	CM_SENT_ON,	 /* connecting to the instance that conmgr named */
	CM_FAILED	 /* no host gave a connection */
} CmPhase;

/* Shared with the watcher, under cm_lock. */
typedef struct CmWatch
{
	int	  conmgr_fd; /* -1: nothing is watched */
	int	  sql_fd;	 /* a duplicate: libpq closes its own when it likes */
	ino_t conmgr_ino;
	ino_t sql_ino;
} CmWatch;

typedef struct CmHandle
{
	PGconn	   *real;	  /* must be first: the forwarders read it */
	CmAttempt  *attempt;  /* while connecting */
	CmKept	   *kept;	  /* what the application asked for */
	CmSettings *settings; /* NULL: it has set nothing */
	CmWatch		watch;
	uint32_t	generation; /* tells the slot's owners apart, for the watcher */
	uint16_t	looked;		/* tick of the last look for a notice */
	uint8_t		phase;		/* CmPhase */
} CmHandle;

extern __attribute__((visibility("hidden"))) uintptr_t cm_range_base;

/* The handle behind what the application holds; NULL if it is not ours. */
static inline CmHandle *
cm_handle(const PGconn *conn)
{
	if (((uintptr_t) conn - cm_range_base) >> CM_RANGE_BITS != 0)
		return NULL;
	return (CmHandle *) conn;
}

/* The real connection behind what the application holds. */
static inline PGconn *
cm_unwrap(const PGconn *conn)
{
	CmHandle *handle = cm_handle(conn);

	return handle != NULL ? handle->real : (PGconn *) conn;
}

/* Once, when the library is loaded. */
extern void cm_reserve_range(void);

/* False if the address range could not be had. */
extern bool cm_has_range(void);

/* A new handle with everything zero but the watch; NULL: out of memory. */
extern CmHandle *cm_handle_allocate(void);

/* Gives the slot back; a handle used after that is like a NULL connection. */
extern void cm_handle_free(CmHandle *handle);

/* The handle in that slot, for the watcher; may be a free one. */
extern CmHandle *cm_handle_at(uint32_t slot);
extern uint32_t	 cm_handle_slot(const CmHandle *handle);

/* How many slots were ever used. */
extern uint32_t cm_handle_count(void);

/*
 * Guards the slots, the watches and the memory of known servers.  Never held
 * over anything that blocks.  Whole again in the child after a fork().
 */
extern void cm_lock(void);
extern void cm_unlock(void);

#endif /* LIBPQCM_HANDLE_H */
