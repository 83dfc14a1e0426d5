/*-------------------------------------------------------------------------
 *
 * address.c
 *	  IP addresses, blocks of them, and the lists that the settings hold.
 *
 *-------------------------------------------------------------------------
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#define MAPPED_BYTES 12
#define MAPPED_BITS	 96

static const uint8_t mapped_prefix[MAPPED_BYTES] = {0, 0, 0, 0, 0,	  0,
													0, 0, 0, 0, 0xff, 0xff};

static void
set_ipv4(WdAddress *address, const uint8_t *bytes)
{
	memset(address, 0, sizeof(*address));
	address->family = 4;
	memcpy(address->bytes, bytes, 4);
}

/* An IPv4-mapped IPv6 address becomes IPv4; anything but IP gets family 0. */
void
wd_address_of(const struct sockaddr *sockaddr, WdAddress *address)
{
	memset(address, 0, sizeof(*address));
	if (sockaddr->sa_family == AF_INET)
		set_ipv4(address,
				 (const uint8_t *) &((const struct sockaddr_in *) sockaddr)
					 ->sin_addr);
	else if (sockaddr->sa_family == AF_INET6)
	{
		const uint8_t *bytes =
			((const struct sockaddr_in6 *) sockaddr)->sin6_addr.s6_addr;

		if (memcmp(bytes, mapped_prefix, MAPPED_BYTES) == 0)
			set_ipv4(address, bytes + MAPPED_BYTES);
		else
		{
			address->family = 6;
			memcpy(address->bytes, bytes, 16);
		}
	}
}

bool
wd_address_is_loopback(const WdAddress *address)
{
	static const uint8_t loopback6[16] = {[15] = 1};

	if (address->family == 4)
		return address->bytes[0] == 127;
	return address->family == 6 && memcmp(address->bytes, loopback6, 16) == 0;
}

/*
 * Takes the next element of a list: elements are separated by commas, blanks
 * around them do not count, a list of blanks has none.  Returns 1 with the
 * element (WD_ELEMENT_BYTES, cut), 0 at the end, -1 if an element is missing
 * or too long.
 */
int
wd_list_next(const char **at, char *element)
{
	static const char blanks[] = " \t\r\n";
	const char		 *begin = *at;
	size_t			  length;
	bool			  fits;

	if (begin == NULL)
		return 0;
	length = strcspn(begin, ",");
	*at = begin[length] == ',' ? begin + length + 1 : NULL;
	while (length > 0 && strchr(blanks, *begin) != NULL)
	{
		begin++;
		length--;
	}
	while (length > 0 && strchr(blanks, begin[length - 1]) != NULL)
		length--;
	fits = length < WD_ELEMENT_BYTES;
	if (!fits)
		length = WD_ELEMENT_BYTES - 1;
	memcpy(element, begin, length);
	element[length] = '\0';
	return length > 0 && fits ? 1 : -1;
}

/* A list without any element is valid; one with a gap is not. */
static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static bool
problem_with(WdListProblem *problem, const char *detail, const char *hint)
{
	problem->detail = detail;
	problem->hint = hint;
	return false;
}

/* Reads a numeric address without scope; false if it is none. */
static bool
parse_address(const char *text, WdAddress *address)
{
	uint8_t bytes[16];

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, bytes) == 1)
	{
		set_ipv4(address, bytes);
		return true;
	}
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	address->family = 6;
	memcpy(address->bytes, bytes, 16);
	return true;
}

/* Reads "24"; false unless it is a plain number up to the limit. */
static bool
parse_prefix(const char *text, int limit, uint8_t *prefix)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 3 || text[digits] != '\0' || atoi(text) > limit)
		return false;
	*prefix = (uint8_t) atoi(text);
	return true;
}

static bool
has_bits_behind(const WdBlock *block)
{
	for (int bit = block->prefix; bit < 128; bit++)
	{
		if (block->address.bytes[bit / 8] & (0x80 >> (bit % 8)))
			return true;
	}
	return false;
}

/* ::ffff:10.0.0.0/104 is 10.0.0.0/8 */
static void
unmap(WdBlock *block)
{
	if (block->address.family == 6 && block->prefix >= MAPPED_BITS &&
		memcmp(block->address.bytes, mapped_prefix, MAPPED_BYTES) == 0)
	{
		uint8_t bytes[4];

		memcpy(bytes, block->address.bytes + MAPPED_BYTES, 4);
		set_ipv4(&block->address, bytes);
		block->prefix -= MAPPED_BITS;
	}
}

static bool
parse_block(const char *element, WdBlock *block, WdListProblem *problem)
{
	char		text[WD_ELEMENT_BYTES];
	char	   *slash;
	const char *names_hint =
		"Write addresses such as 192.0.2.7 or 2001:db8::7, blocks such as 192.0.2.0/24, or *; names are not looked up.";

	strcpy(text, element);
	slash = strchr(text, '/');
	if (slash != NULL)
		*slash = '\0';
	if (!parse_address(text, &block->address))
		return problem_with(problem, "It is no numeric address.", names_hint);
	block->prefix = block->address.family == 4 ? 32 : 128;
	if (slash != NULL && !parse_prefix(slash + 1, block->prefix, &block->prefix))
		return problem_with(problem,
							"It has an invalid number of bits behind the slash.",
							"IPv4 blocks have /0 to /32, IPv6 blocks /0 to /128.");
	if (has_bits_behind(block))
		return problem_with(problem, "It has bits set to the right of its mask.",
							"Write a block by its first address, such as 192.0.2.0/24.");
	unmap(block);
	return true;
}

/*
 * Reads the addresses and blocks of a list; "*" is every address.  blocks has
 * room for WD_MAX_BLOCKS.  On false *problem says what is wrong.
 */
bool
wd_blocks_parse(const char *text, WdBlock *blocks, uint16_t *count,
				WdListProblem *problem)
{
	const char *at = is_blank(text) ? NULL : text;
	int			found;

	memset(problem, 0, sizeof(*problem));
	*count = 0;
	while ((found = wd_list_next(&at, problem->element)) != 0)
	{
		bool all = strcmp(problem->element, "*") == 0;

		if (found < 0)
			return problem_with(problem, "An element is missing or too long.",
								"Separate the elements by single commas.");
		if (*count + (all ? 2 : 1) > WD_MAX_BLOCKS)
			return problem_with(problem, "The list is too long.",
								"Combine addresses to blocks.");
		if (all)
		{
			blocks[(*count)++] = (WdBlock){.address = {.family = 4}};
			blocks[(*count)++] = (WdBlock){.address = {.family = 6}};
		}
		else if (parse_block(problem->element, &blocks[*count], problem))
			(*count)++;
		else
			return false;
	}
	return true;
}

/* Whether getaddrinfo() could be asked for it: an address or a host name. */
static bool
is_address_or_name(const char *element)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	char	  text[WD_ELEMENT_BYTES];
	WdAddress address;

	strcpy(text, element);
	text[strcspn(text, "%")] = '\0';
	if (parse_address(text, &address))
		return address.family == 6 || strchr(element, '%') == NULL;
	/* Digits and dots alone are an address with a mistake. */
	return element[strspn(element, letters)] == '\0' &&
		   element[strspn(element, "0123456789.")] != '\0';
}

/* Whether the list could be one of addresses to listen on; asks no resolver. */
bool
wd_listen_list_check(const char *text, WdListProblem *problem)
{
	const char *at = is_blank(text) ? NULL : text;
	int			elements = 0;
	int			found;

	memset(problem, 0, sizeof(*problem));
	while ((found = wd_list_next(&at, problem->element)) != 0)
	{
		if (found < 0)
			return problem_with(problem, "An element is missing or too long.",
								"Separate the elements by single commas.");
		if (++elements > WD_MAX_LISTEN_ELEMENTS)
			return problem_with(problem, "The list is too long.",
								"Use * for all addresses of this host.");
		if (strchr(problem->element, '/') != NULL)
			return problem_with(problem, "A block is no address to listen on.",
								"Who may connect is the matter of watchdog.allowed_conmgrs.");
		if (strcmp(problem->element, "*") != 0 &&
			!is_address_or_name(problem->element))
			return problem_with(problem,
								"It is neither an address nor a host name.",
								"Write *, or addresses and host names separated by commas.");
	}
	return true;
}
