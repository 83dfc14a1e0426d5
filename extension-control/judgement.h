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

#include "address.h"

#define WD_CONMGR_ID_BYTES	16
#define WD_MACHINE_ID_BYTES 64

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
	char	  machine_id[WD_MACHINE_ID_BYTES + 1]; /* "" if it told none */
} WdJudgement;

/* 32 hexadecimal digits */
#define WD_CONMGR_ID_TEXT (2 * WD_CONMGR_ID_BYTES + 1)

extern const char *wd_reason_name(WdReason reason);
extern void		   wd_conmgr_id_text(const uint8_t *id, char *text);

#endif /* WATCHDOG_JUDGEMENT_H */
