/*
 * A switch between network interfaces, in user space: it forwards, delays and
 * loses frames.  For kernels without netem, and the same on every machine.
 *
 *   switch WATCHED PORT...
 *
 * Of TCP connections whose one end has the port number WATCHED it tells when the
 * stream stood still (see gaps.h), with CLOCK_MONOTONIC:
 *
 *   gap SENDER RECEIVER BEGIN_US END_US FILLED
 *
 * Orders come on standard input, one a line:
 *
 *   PORT from|to DELAY_US JITTER_US LOSS_PPM
 *
 * "from" is about frames that come in at the port, "to" about those that go out
 * there; a frame pays at both.  Its delay is DELAY_US +- JITTER_US; frames of one
 * way do not overtake each other.  Ends with its standard input.
 *
 * Frames carry the kernel's virtio header along (PACKET_VNET_HDR): checksums
 * that the hosts left to their network card, and big segments, pass as they are.
 */
#define _GNU_SOURCE
#include "gaps.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_PORTS 16
#define MAX_MACS  64
/* The virtio header, an Ethernet header with a VLAN tag, 64 KiB. */
#define FRAME_SIZE	(10 + 18 + 65536)
#define VNET_HEADER 10
/* Frames under way; what comes on top is lost, as in any switch. */
#define MAX_UNDER_WAY 10000

typedef struct Rule
{
	int64_t delay_us;
	int64_t jitter_us;
	int		loss_ppm;
} Rule;

typedef struct Port
{
	const char *name;
	int			fd;
	Rule		from;
	Rule		to;
} Port;

typedef struct Frame
{
	struct Frame *next;
	int64_t		  due;
	size_t		  length;
	unsigned char bytes[];
} Frame;

/* What is under way from one port to another, in the order in which it is due. */
typedef struct Way
{
	Frame *first, *last;
} Way;

static Port			 ports[MAX_PORTS];
static int			 port_count;
static unsigned char macs[MAX_MACS][ETH_ALEN];
static int			 mac_ports[MAX_MACS];
static int			 mac_count;
static Way			 ways[MAX_PORTS][MAX_PORTS];
static int			 under_way;

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
on_gap(const Gap *gap)
{
	char from[INET_ADDRSTRLEN];
	char to[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &gap->sender, from, sizeof(from));
	inet_ntop(AF_INET, &gap->receiver, to, sizeof(to));
	printf("gap %s %s %lld %lld %d\n", from, to, (long long) gap->begin_us,
		   (long long) gap->end_us, gap->filled);
}

static void
fail(const char *what)
{
	fprintf(stderr, "switch: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
open_port(Port *port, const char *name)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
								  .sll_protocol = htons(ETH_P_ALL)};
	int				   on = 1;
	struct packet_mreq promiscuous = {.mr_type = PACKET_MR_PROMISC};

	port->name = name;
	port->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	if (port->fd < 0)
		fail("socket");
	address.sll_ifindex = (int) if_nametoindex(name);
	if (address.sll_ifindex == 0)
		fail(name);
	if (setsockopt(port->fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) < 0)
		fail("PACKET_VNET_HDR");
	if (setsockopt(port->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
				   sizeof(on)) < 0)
		fail("PACKET_IGNORE_OUTGOING");
	promiscuous.mr_ifindex = address.sll_ifindex;
	if (setsockopt(port->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous,
				   sizeof(promiscuous)) < 0)
		fail("promiscuous mode");
	if (bind(port->fd, (struct sockaddr *) &address, sizeof(address)) < 0)
		fail("bind");
}

static void
learn(const unsigned char *mac, int port)
{
	for (int n = 0; n < mac_count; n++)
		if (memcmp(macs[n], mac, ETH_ALEN) == 0)
		{
			mac_ports[n] = port;
			return;
		}
	if (mac_count < MAX_MACS)
	{
		memcpy(macs[mac_count], mac, ETH_ALEN);
		mac_ports[mac_count++] = port;
	}
}

/* The port behind which the address is; -1 means all of them. */
static int
port_of(const unsigned char *mac)
{
	for (int n = 0; n < mac_count; n++)
		if (memcmp(macs[n], mac, ETH_ALEN) == 0)
			return mac_ports[n];
	return -1;
}

static int
is_lost(const Rule *rule)
{
	return rule->loss_ppm > 0 && random() % 1000000 < rule->loss_ppm;
}

static int64_t
delay_of(const Rule *rule)
{
	int64_t delay = rule->delay_us;

	if (rule->jitter_us > 0)
		delay += random() % (2 * rule->jitter_us + 1) - rule->jitter_us;
	return delay > 0 ? delay : 0;
}

static void
forward(int from, int to, const unsigned char *bytes, size_t length, int64_t now)
{
	Way	  *way = &ways[from][to];
	Frame *frame;

	if (is_lost(&ports[from].from) || is_lost(&ports[to].to) ||
		under_way == MAX_UNDER_WAY)
		return;
	frame = malloc(sizeof(Frame) + length);
	if (frame == NULL)
		return;
	frame->next = NULL;
	frame->due = now + delay_of(&ports[from].from) + delay_of(&ports[to].to);
	frame->length = length;
	memcpy(frame->bytes, bytes, length);
	if (way->first == NULL)
		way->first = frame;
	else
	{
		if (frame->due < way->last->due)
			frame->due = way->last->due;
		way->last->next = frame;
	}
	way->last = frame;
	under_way++;
}

static void
receive(int from, int64_t now)
{
	static unsigned char bytes[FRAME_SIZE];
	ssize_t				 length;

	while ((length = recv(ports[from].fd, bytes, sizeof(bytes), 0)) > 0)
	{
		const unsigned char *ethernet = bytes + VNET_HEADER;
		int					 to;

		if ((size_t) length < VNET_HEADER + sizeof(struct ethhdr))
			continue;
		learn(ethernet + ETH_ALEN, from);
		to = (ethernet[0] & 1) ? -1 : port_of(ethernet);
		for (int n = 0; n < port_count; n++)
			if (n != from && (to == n || to == -1))
				forward(from, n, bytes, (size_t) length, now);
	}
}

/*
 * What is due goes out; a frame that the kernel does not take is lost.  Returns
 * when the next one is due, a second from now at the latest.
 */
static int64_t
deliver(int64_t now)
{
	int64_t next_due = now + 1000000;

	for (int from = 0; from < port_count; from++)
		for (int to = 0; to < port_count; to++)
		{
			Way	  *way = &ways[from][to];
			Frame *frame;

			while ((frame = way->first) != NULL && frame->due <= now)
			{
				if (send(ports[to].fd, frame->bytes, frame->length, 0) >= 0)
					watch(frame->bytes + VNET_HEADER,
						  frame->length - VNET_HEADER, now);
				way->first = frame->next;
				free(frame);
				under_way--;
			}
			if (frame != NULL && frame->due < next_due)
				next_due = frame->due;
		}
	return next_due;
}

static void
obey(const char *line)
{
	char	  name[IFNAMSIZ];
	char	  side[5];
	long long delay, jitter;
	int		  loss;

	if (sscanf(line, "%15s %4s %lld %lld %d", name, side, &delay, &jitter,
			   &loss) != 5)
	{
		fprintf(stderr, "switch: not understood: %s", line);
		return;
	}
	for (int n = 0; n < port_count; n++)
		if (strcmp(ports[n].name, name) == 0)
		{
			Rule rule = {delay, jitter, loss};

			if (strcmp(side, "from") == 0)
				ports[n].from = rule;
			else
				ports[n].to = rule;
			printf("done %s", line);
			return;
		}
	fprintf(stderr, "switch: no port %s\n", name);
}

/* Complete lines of standard input; 0 at its end. */
static int
read_orders(void)
{
	static char	  text[1000];
	static size_t used;
	ssize_t		  got = read(0, text + used, sizeof(text) - 1 - used);
	char		 *end;

	if (got <= 0)
		return 0;
	used += (size_t) got;
	text[used] = '\0';
	while ((end = strchr(text, '\n')) != NULL)
	{
		char line[1000];

		snprintf(line, sizeof(line), "%.*s\n", (int) (end - text), text);
		obey(line);
		used -= (size_t) (end + 1 - text);
		memmove(text, end + 1, used + 1);
	}
	return used < sizeof(text) - 1;
}

int
main(int argc, char **argv)
{
	struct pollfd polled[MAX_PORTS + 1];

	setvbuf(stdout, NULL, _IOLBF, 0);
	port_count = argc - 2;
	if (port_count < 1 || port_count > MAX_PORTS)
	{
		fprintf(stderr, "usage: switch WATCHED PORT... (up to %d)\n", MAX_PORTS);
		return 2;
	}
	begin_watch(atoi(argv[1]));
	srandom((unsigned int) (getpid() ^ now_us()));
	for (int n = 0; n < port_count; n++)
	{
		open_port(&ports[n], argv[n + 2]);
		polled[n] = (struct pollfd){.fd = ports[n].fd, .events = POLLIN};
	}
	polled[port_count] = (struct pollfd){.fd = 0, .events = POLLIN};
	printf("ready\n");
	do
	{
		int64_t			wait_us = deliver(now_us()) - now_us();
		struct timespec limit = {0};
		int64_t			now;

		if (wait_us > 0)
		{
			limit.tv_sec = wait_us / 1000000;
			limit.tv_nsec = wait_us % 1000000 * 1000;
		}
		if (ppoll(polled, (nfds_t) port_count + 1, &limit, NULL) < 0 &&
			errno != EINTR)
			fail("poll");
		now = now_us();
		for (int n = 0; n < port_count; n++)
			if (polled[n].revents != 0)
				receive(n, now);
	} while (polled[port_count].revents == 0 || read_orders());
	end_watch();
	return 0;
}
