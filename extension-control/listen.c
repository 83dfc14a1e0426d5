/*-------------------------------------------------------------------------
 *
 * listen.c
 *	  The addresses that the watchdog listens on.
 *
 * Names are looked up here, once per start of the worker and before there is
 * anybody who could be kept waiting: a resolver may block for seconds.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <netdb.h>
#include <netinet/in.h>

#include "guc.h"
#include "listen.h"

/* A name may stand for an address that is there already. */
static void
add(WdListen *listen, const WdListenAddress *added)
{
	for (int i = 0; i < listen->count; i++)
	{
		const WdListenAddress *other = &listen->addresses[i];

		if (wd_address_equal(&other->address, &added->address) &&
			other->scope == added->scope)
			return;
	}
	if (listen->count == WD_MAX_LISTEN_ADDRESSES)
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("watchdog.listen_addresses stands for more than %d addresses",
						WD_MAX_LISTEN_ADDRESSES),
				 errhint("Use * for all addresses of this host.")));
	listen->addresses[listen->count++] = *added;
}

/*
 * A name that cannot be looked up ends the worker; the postmaster starts it
 * again, so it heals as soon as the resolver does.
 */
static void
resolve(const char *name, WdListen *listen)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int				 result = getaddrinfo(name, NULL, &hints, &found);

	if (result != 0)
		ereport(FATAL,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("could not look up \"%s\" in watchdog.listen_addresses: %s",
						name, gai_strerror(result)),
				 errhint("Numeric addresses need no look-up.")));
	for (const struct addrinfo *one = found; one != NULL; one = one->ai_next)
	{
		WdListenAddress address = {.scope = 0};

		wd_address_of(one->ai_addr, &address.address);
		if (one->ai_family == AF_INET6)
			address.scope =
				((const struct sockaddr_in6 *) one->ai_addr)->sin6_scope_id;
		if (address.address.family != 0)
			add(listen, &address);
	}
	freeaddrinfo(found);
}

/* Finds out what watchdog.listen_addresses stands for now.  May block. */
void
wd_listen_resolve(WdListen *listen)
{
	const char *at = wd_listen_addresses;
	char		element[WD_ELEMENT_BYTES];

	listen->count = 0;
	/* The check hook let no list with a gap but a blank one through. */
	while (wd_list_next(&at, element) > 0)
	{
		if (strcmp(element, "*") == 0)
			add(listen, &(WdListenAddress){.scope = 0});
		else
			resolve(element, listen);
	}
	if (listen->count == 0)
		ereport(LOG, (errmsg("watchdog.listen_addresses is empty"),
					  errdetail("No connection manager can connect.")));
}

/* Whether others than this host can connect. */
bool
wd_listen_is_reachable(const WdListen *listen)
{
	for (int i = 0; i < listen->count; i++)
	{
		if (!wd_address_is_loopback(&listen->addresses[i].address))
			return true;
	}
	return false;
}
