/*-------------------------------------------------------------------------
 *
 * servers.c
 *	  To which instance each ODBC connection has led.
 *
 *-------------------------------------------------------------------------
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "servers.h"

#define PLACES 256

typedef struct Server
{
	struct Server *next;
	const void	  *dbc;
	char		   name[];
} Server;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Server		  *servers[PLACES];

/* Where the connection's server is in its list, or would be. */
static Server **
place_of(const void *dbc)
{
	/* Handles are allocated, so the lowest bits tell nothing. */
	Server **place = &servers[((uintptr_t) dbc >> 5) % PLACES];

	while (*place != NULL && (*place)->dbc != dbc)
		place = &(*place)->next;
	return place;
}

/* Under the lock. */
static void
forget(const void *dbc)
{
	Server **place = place_of(dbc);
	Server	*gone = *place;

	if (gone == NULL)
		return;
	*place = gone->next;
	free(gone);
}

void
cm_server_keep(const void *dbc, const char *name)
{
	size_t	bytes = strlen(name) + 1;
	Server *server =
		bytes <= CM_SERVER_BYTES ? malloc(sizeof(Server) + bytes) : NULL;
	Server **place;

	pthread_mutex_lock(&lock);
	forget(dbc);
	if (server != NULL)
	{
		*server = (Server){NULL, dbc};
		memcpy(server->name, name, bytes);
		place = place_of(dbc);
		*place = server;
	}
	pthread_mutex_unlock(&lock);
}

bool
cm_server_of(const void *dbc, char name[CM_SERVER_BYTES])
{
	const Server *server;

	pthread_mutex_lock(&lock);
	server = *place_of(dbc);
	if (server != NULL)
		memcpy(name, server->name, strlen(server->name) + 1);
	pthread_mutex_unlock(&lock);
	return server != NULL;
}

void
cm_server_forget(const void *dbc)
{
	pthread_mutex_lock(&lock);
	forget(dbc);
	pthread_mutex_unlock(&lock);
}
