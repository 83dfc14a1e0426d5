/*-------------------------------------------------------------------------
 *
 * fuzz_hosts.c
 *	  Host lists and LSNs as an application may hand them over, under
 *	  libFuzzer (docs/fuzzing.md): texts with a newline between them.
 *
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hosts.h"
#include "question.h"

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The next text; NULL behind the last one. */
static char *
take(char **rest)
{
	char *text = *rest;

	if (text != NULL)
	{
		char *end = strchr(text, '\n');

		*rest = end != NULL ? end + 1 : NULL;
		if (end != NULL)
			*end = '\0';
	}
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char   *copy = malloc(length + 1);
	char   *rest = copy;
	char	lsn[CM_LSN_BYTES];
	char	next[64];
	CmHosts hosts;
	char   *host;
	char   *hostaddr;
	char   *port;

	if (copy == NULL)
		abort();
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	host = take(&rest);
	hostaddr = take(&rest);
	port = take(&rest);
	if (cm_hosts_split(&hosts, host, hostaddr, port))
	{
		for (int i = 0; i < hosts.count; i++)
		{
			const CmHost *entry = &hosts.entries[i];

			if (strlen(entry->host) + strlen(entry->hostaddr) +
					strlen(entry->port) >
				length + 2 * strlen(port != NULL ? port : ""))
				abort();
		}
		cm_hosts_shuffle(&hosts);
		cm_hosts_free(&hosts);
	}
	if (cm_lsn_read(host, lsn) && !cm_lsn_read(lsn, next))
		abort();
	free(copy);
	return 0;
}
