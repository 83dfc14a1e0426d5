/*-------------------------------------------------------------------------
 *
 * address_test.c
 *	  Addresses of sockets, and the lists of the settings.
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "address.h"
#include "check.h"

static WdBlock		 blocks[WD_MAX_BLOCKS];
static uint16_t		 count;
static WdListProblem problem;

static WdAddress
of6(const char *text)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	WdAddress			address;

	inet_pton(AF_INET6, text, &in6.sin6_addr);
	wd_address_of((const struct sockaddr *) &in6, &address);
	return address;
}

static WdAddress
of4(const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	WdAddress		   address;

	inet_pton(AF_INET, text, &in.sin_addr);
	wd_address_of((const struct sockaddr *) &in, &address);
	return address;
}

static void
a_mapped_address_is_the_ipv4_address(void)
{
	WdAddress mapped = of6("::ffff:192.0.2.7");
	WdAddress plain = of4("192.0.2.7");
	WdAddress compatible = of6("::192.0.2.7");
	WdAddress unix_socket;

	CHECK(plain.family == 4 && wd_address_equal(&mapped, &plain));
	CHECK(compatible.family == 6);
	wd_address_of(&(struct sockaddr){.sa_family = AF_UNIX}, &unix_socket);
	CHECK(unix_socket.family == 0);
}

static void
loopback_is_told_from_the_rest(void)
{
	WdAddress yes[] = {of4("127.0.0.1"), of4("127.9.9.9"), of6("::1")};
	WdAddress no[] = {of4("128.0.0.1"), of6("::2"), of6("::")};

	for (int i = 0; i < 3; i++)
	{
		CHECK(wd_address_is_loopback(&yes[i]));
		CHECK(!wd_address_is_loopback(&no[i]));
	}
}

static bool
parses(const char *text)
{
	bool ok = wd_blocks_parse(text, blocks, &count, &problem);

	CHECK(ok == (problem.detail == NULL));
	return ok;
}

static void
addresses_and_blocks_are_read(void)
{
	CHECK(parses(" 192.0.2.7,10.0.0.0/8 ,\t2001:db8::/33, ::1"));
	CHECK(count == 4);
	CHECK(blocks[0].address.family == 4 && blocks[0].prefix == 32);
	CHECK(blocks[1].prefix == 8 && blocks[1].address.bytes[0] == 10);
	CHECK(blocks[2].address.family == 6 && blocks[2].prefix == 33);
	CHECK(blocks[3].prefix == 128 && blocks[3].address.bytes[15] == 1);
}

static void
a_star_is_everybody_and_nothing_is_nobody(void)
{
	CHECK(parses("*") && count == 2);
	CHECK(blocks[0].address.family == 4 && blocks[0].prefix == 0);
	CHECK(blocks[1].address.family == 6 && blocks[1].prefix == 0);
	CHECK(parses("") && count == 0);
	CHECK(parses(" \n") && count == 0);
}

static void
a_mapped_block_is_the_ipv4_block(void)
{
	CHECK(parses("::ffff:10.0.0.0/104, ::ffff:0.0.0.0/96, ::ffff:1.2.3.4"));
	CHECK(blocks[0].address.family == 4 && blocks[0].prefix == 8);
	CHECK(blocks[1].address.family == 4 && blocks[1].prefix == 0);
	CHECK(blocks[2].address.family == 4 && blocks[2].prefix == 32);
	CHECK(parses("::fffe:0:0/95") && blocks[0].address.family == 6);
}

static void
bad_lists_are_refused_with_the_element_and_a_hint(void)
{
	static const char *const bad[] = {"10.0.0",		  "10.0.0.256",
									  "app1",		  "10.0.0.1/33",
									  "::1/129",	  "10.0.0.1/24",
									  "::1/127",	  "10.0.0.0/",
									  "10.0.0.0/-1",  "10.0.0.0/8x",
									  "fe80::1%eth0", "10.0.0.0/0008",
									  "10.0.0.0/ 8",  "/8"};

	for (int i = 0; i < (int) (sizeof(bad) / sizeof(bad[0])); i++)
	{
		CHECK(!parses(bad[i]));
		CHECK(strcmp(problem.element, bad[i]) == 0);
		CHECK(problem.hint != NULL);
	}
	CHECK(!parses("10.0.0.1,"));
	CHECK(!parses(",10.0.0.1"));
	CHECK(!parses("10.0.0.1,,10.0.0.2"));
	CHECK(!parses("10.0.0.1 10.0.0.2"));
}

static void
a_list_may_have_a_thousand_blocks(void)
{
	static char text[12 * WD_MAX_BLOCKS];
	char	   *at = text;

	for (int i = 0; i < WD_MAX_BLOCKS; i++)
		at += sprintf(at, "%s10.0.%d.%d", i > 0 ? "," : "", i / 256, i % 256);
	CHECK(parses(text) && count == WD_MAX_BLOCKS);
	strcpy(at, ",::1");
	CHECK(!parses(text));
}

static void
an_element_that_is_too_long_is_refused_whole(void)
{
	char text[2 * WD_ELEMENT_BYTES];

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	CHECK(!parses(text));
	CHECK(strlen(problem.element) == WD_ELEMENT_BYTES - 1);
	CHECK(!wd_listen_list_check(text, &problem));
}

static void
addresses_to_listen_on_are_addresses_names_or_a_star(void)
{
	static const char *const good[] =
		{"*",			"",			 "0.0.0.0",
		 "::",			"localhost", "db1.example.com, 10.0.0.1",
		 "fe80::1%eth0"};
	static const char *const bad[] = {"10.0.0.0/8",	   "10.0.0.256", "10.0.0",
									  "a b",		   "a,,b",		 "[::1]",
									  "10.0.0.1%eth0", "tcp://db1",	 ","};

	for (int i = 0; i < (int) (sizeof(good) / sizeof(good[0])); i++)
		CHECK(wd_listen_list_check(good[i], &problem));
	for (int i = 0; i < (int) (sizeof(bad) / sizeof(bad[0])); i++)
	{
		CHECK(!wd_listen_list_check(bad[i], &problem));
		CHECK(problem.detail != NULL && problem.hint != NULL);
	}
}

int
main(void)
{
	RUN(a_mapped_address_is_the_ipv4_address);
	RUN(loopback_is_told_from_the_rest);
	RUN(addresses_and_blocks_are_read);
	RUN(a_star_is_everybody_and_nothing_is_nobody);
	RUN(a_mapped_block_is_the_ipv4_block);
	RUN(bad_lists_are_refused_with_the_element_and_a_hint);
	RUN(a_list_may_have_a_thousand_blocks);
	RUN(an_element_that_is_too_long_is_refused_whole);
	RUN(addresses_to_listen_on_are_addresses_names_or_a_star);
	return finish();
}
