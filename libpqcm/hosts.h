/*-------------------------------------------------------------------------
 *
 * hosts.h
 *	  The host list of a connection string, split as libpq does it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_HOSTS_H
#define LIBPQCM_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct CmHost
{
	char *host;		/* "" if not given */
	char *hostaddr; /* "" if not given */
	char *port;		/* "" if not given */
	bool  tcp;		/* else a Unix socket, which no conmgr has */
	bool  silent;	/* could not be reached: not tried in a second pass */
} CmHost;

typedef struct CmHosts
{
	CmHost *entries;
	int		count;
} CmHosts;

/*
 * Splits libpq's three lists (NULL: not given).  False: out of memory, or
 * their lengths do not match, which is libpq's error to report.
 */
extern bool cm_hosts_split(CmHosts *hosts, const char *host,
						   const char *hostaddr, const char *port);

/* Puts the hosts into a random order. */
extern void cm_hosts_shuffle(CmHosts *hosts);

extern void cm_hosts_free(CmHosts *hosts);

/*
 * The address of the name that comes behind that one; false if none does.
 * Asks the resolver, which may block.
 */
extern bool cm_address_behind(const char *name, const char *address, char *next,
							  size_t room);

#endif /* LIBPQCM_HOSTS_H */
