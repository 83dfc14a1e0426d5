/*-------------------------------------------------------------------------
 *
 * tick.h
 *	  Codec of the bytes that C and Java exchange (docs/protocol.md, Tick).
 *
 * Plain C, no PostgreSQL header.  Encoding writes into the caller's buffer;
 * decoding only points into it, and checks every bound first: what comes out
 * of a broken JVM must not become a crash here.
 *
 *-------------------------------------------------------------------------
 */
#ifndef WATCHDOG_TICK_H
#define WATCHDOG_TICK_H

#include <stddef.h>

#include "judgement.h"

#define WD_TICK_VERSION 1

#define WD_TICK_FIRST	 0x01
#define WD_TICK_EXITING	 0x02
#define WD_TICK_ALLOWED	 0x04
#define WD_TICK_UPSTREAM 0x08

#define WD_STATE_IN_RECOVERY 0x01
#define WD_STATE_READ_ONLY	 0x02
#define WD_STATE_STOPPING	 0x04

#define WD_ANSWER_ROWS			0x01
#define WD_ANSWER_GOODBYES_SENT 0x02
#define WD_ANSWER_LISTENING		0x04

#define WD_PEER_ROW_BYTES 232
#define WD_PEER_ARMED	  0x01
#define WD_PEER_CONNECTED 0x02
#define WD_VERSION_BYTES  32

/* Of an upstream's host, without its NUL */
#define WD_MAX_HOST_BYTES 255

/* A round trip that is not known yet */
#define WD_NO_ROUND_TRIP UINT32_MAX

#define WD_MAX_JUDGEMENTS 1000
#define WD_MAX_LOG_LINES  64
#define WD_MAX_LOG_BYTES  1000

typedef enum WdLogLevel
{
	WD_LOG_DEBUG1 = 1,
	WD_LOG_LOG = 2,
	WD_LOG_WARNING = 3
} WdLogLevel;

/* An address to listen on; family 0 is all of this host. */
typedef struct WdListenAddress
{
	WdAddress address;
	uint32_t  scope; /* of a link-local IPv6 address, else 0 */
} WdListenAddress;

/* Whom a standby receives its write-ahead log from. */
typedef struct WdUpstream
{
	char	 host[WD_MAX_HOST_BYTES + 1]; /* "": from nobody */
	uint16_t port;
} WdUpstream;

/* What Java is told each time. */
typedef struct WdTickState
{
	uint8_t	 tick_flags;  /* WD_TICK_... */
	uint8_t	 state_flags; /* WD_STATE_... */
	uint32_t timeline;
	uint64_t lsn;
	uint8_t	 shared_address; /* 0 spare, 1 end */

	/* With WD_TICK_ALLOWED: who may connect from now on */
	uint16_t	   allowed_count;
	const WdBlock *allowed;

	/* With WD_TICK_UPSTREAM: another one than at the last tick */
	const WdUpstream *upstream;
} WdTickState;

/* What Java is told on its first tick only (WD_TICK_FIRST). */
typedef struct WdTickStart
{
	uint16_t			   port;
	uint32_t			   max_peers;
	uint64_t			   system_identifier;
	int64_t				   postmaster_start_us; /* since 1970-01-01 UTC */
	uint32_t			   wake_fd;
	uint16_t			   secret_length; /* 0 is none */
	const uint8_t		  *secret;
	uint16_t			   listen_count;
	const WdListenAddress *listen;
	uint32_t			   row_count;
	const uint8_t		  *rows; /* row_count * WD_PEER_ROW_BYTES */
} WdTickStart;

typedef struct WdTickAnswer
{
	uint8_t		   flags; /* WD_ANSWER_... */
	uint32_t	   row_count;
	const uint8_t *rows;
	uint16_t	   judgement_count;
	const uint8_t *judgements;
	uint16_t	   log_count;
	const uint8_t *logs;
} WdTickAnswer;

typedef struct WdLogLine
{
	WdLogLevel	level;
	uint16_t	length;
	const char *text; /* not terminated, not checked for control
								 * characters */
} WdLogLine;

typedef struct WdPeerRow
{
	WdAddress address;
	uint8_t	  flags; /* WD_PEER_... */
	uint16_t  port;
	uint32_t  interval_ms;
	uint32_t  timeout_ms;
	uint8_t	  conmgr_id[WD_CONMGR_ID_BYTES];
	int64_t	  connected_us;					 /* since 1970-01-01 UTC */
	int64_t	  last_frame_us;				 /* the same */
	uint32_t  round_trip_us;				 /* or WD_NO_ROUND_TRIP */
	char	  version[WD_VERSION_BYTES + 1]; /* of its software */
} WdPeerRow;

extern size_t
wd_tick_request_size(const WdTickState *state, const WdTickStart *start);
extern size_t wd_tick_encode(uint8_t *out, const WdTickState *state,
							 const WdTickStart *start);
extern size_t wd_tick_max_answer_size(uint32_t max_peers);
extern bool
wd_tick_decode(const uint8_t *bytes, size_t length, uint32_t max_peers,
			   WdTickAnswer *answer, const char **problem);
extern void wd_tick_judgement(const WdTickAnswer *answer, uint16_t number,
							  WdJudgement *judgement);
extern const uint8_t *wd_tick_next_log(const uint8_t *at, WdLogLine *line);
extern bool			  wd_peer_row_decode(const uint8_t *row, WdPeerRow *peer);
extern bool			  wd_peer_row_has_flag(const uint8_t *row, uint8_t flag);
extern void			  wd_peer_row_clear_flag(uint8_t *row, uint8_t flag);

#endif /* WATCHDOG_TICK_H */
