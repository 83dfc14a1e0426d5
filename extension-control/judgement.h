/*-------------------------------------------------------------------------
 *
 * judgement.h
 *	  What Java decided about a dead client host.
 *
 * Plain C: used by the tick codec and by the termination rules, both of
 * which are tested without a server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_JUDGEMENT_H
#define WATCHDOG_JUDGEMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WD_CONMGR_ID_BYTES 16

/* The numeric address of a TCP peer; an IPv4-mapped IPv6 address is IPv4. */
typedef struct WdAddress
{
	uint8_t family;	   /* 4 or 6 */
	uint8_t bytes[16]; /* network order; IPv4 in the first 4, rest 0 */
} WdAddress;

typedef enum WdReason
{
	WD_REASON_TIMEOUT = 1,
	WD_REASON_CLOSED = 2,
	WD_REASON_GOODBYE = 3
} WdReason;

typedef struct WdJudgement
{
	WdAddress address;
	uint8_t	  conmgr_id[WD_CONMGR_ID_BYTES];
	WdReason  reason;
	uint32_t  silence_ms;
	uint64_t  spare_newer_than_ms; /* younger sessions are never victims */
} WdJudgement;

static inline bool
wd_address_equal(const WdAddress *a, const WdAddress *b)
{
	return a->family == b->family &&
		   memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

#endif /* WATCHDOG_JUDGEMENT_H */
