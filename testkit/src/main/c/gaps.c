/* Follows TCP streams by the frames that have arrived; see gaps.h. */
#include "gaps.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FLOWS 4096
#define MAX_AHEAD 32

/* One direction of a watched connection. */
typedef struct Flow
{
	struct in_addr from, to;
	uint16_t	   from_port, to_port;
	/* Whether next is known; it has ended, or nothing has been seen yet. */
	int		 known;
	uint32_t next;
	/* Behind the sender's FIN, which may come before the bytes that it follows. */
	int		 has_end;
	uint32_t end;
	/* When the last byte came; -1 before the first. */
	int64_t since_us;
	/* What has come after a hole. */
	uint32_t ahead[MAX_AHEAD][2];
	int		 ahead_count;
} Flow;

static int	watched;
static Flow flows[MAX_FLOWS];
static int	flow_count;

static Flow *
flow_of(const struct iphdr *ip, const struct tcphdr *tcp)
{
	Flow *flow = NULL;

	for (int n = 0; n < flow_count; n++)
	{
		if (flows[n].from.s_addr == ip->saddr &&
			flows[n].to.s_addr == ip->daddr &&
			flows[n].from_port == tcp->source && flows[n].to_port == tcp->dest)
			return &flows[n];
		/* One that has ended gives its place away. */
		if (!flows[n].known)
			flow = &flows[n];
	}
	if (flow == NULL && flow_count == MAX_FLOWS)
	{
		fprintf(stderr, "switch: more than %d streams to watch\n", MAX_FLOWS);
		exit(1);
	}
	if (flow == NULL)
		flow = &flows[flow_count++];
	flow->from.s_addr = ip->saddr;
	flow->to.s_addr = ip->daddr;
	flow->from_port = tcp->source;
	flow->to_port = tcp->dest;
	return flow;
}

static int
is_gap(const Flow *flow, int64_t now)
{
	return flow->since_us >= 0 && now - flow->since_us >= GAP_MS * 1000;
}

static void
tell_gap(const Flow *flow, int64_t end_us, int filled)
{
	Gap gap = {flow->from, flow->to, flow->since_us, end_us, filled};

	on_gap(&gap);
}

static int
is_after(uint32_t a, uint32_t b)
{
	return (int32_t) (a - b) > 0;
}

/* Takes in what stands behind the hole that was just filled. */
static void
catch_up(Flow *flow)
{
	for (int n = 0; n < flow->ahead_count;)
	{
		if (is_after(flow->ahead[n][0], flow->next))
		{
			n++;
			continue;
		}
		if (is_after(flow->ahead[n][1], flow->next))
			flow->next = flow->ahead[n][1];
		flow->ahead_count--;
		memmove(flow->ahead[n], flow->ahead[flow->ahead_count],
				sizeof(flow->ahead[n]));
		n = 0;
	}
}

static void
end_flow(Flow *flow, int64_t now, int filled)
{
	if (flow->known && is_gap(flow, now))
		tell_gap(flow, now, filled);
	flow->known = 0;
	flow->has_end = 0;
	flow->ahead_count = 0;
}

/*
 * Between two hosts there is one connection at a time: with a new one the old
 * one is given up, also if its last segments have never arrived.
 */
static void
end_others(const Flow *begun, int64_t now)
{
	for (int n = 0; n < flow_count; n++)
	{
		Flow *flow = &flows[n];
		int	  same = flow->from.s_addr == begun->from.s_addr &&
				   flow->to.s_addr == begun->to.s_addr &&
				   flow->from_port != begun->from_port;
		int other_way = flow->from.s_addr == begun->to.s_addr &&
						flow->to.s_addr == begun->from.s_addr &&
						flow->to_port != begun->from_port;

		if (same || other_way)
			end_flow(flow, now, 0);
	}
}

/*
 * The connection of a new process may have the numbers of an old one.  A SYN that
 * comes again is the same one.
 */
static void
begin_flow(Flow *flow, uint32_t first, int64_t now)
{
	if (flow->known && flow->since_us < 0 && flow->next == first)
		return;
	end_flow(flow, now, 0);
	flow->known = 1;
	flow->next = first;
	flow->since_us = -1;
}

static void
receive_data(Flow *flow, uint32_t begin, uint32_t end, int64_t now)
{
	if (is_after(begin, flow->next))
	{
		if (flow->ahead_count < MAX_AHEAD)
		{
			flow->ahead[flow->ahead_count][0] = begin;
			flow->ahead[flow->ahead_count][1] = end;
			flow->ahead_count++;
		}
		return;
	}
	if (!is_after(end, flow->next))
		return;
	flow->next = end;
	catch_up(flow);
	if (is_gap(flow, now))
		tell_gap(flow, now, 1);
	flow->since_us = now;
}

void
watch(const unsigned char *ethernet, size_t length, int64_t now)
{
	struct iphdr  ip;
	struct tcphdr tcp;
	size_t		  ip_length, headers, total;
	uint32_t	  begin, end;
	Flow		 *flow;

	if (length < ETH_HLEN + sizeof(ip) + sizeof(tcp) || ethernet[12] != 8 ||
		ethernet[13] != 0)
		return;
	memcpy(&ip, ethernet + ETH_HLEN, sizeof(ip));
	ip_length = ip.ihl * 4u;
	total = ntohs(ip.tot_len);
	if (ip.protocol != IPPROTO_TCP || ip_length < sizeof(ip) ||
		length < ETH_HLEN + ip_length + sizeof(tcp))
		return;
	memcpy(&tcp, ethernet + ETH_HLEN + ip_length, sizeof(tcp));
	headers = ip_length + tcp.doff * 4u;
	if (ntohs(tcp.source) != watched && ntohs(tcp.dest) != watched)
		return;
	flow = flow_of(&ip, &tcp);
	begin = ntohl(tcp.seq);
	end = begin + (total > headers ? (uint32_t) (total - headers) : 0);
	if (tcp.syn)
	{
		begin_flow(flow, begin + 1, now);
		if (!tcp.ack)
			end_others(flow, now);
	}
	else if (tcp.rst)
	{
		/* Linux takes no other one (RFC 5961). */
		if (begin == flow->next)
			end_flow(flow, now, 1);
	}
	else if (end != begin || tcp.fin)
	{
		if (!flow->known)
			begin_flow(flow, begin, now);
		if (tcp.fin)
		{
			flow->has_end = 1;
			flow->end = ++end;
		}
		receive_data(flow, begin, end, now);
		if (flow->has_end && flow->next == flow->end)
			end_flow(flow, now, 1);
	}
}

void
begin_watch(int port)
{
	watched = port;
}

void
end_watch(void)
{
	for (int n = 0; n < flow_count; n++)
		if (flows[n].known && flows[n].since_us >= 0)
			tell_gap(&flows[n], -1, 0);
}
