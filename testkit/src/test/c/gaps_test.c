/* Unit tests of gaps.c: what a receiver has, and when it stood still. */
#include "gaps.h"

#include "check.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

#define APP		 "10.79.0.11"
#define DB		 "10.79.0.13"
#define PORT	 27545
#define MS(n)	 ((int64_t) (n) *1000)
#define MAX_GAPS 10

enum
{
	SYN = 1,
	ACK = 2,
	FIN = 4,
	RST = 8
};

static Gap gaps[MAX_GAPS];
static int gap_count;

void
on_gap(const Gap *gap)
{
	if (gap_count < MAX_GAPS)
		gaps[gap_count++] = *gap;
}

static int
is_ended(int n, const char *sender, int64_t begin, int64_t end, int filled)
{
	return n < gap_count && gaps[n].sender.s_addr == inet_addr(sender) &&
		   gaps[n].begin_us == begin && gaps[n].end_us == end &&
		   gaps[n].filled == filled;
}

/* Nothing but one gap, of what the database host sends, and it was filled. */
static int
is_only_gap(int64_t begin, int64_t end)
{
	return gap_count == 1 && is_ended(0, DB, begin, end, 1);
}

static void
segment(const char *from, int from_port, const char *to, int to_port, int flags,
		uint32_t seq, size_t length, int64_t now)
{
	unsigned char
		frame[ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr)] = {0};
	struct iphdr  ip = {.version = 4,
						.ihl = 5,
						.protocol = IPPROTO_TCP,
						.tot_len =
							htons((uint16_t) (sizeof(struct iphdr) +
											  sizeof(struct tcphdr) + length)),
						.saddr = inet_addr(from),
						.daddr = inet_addr(to)};
	struct tcphdr tcp = {.source = htons((uint16_t) from_port),
						 .dest = htons((uint16_t) to_port),
						 .seq = htonl(seq),
						 .doff = 5};

	tcp.syn = (flags & SYN) != 0;
	tcp.ack = (flags & ACK) != 0;
	tcp.fin = (flags & FIN) != 0;
	tcp.rst = (flags & RST) != 0;
	frame[12] = 8;
	memcpy(frame + ETH_HLEN, &ip, sizeof(ip));
	memcpy(frame + ETH_HLEN + sizeof(ip), &tcp, sizeof(tcp));
	watch(frame, sizeof(frame), now);
}

static void
from_db(int port, int flags, uint32_t seq, size_t length, int64_t now)
{
	segment(DB, PORT, APP, port, flags, seq, length, now);
}

static void
from_app(int port, int flags, uint32_t seq, size_t length, int64_t now)
{
	segment(APP, port, DB, PORT, flags, seq, length, now);
}

/* A connection of which the application host has got ten bytes, up to 110. */
static void
connect_at(int port, int64_t now)
{
	gap_count = 0;
	from_app(port, SYN, 4999, 0, now);
	from_db(port, SYN | ACK, 99, 0, now);
	from_db(port, ACK, 100, 10, now);
}

static void
the_next_bytes_end_a_gap(void)
{
	connect_at(1001, MS(0));
	from_db(1001, ACK, 110, 10, MS(49));
	CHECK(gap_count == 0);
	from_db(1001, ACK, 120, 10, MS(99));
	CHECK(is_only_gap(MS(49), MS(99)));
}

static void
what_comes_behind_a_hole_does_not_end_a_gap(void)
{
	connect_at(1002, MS(0));
	from_db(1002, ACK, 120, 10, MS(100));
	CHECK(gap_count == 0);
	from_db(1002, ACK, 110, 10, MS(300));
	CHECK(is_only_gap(MS(0), MS(300)));
	from_db(1002, ACK, 130, 10, MS(310));
	CHECK(gap_count == 1);
}

static void
nor_do_bytes_that_came_before_or_none_at_all(void)
{
	connect_at(1003, MS(0));
	from_db(1003, ACK, 100, 10, MS(100));
	from_db(1003, ACK, 110, 0, MS(200));
	CHECK(gap_count == 0);
	from_db(1003, ACK, 105, 10, MS(300));
	CHECK(is_only_gap(MS(0), MS(300)));
}

static void
the_end_ends_a_gap(void)
{
	connect_at(1004, MS(0));
	from_db(1004, FIN | ACK, 110, 0, MS(200));
	CHECK(is_only_gap(MS(0), MS(200)));
	end_watch();
	CHECK(gap_count == 1);
}

static void
an_end_behind_a_hole_does_not(void)
{
	connect_at(1005, MS(0));
	from_db(1005, FIN | ACK, 120, 0, MS(200));
	CHECK(gap_count == 0);
	from_db(1005, ACK, 110, 10, MS(400));
	CHECK(is_only_gap(MS(0), MS(400)));
	end_watch();
	CHECK(gap_count == 1);
}

static void
nor_does_a_reset_that_the_receiver_does_not_take(void)
{
	connect_at(1006, MS(0));
	from_db(1006, RST, 120, 0, MS(200));
	CHECK(gap_count == 0);
	from_db(1006, RST, 110, 0, MS(300));
	CHECK(is_only_gap(MS(0), MS(300)));
}

static void
a_new_connection_of_the_same_hosts_ends_the_old_one(void)
{
	connect_at(1007, MS(0));
	from_app(1007, ACK, 5000, 10, MS(0));
	from_db(1007, FIN | ACK, 120, 0, MS(200));
	from_app(1008, SYN, 7000, 0, MS(400));
	CHECK(gap_count == 2);
	CHECK(is_ended(0, DB, MS(0), MS(400), 0) ||
		  is_ended(1, DB, MS(0), MS(400), 0));
	CHECK(is_ended(0, APP, MS(0), MS(400), 0) ||
		  is_ended(1, APP, MS(0), MS(400), 0));
	/* What still comes of it, it is a stream that has begun anew. */
	end_watch();
	CHECK(gap_count == 2);
}

static void
a_connection_of_other_hosts_ends_nothing(void)
{
	connect_at(1009, MS(0));
	segment("10.79.0.12", 1009, DB, PORT, SYN, 7000, 0, MS(400));
	segment("10.79.0.12", 1009, DB, PORT, FIN | ACK, 7001, 0, MS(400));
	CHECK(gap_count == 0);
	from_db(1009, FIN | ACK, 110, 0, MS(500));
	CHECK(is_only_gap(MS(0), MS(500)));
}

static void
a_repeated_syn_is_the_same_connection(void)
{
	gap_count = 0;
	from_app(1010, SYN, 4999, 0, MS(0));
	from_app(1010, SYN, 4999, 0, MS(1000));
	from_app(1010, ACK, 5000, 10, MS(1100));
	CHECK(gap_count == 0);
	from_app(1010, FIN | ACK, 5010, 0, MS(1110));
	CHECK(gap_count == 0);
}

static void
a_stream_that_is_joined_begins_with_its_first_segment(void)
{
	gap_count = 0;
	from_db(1011, ACK, 5000, 10, MS(0));
	from_db(1011, ACK, 4990, 10, MS(100));
	CHECK(gap_count == 0);
	from_db(1011, ACK, 5010, 10, MS(200));
	CHECK(is_only_gap(MS(0), MS(200)));
	from_db(1011, FIN | ACK, 5020, 0, MS(210));
}

static void
sequence_numbers_wrap_around(void)
{
	gap_count = 0;
	from_db(1012, SYN | ACK, UINT32_MAX - 5, 0, MS(0));
	from_db(1012, ACK, UINT32_MAX - 4, 10, MS(0));
	from_db(1012, ACK, 5, 10, MS(100));
	CHECK(is_only_gap(MS(0), MS(100)));
	from_db(1012, FIN | ACK, 15, 0, MS(110));
}

static void
a_gap_that_goes_on_is_told_at_the_end(void)
{
	connect_at(1013, MS(0));
	end_watch();
	CHECK(gap_count == 1 && is_ended(0, DB, MS(0), -1, 0));
}

int
main(void)
{
	begin_watch(PORT);
	RUN(the_next_bytes_end_a_gap);
	RUN(what_comes_behind_a_hole_does_not_end_a_gap);
	RUN(nor_do_bytes_that_came_before_or_none_at_all);
	RUN(the_end_ends_a_gap);
	RUN(an_end_behind_a_hole_does_not);
	RUN(nor_does_a_reset_that_the_receiver_does_not_take);
	RUN(a_new_connection_of_the_same_hosts_ends_the_old_one);
	RUN(a_connection_of_other_hosts_ends_nothing);
	RUN(a_repeated_syn_is_the_same_connection);
	RUN(a_stream_that_is_joined_begins_with_its_first_segment);
	RUN(sequence_numbers_wrap_around);
	RUN(a_gap_that_goes_on_is_told_at_the_end);
	return finish();
}
