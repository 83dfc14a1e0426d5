/*-------------------------------------------------------------------------
 *
 * address.h
 *	  IP addresses, blocks of them, and the lists that the settings hold.
 *
 * Plain C, no PostgreSQL header.  An IPv4-mapped IPv6 address is the IPv4
 * address everywhere.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_ADDRESS_H
#define WATCHDOG_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define WD_MAX_BLOCKS		   1000
#define WD_MAX_LISTEN_ELEMENTS 64
#define WD_ELEMENT_BYTES	   256

/* The numeric address of a TCP peer. */
typedef struct WdAddress
{
	uint8_t family;	   /* 4 or 6; 0 is none */
	uint8_t bytes[16]; /* network order; IPv4 in the first 4, rest 0 */
} WdAddress;

/* All addresses with the same first bits; the others are 0 here. */
typedef struct WdBlock
{
	WdAddress address;
	uint8_t	  prefix; /* number of bits that count */
} WdBlock;

/* What is wrong with a list; detail and hint are sentences. */
typedef struct WdListProblem
{
	char		element[WD_ELEMENT_BYTES]; /* the element, or what fits of it */
	const char *detail;
	const char *hint;
} WdListProblem;

static inline bool
wd_address_equal(const WdAddress *a, const WdAddress *b)
{
	return a->family == b->family &&
		   memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

extern void wd_address_of(const struct sockaddr *sockaddr, WdAddress *address);
extern bool wd_address_is_loopback(const WdAddress *address);
extern int	wd_list_next(const char **at, char *element);
extern bool wd_blocks_parse(const char *text, WdBlock *blocks, uint16_t *count,
							WdListProblem *problem);
extern bool wd_listen_list_check(const char *text, WdListProblem *problem);

#endif /* WATCHDOG_ADDRESS_H */
