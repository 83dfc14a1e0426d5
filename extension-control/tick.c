/*-------------------------------------------------------------------------
 *
 * tick.c
 *	  Codec of the bytes that C and Java exchange (docs/protocol.md, Tick).
 *
 *-------------------------------------------------------------------------
 */
#include "tick.h"

#define STATE_BYTES		 17
#define START_BYTES		 34
#define BLOCK_BYTES		 18
#define LISTEN_BYTES	 21
#define JUDGEMENT_BYTES	 110
#define LOG_HEADER_BYTES 3
#define ANSWER_FLAGS \
	(WD_ANSWER_ROWS | WD_ANSWER_GOODBYES_SENT | WD_ANSWER_LISTENING)

/* Offsets in a peer row */
#define ROW_FLAGS	   1
#define ROW_PORT	   2
#define ROW_ADDRESS	   4
#define ROW_INTERVAL   20
#define ROW_TIMEOUT	   24
#define ROW_CONMGR_ID  28
#define ROW_CONNECTED  180
#define ROW_LAST_FRAME 188
#define ROW_ROUND_TRIP 196
#define ROW_VERSION	   200

/* Offset in a judgement */
#define JUDGEMENT_MACHINE_ID 46

/* The part of an answer that is not read yet. */
typedef struct Reader
{
	const uint8_t *at;
	size_t		   left;
} Reader;

static uint8_t *
put(uint8_t *out, uint64_t value, int bytes)
{
	for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
		*out++ = (uint8_t) (value >> shift);
	return out;
}

static uint64_t
get(const uint8_t *in, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = (value << 8) | in[i];
	return value;
}

/* Returns where the next bytes start, or NULL if there are not so many. */
static const uint8_t *
take(Reader *reader, size_t bytes)
{
	const uint8_t *at = reader->at;

	if (reader->left < bytes)
		return NULL;
	reader->at += bytes;
	reader->left -= bytes;
	return at;
}

/* Bytes that wd_tick_encode() will write; start is NULL but for the first. */
size_t
wd_tick_request_size(const WdTickState *state, const WdTickStart *start)
{
	size_t size = STATE_BYTES;

	if (state->tick_flags & WD_TICK_ALLOWED)
		size += 2 + (size_t) state->allowed_count * BLOCK_BYTES;
	if (state->tick_flags & WD_TICK_UPSTREAM)
		size += 2 + 2 + strlen(state->upstream->host);
	if (start != NULL)
		size += START_BYTES + start->secret_length +
				(size_t) start->listen_count * LISTEN_BYTES +
				(size_t) start->row_count * WD_PEER_ROW_BYTES;
	return size;
}

static uint8_t *
put_bytes(uint8_t *out, const void *bytes, size_t length)
{
	if (length > 0)
		memcpy(out, bytes, length);
	return out + length;
}

static uint8_t *
put_address(uint8_t *out, const WdAddress *address)
{
	out = put(out, address->family, 1);
	return put_bytes(out, address->bytes, sizeof(address->bytes));
}

static uint8_t *
put_allowed(uint8_t *out, const WdTickState *state)
{
	out = put(out, state->allowed_count, 2);
	for (uint16_t i = 0; i < state->allowed_count; i++)
	{
		out = put_address(out, &state->allowed[i].address);
		out = put(out, state->allowed[i].prefix, 1);
	}
	return out;
}

static uint8_t *
put_upstream(uint8_t *out, const WdUpstream *upstream)
{
	size_t length = strlen(upstream->host);

	out = put(out, 2 + length, 2);
	out = put(out, upstream->port, 2);
	return put_bytes(out, upstream->host, length);
}

static uint8_t *
put_state(uint8_t *out, const WdTickState *state)
{
	out = put(out, WD_TICK_VERSION, 2);
	out = put(out, state->tick_flags, 1);
	out = put(out, state->state_flags, 1);
	out = put(out, state->timeline, 4);
	out = put(out, state->lsn, 8);
	out = put(out, state->shared_address, 1);
	if (state->tick_flags & WD_TICK_ALLOWED)
		out = put_allowed(out, state);
	if (state->tick_flags & WD_TICK_UPSTREAM)
		out = put_upstream(out, state->upstream);
	return out;
}

static uint8_t *
put_start(uint8_t *out, const WdTickStart *start)
{
	out = put(out, start->port, 2);
	out = put(out, start->max_peers, 4);
	out = put(out, start->system_identifier, 8);
	out = put(out, (uint64_t) start->postmaster_start_us, 8);
	out = put(out, start->wake_fd, 4);
	out = put(out, start->secret_length, 2);
	out = put_bytes(out, start->secret, start->secret_length);
	out = put(out, start->listen_count, 2);
	for (uint16_t i = 0; i < start->listen_count; i++)
	{
		out = put_address(out, &start->listen[i].address);
		out = put(out, start->listen[i].scope, 4);
	}
	out = put(out, start->row_count, 4);
	return put_bytes(out, start->rows,
					 (size_t) start->row_count * WD_PEER_ROW_BYTES);
}

/* Writes one request into out and returns its size. */
size_t
wd_tick_encode(uint8_t *out, const WdTickState *state, const WdTickStart *start)
{
	uint8_t *at = put_state(out, state);

	if (start != NULL)
		at = put_start(at, start);
	return (size_t) (at - out);
}

/* The longest answer that can be valid; a longer one need not be read. */
size_t
wd_tick_max_answer_size(uint32_t max_peers)
{
	return 2 + 1 + 4 + (size_t) max_peers * WD_PEER_ROW_BYTES + 2 +
		   (size_t) WD_MAX_JUDGEMENTS * JUDGEMENT_BYTES + 2 +
		   (size_t) WD_MAX_LOG_LINES * (LOG_HEADER_BYTES + WD_MAX_LOG_BYTES);
}

static bool
valid_family(uint8_t family)
{
	return family == 4 || family == 6;
}

static const char *
decode_rows(Reader *reader, uint32_t max_peers, WdTickAnswer *answer)
{
	const uint8_t *count = take(reader, 4);

	if (count == NULL)
		return "it ends before the number of peer rows";
	answer->row_count = (uint32_t) get(count, 4);
	if (answer->row_count > max_peers)
		return "it has more peer rows than there are slots";
	if (answer->row_count > 0 && (answer->flags & WD_ANSWER_ROWS) == 0)
		return "it has peer rows but not the flag for them";
	answer->rows = take(reader, (size_t) answer->row_count * WD_PEER_ROW_BYTES);
	if (answer->rows == NULL)
		return "it ends within the peer rows";
	for (uint32_t i = 0; i < answer->row_count; i++)
	{
		const uint8_t *row = answer->rows + (size_t) i * WD_PEER_ROW_BYTES;

		if (!valid_family(row[0]))
			return "a peer row has an unknown address family";
		if (row[ROW_FLAGS] & ~(WD_PEER_ARMED | WD_PEER_CONNECTED))
			return "a peer row has unknown flags";
	}
	return NULL;
}

static const char *
decode_judgements(Reader *reader, WdTickAnswer *answer)
{
	const uint8_t *count = take(reader, 2);

	if (count == NULL)
		return "it ends before the number of judgements";
	answer->judgement_count = (uint16_t) get(count, 2);
	if (answer->judgement_count > WD_MAX_JUDGEMENTS)
		return "it has too many judgements";
	answer->judgements =
		take(reader, (size_t) answer->judgement_count * JUDGEMENT_BYTES);
	if (answer->judgements == NULL)
		return "it ends within the judgements";
	for (uint16_t i = 0; i < answer->judgement_count; i++)
	{
		const uint8_t *at = answer->judgements + (size_t) i * JUDGEMENT_BYTES;

		if (!valid_family(at[0]))
			return "a judgement has an unknown address family";
		if (at[33] < WD_REASON_TIMEOUT || at[33] > WD_REASON_GOODBYE)
			return "a judgement has an unknown reason";
	}
	return NULL;
}

static const char *
decode_logs(Reader *reader, WdTickAnswer *answer)
{
	const uint8_t *count = take(reader, 2);

	if (count == NULL)
		return "it ends before the number of log lines";
	answer->log_count = (uint16_t) get(count, 2);
	if (answer->log_count > WD_MAX_LOG_LINES)
		return "it has too many log lines";
	answer->logs = reader->at;
	for (uint16_t i = 0; i < answer->log_count; i++)
	{
		const uint8_t *head = take(reader, LOG_HEADER_BYTES);

		if (head == NULL)
			return "it ends within the log lines";
		if (head[0] < WD_LOG_DEBUG1 || head[0] > WD_LOG_WARNING)
			return "a log line has an unknown level";
		if (get(head + 1, 2) > WD_MAX_LOG_BYTES)
			return "a log line is too long";
		if (take(reader, (size_t) get(head + 1, 2)) == NULL)
			return "it ends within a log line";
	}
	return NULL;
}

static const char *
decode_answer(Reader *reader, uint32_t max_peers, WdTickAnswer *answer)
{
	const uint8_t *head = take(reader, 3);
	const char	  *problem;

	if (head == NULL)
		return "it ends before its flags";
	if (get(head, 2) != WD_TICK_VERSION)
		return "its format version is unknown";
	answer->flags = head[2];
	if (answer->flags & ~ANSWER_FLAGS)
		return "it has unknown flags";
	if ((problem = decode_rows(reader, max_peers, answer)) != NULL ||
		(problem = decode_judgements(reader, answer)) != NULL ||
		(problem = decode_logs(reader, answer)) != NULL)
		return problem;
	return reader->left > 0 ? "it has bytes behind its end" : NULL;
}

/*
 * Checks a whole answer and says where its parts are.  On false nothing of it
 * may be used, and *problem says in English what is wrong with it.
 */
bool
wd_tick_decode(const uint8_t *bytes, size_t length, uint32_t max_peers,
			   WdTickAnswer *answer, const char **problem)
{
	Reader reader = {bytes, length};

	memset(answer, 0, sizeof(*answer));
	*problem = decode_answer(&reader, max_peers, answer);
	return *problem == NULL;
}

/*
 * Takes a text that ends with its field or a NUL; out has one byte more.  What
 * a peer told may hold anything: only what every encoding has gets through.
 */
static void
get_text(char *out, const uint8_t *in, size_t length)
{
	size_t i;

	for (i = 0; i < length && in[i] != 0; i++)
		out[i] = in[i] >= 0x20 && in[i] < 0x7f ? (char) in[i] : '?';
	out[i] = '\0';
}

/* Reads one judgement of a decoded answer; number counts from 0. */
void
wd_tick_judgement(const WdTickAnswer *answer, uint16_t number,
				  WdJudgement *judgement)
{
	const uint8_t *at = answer->judgements + (size_t) number * JUDGEMENT_BYTES;

	memset(judgement, 0, sizeof(*judgement));
	judgement->address.family = at[0];
	memcpy(judgement->address.bytes, at + 1, at[0] == 4 ? 4 : 16);
	memcpy(judgement->conmgr_id, at + 17, WD_CONMGR_ID_BYTES);
	judgement->reason = (WdReason) at[33];
	judgement->silence_ms = (uint32_t) get(at + 34, 4);
	judgement->spare_newer_than_ms = get(at + 38, 8);
	get_text(judgement->machine_id, at + JUDGEMENT_MACHINE_ID,
			 WD_MACHINE_ID_BYTES);
}

/*
 * Reads the log line at this place of a decoded answer (at first its logs)
 * and returns the place of the next one.
 */
const uint8_t *
wd_tick_next_log(const uint8_t *at, WdLogLine *line)
{
	line->level = (WdLogLevel) at[0];
	line->length = (uint16_t) get(at + 1, 2);
	line->text = (const char *) at + LOG_HEADER_BYTES;
	return at + LOG_HEADER_BYTES + line->length;
}

/* Reads what the view shows of a peer row; false if it makes no sense. */
bool
wd_peer_row_decode(const uint8_t *row, WdPeerRow *peer)
{
	if (!valid_family(row[0]))
		return false;
	memset(peer, 0, sizeof(*peer));
	peer->address.family = row[0];
	memcpy(peer->address.bytes, row + ROW_ADDRESS, row[0] == 4 ? 4 : 16);
	peer->flags = row[ROW_FLAGS];
	peer->port = (uint16_t) get(row + ROW_PORT, 2);
	peer->interval_ms = (uint32_t) get(row + ROW_INTERVAL, 4);
	peer->timeout_ms = (uint32_t) get(row + ROW_TIMEOUT, 4);
	memcpy(peer->conmgr_id, row + ROW_CONMGR_ID, WD_CONMGR_ID_BYTES);
	peer->connected_us = (int64_t) get(row + ROW_CONNECTED, 8);
	peer->last_frame_us = (int64_t) get(row + ROW_LAST_FRAME, 8);
	peer->round_trip_us = (uint32_t) get(row + ROW_ROUND_TRIP, 4);
	get_text(peer->version, row + ROW_VERSION, WD_VERSION_BYTES);
	return true;
}

bool
wd_peer_row_has_flag(const uint8_t *row, uint8_t flag)
{
	return (row[ROW_FLAGS] & flag) != 0;
}

void
wd_peer_row_clear_flag(uint8_t *row, uint8_t flag)
{
	row[ROW_FLAGS] &= (uint8_t) ~flag;
}
