/*-------------------------------------------------------------------------
 *
 * hosts.c
 *	  The host list of a connection string, and the addresses of a name.
 *
 *-------------------------------------------------------------------------
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "hosts.h"

/* libpq allocates as much as it is told to; we stop where nobody is. */
#define MOST_HOSTS 10000

static int
count_elements(const char *list)
{
	int count = 1;

	if (list == NULL || list[0] == '\0')
		return 0;
	for (; *list != '\0'; list++)
		if (*list == ',')
			count++;
	return count;
}

/* A copy of that element of the list; "" if there is no list. */
static char *
element(const char *list, int number)
{
	if (list == NULL)
		return strdup("");
	for (; number > 0; number--)
		list = strchr(list, ',') + 1;
	return strndup(list, strcspn(list, ","));
}

static bool
is_tcp(const CmHost *entry)
{
	if (entry->hostaddr[0] != '\0')
		return true;
	return entry->host[0] != '\0' && entry->host[0] != '/' &&
		   entry->host[0] != '@';
}

bool
cm_hosts_split(CmHosts *hosts, const char *host, const char *hostaddr,
			   const char *port)
{
	int names = count_elements(host);
	int addresses = count_elements(hostaddr);
	int ports = count_elements(port);

	hosts->count = addresses > 0 ? addresses : names > 0 ? names : 1;
	hosts->entries = NULL;
	if ((names > 0 && names != hosts->count) ||
		(ports > 1 && ports != hosts->count) || hosts->count > MOST_HOSTS)
		return false;
	hosts->entries = calloc((size_t) hosts->count, sizeof(CmHost));
	if (hosts->entries == NULL)
		return false;
	for (int i = 0; i < hosts->count; i++)
	{
		CmHost *entry = &hosts->entries[i];

		entry->host = element(names > 0 ? host : NULL, i);
		entry->hostaddr = element(addresses > 0 ? hostaddr : NULL, i);
		entry->port = element(ports > 0 ? port : NULL, ports > 1 ? i : 0);
		if (entry->host == NULL || entry->hostaddr == NULL ||
			entry->port == NULL)
		{
			cm_hosts_free(hosts);
			return false;
		}
		entry->tcp = is_tcp(entry);
	}
	return true;
}

void
cm_hosts_shuffle(CmHosts *hosts)
{
	for (int i = hosts->count - 1; i > 0; i--)
	{
		unsigned int random = 0;
		CmHost		 moved = hosts->entries[i];
		int			 other;

		/* No randomness: their order, then. */
		if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
			return;
		other = (int) (random % (unsigned int) (i + 1));
		hosts->entries[i] = hosts->entries[other];
		hosts->entries[other] = moved;
	}
}

void
cm_hosts_free(CmHosts *hosts)
{
	for (int i = 0; hosts->entries != NULL && i < hosts->count; i++)
	{
		free(hosts->entries[i].host);
		free(hosts->entries[i].hostaddr);
		free(hosts->entries[i].port);
	}
	free(hosts->entries);
	hosts->entries = NULL;
	hosts->count = 0;
}

bool
cm_address_behind(const char *name, const char *address, char *next, size_t room)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	bool			 passed = false;
	bool			 found = false;

	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return false;
	for (struct addrinfo *a = list; a != NULL && !found; a = a->ai_next)
	{
		if (getnameinfo(a->ai_addr, a->ai_addrlen, next, (socklen_t) room, NULL,
						0, NI_NUMERICHOST) != 0)
			continue;
		found = passed;
		passed = passed || strcmp(next, address) == 0;
	}
	freeaddrinfo(list);
	return found;
}
