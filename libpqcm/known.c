/*-------------------------------------------------------------------------
 *
 * known.c
 *	  Servers that turned out to be PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#include "handle.h"
#include "known.h"

#define PLACES 256

/* A 64-bit hash stands for the server: two alike are not to be expected. */
typedef struct Known
{
	uint64_t server;
	int64_t	 until_ms;
} Known;

static Known known[PLACES];

/* FNV-1a, the text's NUL included. */
static uint64_t
hash(uint64_t so_far, const char *text)
{
	do
		so_far = (so_far ^ (uint8_t) *text) * UINT64_C(1099511628211);
	while (*text++ != '\0');
	return so_far;
}

static uint64_t
server_of(const CmHost *host)
{
	uint64_t server = UINT64_C(14695981039346656037);

	return hash(hash(hash(server, host->host), host->hostaddr), host->port);
}

bool
cm_is_known(const CmHost *host, int64_t now_ms)
{
	uint64_t	 server = server_of(host);
	const Known *place = &known[server % PLACES];
	bool		 found;

	cm_lock();
	found = place->server == server && now_ms < place->until_ms;
	cm_unlock();
	return found;
}

static void
set(const CmHost *host, int64_t until_ms)
{
	uint64_t server = server_of(host);
	Known	*place = &known[server % PLACES];

	cm_lock();
	if (until_ms > 0 || place->server == server)
		*place = (Known){server, until_ms};
	cm_unlock();
}

void
cm_remember(const CmHost *host, int64_t now_ms)
{
	set(host, now_ms + CM_KNOWN_MS);
}

void
cm_forget(const CmHost *host)
{
	set(host, 0);
}
