/*-------------------------------------------------------------------------
 *
 * hosts_test.c
 *	  Host lists, split as libpq does it.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "check.h"
#include "hosts.h"

static bool
has(const CmHosts *hosts, int number, const char *host, const char *hostaddr,
	const char *port, bool tcp)
{
	const CmHost *entry = &hosts->entries[number];

	return strcmp(entry->host, host) == 0 &&
		   strcmp(entry->hostaddr, hostaddr) == 0 &&
		   strcmp(entry->port, port) == 0 && entry->tcp == tcp;
}

static void
lists_are_split_side_by_side(void)
{
	CmHosts hosts;

	CHECK(cm_hosts_split(&hosts, "a,,/tmp", "10.0.0.1,::1,", "1,,3"));
	CHECK(hosts.count == 3);
	CHECK(has(&hosts, 0, "a", "10.0.0.1", "1", true));
	CHECK(has(&hosts, 1, "", "::1", "", true));
	CHECK(has(&hosts, 2, "/tmp", "", "3", false));
	cm_hosts_free(&hosts);
}

static void
one_port_is_for_all_hosts(void)
{
	CmHosts hosts;

	CHECK(cm_hosts_split(&hosts, "a,b", NULL, "1"));
	CHECK(has(&hosts, 0, "a", "", "1", true));
	CHECK(has(&hosts, 1, "b", "", "1", true));
	cm_hosts_free(&hosts);
	CHECK(cm_hosts_split(&hosts, "a,b", NULL, NULL));
	CHECK(has(&hosts, 1, "b", "", "", true));
	cm_hosts_free(&hosts);
}

static void
unix_sockets_are_no_tcp_hosts(void)
{
	CmHosts hosts;

	CHECK(cm_hosts_split(&hosts, NULL, NULL, NULL));
	CHECK(hosts.count == 1 && has(&hosts, 0, "", "", "", false));
	cm_hosts_free(&hosts);
	CHECK(cm_hosts_split(&hosts, "@abstract,,/run", NULL, ""));
	CHECK(has(&hosts, 0, "@abstract", "", "", false));
	CHECK(has(&hosts, 1, "", "", "", false));
	CHECK(has(&hosts, 2, "/run", "", "", false));
	cm_hosts_free(&hosts);
}

static void
lists_of_different_lengths_are_libpqs_to_refuse(void)
{
	CmHosts hosts;

	CHECK(!cm_hosts_split(&hosts, "a,b", "::1", "1"));
	CHECK(!cm_hosts_split(&hosts, "a,b", NULL, "1,2,3"));
	CHECK(!cm_hosts_split(&hosts, "a", NULL, "1,2"));
}

static void
a_shuffle_keeps_every_host(void)
{
	CmHosts hosts;
	int		seen = 0;
	bool	moved = false;

	CHECK(cm_hosts_split(&hosts, "a,b,c,d,e,f,g,h", NULL, NULL));
	for (int i = 0; i < 20; i++)
	{
		cm_hosts_shuffle(&hosts);
		moved = moved || hosts.entries[0].host[0] != 'a';
	}
	for (int i = 0; i < hosts.count; i++)
		seen |= 1 << (hosts.entries[i].host[0] - 'a');
	CHECK(moved && seen == 0xff);
	cm_hosts_free(&hosts);
}

int
main(void)
{
	RUN(lists_are_split_side_by_side);
	RUN(one_port_is_for_all_hosts);
	RUN(unix_sockets_are_no_tcp_hosts);
	RUN(lists_of_different_lengths_are_libpqs_to_refuse);
	RUN(a_shuffle_keeps_every_host);
	return finish();
}
