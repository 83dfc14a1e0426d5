/*-------------------------------------------------------------------------
 *
 * known.h
 *	  Servers that turned out to be PostgreSQL: not asked again for a while,
 *	  so that a list without a conmgr costs nothing.
 *
 * Shared by all threads, under cm_lock.  A fixed number of places; a server
 * that is pushed out is just asked again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_KNOWN_H
#define LIBPQCM_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "hosts.h"

/* How long a server stays known, from the moment it answered. */
#define CM_KNOWN_MS 60000

extern bool cm_is_known(const CmHost *host, int64_t now_ms);
extern void cm_remember(const CmHost *host, int64_t now_ms);
extern void cm_forget(const CmHost *host);

#endif /* LIBPQCM_KNOWN_H */
