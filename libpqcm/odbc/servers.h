/*-------------------------------------------------------------------------
 *
 * servers.h
 *	  To which instance each ODBC connection has led.
 *
 * Shared by all threads, under a lock of its own.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_ODBC_SERVERS_H
#define LIBPQCM_ODBC_SERVERS_H

#include <stdbool.h>
#include <stddef.h>

/* A longer name is not kept; conmgr's answers have none. */
#define CM_SERVER_BYTES 1025

/* In place of what was kept; without memory nothing is. */
extern void cm_server_keep(const void *dbc, const char *name);

/* False: no conmgr has led this connection to where it is. */
extern bool cm_server_of(const void *dbc, char name[CM_SERVER_BYTES]);

extern void cm_server_forget(const void *dbc);

#endif /* LIBPQCM_ODBC_SERVERS_H */
