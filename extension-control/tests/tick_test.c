/*-------------------------------------------------------------------------
 *
 * tick_test.c
 *	  The tick codec: exact bytes, every truncation, hostile answers.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "check.h"
#include "tick.h"

#define MAX_PEERS	 2
#define ROW			 232
#define JUDGEMENT	 110
#define ANSWER_BYTES (3 + 4 + 2 * ROW + 2 + JUDGEMENT + 2 + 3 + 2 + 3)

/* Where the parts of a sample answer start */
#define AT_ROW_COUNT  3
#define AT_ROWS		  7
#define AT_JUDGEMENTS (AT_ROWS + 2 * ROW)
#define AT_LOGS		  (AT_JUDGEMENTS + 2 + JUDGEMENT)

static uint8_t sample[ANSWER_BYTES];

/* Two rows, one judgement, two log lines: "hi" and an empty one. */
static void
make_sample(void)
{
	uint8_t *judgement = sample + AT_JUDGEMENTS + 2;

	memset(sample, 0, sizeof(sample));
	sample[1] = 1;
	sample[2] = WD_ANSWER_ROWS | WD_ANSWER_LISTENING;
	sample[AT_ROW_COUNT + 3] = 2;
	sample[AT_ROWS] = 4;
	sample[AT_ROWS + 1] = WD_PEER_ARMED | WD_PEER_CONNECTED;
	memcpy(sample + AT_ROWS + 2, "\xd4\x31\x0a\x00\x00\x07", 6);
	memcpy(sample + AT_ROWS + 20, "\x00\x00\x05\xdc\x00\x00\x0b\xb8", 8);
	sample[AT_ROWS + 28] = 0xcd;
	memcpy(sample + AT_ROWS + 180, "\x00\x06\x40\x00\x00\x00\x00\x01", 8);
	memcpy(sample + AT_ROWS + 188, "\x00\x06\x40\x00\x00\x00\x00\x02", 8);
	memcpy(sample + AT_ROWS + 196, "\x00\x00\x04\xd2", 4);
	memset(sample + AT_ROWS + 200, '9', WD_VERSION_BYTES);
	memcpy(sample + AT_ROWS + 200, "1.0\n\xc3", 5);
	sample[AT_ROWS + ROW] = 6;
	sample[AT_ROWS + ROW + 4] = 0xfd;
	sample[AT_JUDGEMENTS + 1] = 1;
	judgement[0] = 4;
	memcpy(judgement + 1, "\x0a\x00\x00\x09\xff\xff", 6);
	judgement[17] = 0xab;
	judgement[33] = WD_REASON_CLOSED;
	memcpy(judgement + 34, "\x00\x00\x0b\xb9", 4);
	memcpy(judgement + 38, "\x00\x00\x00\x01\x00\x00\x00\x02", 8);
	memcpy(judgement + 46, "machine", 7);
	sample[AT_LOGS + 1] = 2;
	memcpy(sample + AT_LOGS + 2, "\x03\x00\x02hi\x01\x00\x00", 8);
}

static bool
decodes(size_t length)
{
	/* An exact copy, so that a read past the end is seen. */
	uint8_t		*copy = malloc(length > 0 ? length : 1);
	WdTickAnswer answer;
	const char	*problem;
	bool		 ok;

	memcpy(copy, sample, length);
	ok = wd_tick_decode(copy, length, MAX_PEERS, &answer, &problem);
	CHECK(ok == (problem == NULL));
	free(copy);
	return ok;
}

static void
an_ordinary_request_has_the_documented_bytes(void)
{
	static const uint8_t expected[] = {0, 1, 2, 5, 0, 0, 0, 7, 0,
									   0, 0, 1, 2, 3, 4, 5, 1};
	WdTickState			 state =
		{WD_TICK_EXITING, 5, 7, UINT64_C(0x102030405), 1, 0, NULL, NULL};
	uint8_t out[64];

	CHECK(wd_tick_request_size(&state, NULL) == sizeof(expected));
	CHECK(wd_tick_encode(out, &state, NULL) == sizeof(expected));
	CHECK(memcmp(out, expected, sizeof(expected)) == 0);
}

static void
the_list_of_who_may_connect_follows_when_it_is_new(void)
{
	static const uint8_t expected[] = {0, 2, 4, 192, 0, 2, 0, 0,  0, 0,
									   0, 0, 0, 0,	 0, 0, 0, 0,  0, 24,
									   6, 0, 0, 0,	 0, 0, 0, 0,  0, 0,
									   0, 0, 0, 0,	 0, 0, 0, 128};
	const WdBlock		 blocks[] = {{{4, {192, 0, 2}}, 24}, {{6, {0}}, 128}};
	WdTickState			 state = {WD_TICK_ALLOWED, 0, 1, 2, 0, 2, blocks, NULL};
	uint8_t				 out[64];

	CHECK(wd_tick_request_size(&state, NULL) == 17 + sizeof(expected));
	CHECK(wd_tick_encode(out, &state, NULL) == 17 + sizeof(expected));
	CHECK(out[2] == 4);
	CHECK(memcmp(out + 17, expected, sizeof(expected)) == 0);
}

static void
the_upstream_follows_when_it_is_new(void)
{
	static const uint8_t expected[] = {0, 5, 0x15, 0x38, 'd', 'b', '1'};
	static const uint8_t nobody[] = {0, 2, 0, 0};
	const WdUpstream	 upstream = {"db1", 5432};
	const WdUpstream	 none = {"", 0};
	WdTickState state = {WD_TICK_UPSTREAM, 1, 1, 2, 0, 0, NULL, &upstream};
	uint8_t		out[64];

	CHECK(wd_tick_request_size(&state, NULL) == 17 + sizeof(expected));
	CHECK(wd_tick_encode(out, &state, NULL) == 17 + sizeof(expected));
	CHECK(out[2] == 8);
	CHECK(memcmp(out + 17, expected, sizeof(expected)) == 0);
	state.upstream = &none;
	CHECK(wd_tick_encode(out, &state, NULL) == 17 + sizeof(nobody));
	CHECK(memcmp(out + 17, nobody, sizeof(nobody)) == 0);
}

static void
the_first_request_carries_configuration_and_rows(void)
{
	static const uint8_t expected[] =
		{0,	   1, 1, 0,	 0,	   0,	 0,	   1,	 0,	   0,	 0,	   0,	 0,
		 0,	   0, 9, 0,	 0x6b, 0x99, 0,	   0,	 0,	   100,	 1,	   2,	 3,
		 4,	   5, 6, 7,	 8,	   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
		 0,	   0, 0, 11, 0,	   3,	 'k',  'e',	 'y',  0,	 1,	   6,	 0xfe,
		 0x80, 0, 0, 0,	 0,	   0,	 0,	   0,	 0,	   0,	 0,	   0,	 0,
		 0,	   0, 0, 0,	 0,	   5,	 0,	   0,	 0,	   1};
	WdTickState		state = {WD_TICK_FIRST, 0, 1, 9, 0, 0, NULL, NULL};
	uint8_t			row[WD_PEER_ROW_BYTES];
	WdListenAddress address = {{6, {0xfe, 0x80}}, 5};
	WdTickStart		start = {27545,
							 100,
							 UINT64_C(0x102030405060708),
							 -2,
							 11,
							 3,
							 (const uint8_t *) "key",
							 1,
							 &address,
							 1,
							 row};
	uint8_t			out[512];

	memset(row, 0x5a, sizeof(row));
	CHECK(wd_tick_request_size(&state, &start) ==
		  sizeof(expected) + sizeof(row));
	CHECK(wd_tick_encode(out, &state, &start) == sizeof(expected) + sizeof(row));
	CHECK(memcmp(out, expected, sizeof(expected)) == 0);
	CHECK(memcmp(out + sizeof(expected), row, sizeof(row)) == 0);
}

static void
a_valid_answer_is_read_field_by_field(void)
{
	WdTickAnswer   answer;
	WdJudgement	   judgement;
	WdLogLine	   line;
	WdPeerRow	   peer;
	const char	  *problem;
	const uint8_t *at;

	make_sample();
	CHECK(wd_tick_decode(sample, sizeof(sample), MAX_PEERS, &answer, &problem));
	CHECK(answer.flags == (WD_ANSWER_ROWS | WD_ANSWER_LISTENING));
	CHECK(answer.row_count == 2 && answer.judgement_count == 1);
	CHECK(wd_peer_row_decode(answer.rows, &peer));
	CHECK(peer.port == 54321 && peer.interval_ms == 1500);
	CHECK(peer.timeout_ms == 3000 && peer.address.bytes[3] == 7);
	CHECK(peer.conmgr_id[0] == 0xcd);
	CHECK(peer.connected_us == INT64_C(0x6400000000001));
	CHECK(peer.last_frame_us == peer.connected_us + 1);
	CHECK(peer.round_trip_us == 1234);
	/* What no encoding might have becomes '?'; the field may be full. */
	CHECK(strlen(peer.version) == WD_VERSION_BYTES);
	CHECK(strncmp(peer.version, "1.0??99", 7) == 0);
	wd_tick_judgement(&answer, 0, &judgement);
	CHECK(strcmp(judgement.machine_id, "machine") == 0);
	CHECK(judgement.address.family == 4 && judgement.address.bytes[3] == 9);
	/* What stands behind the 4 bytes of an IPv4 address does not count. */
	CHECK(judgement.address.bytes[4] == 0);
	CHECK(judgement.conmgr_id[0] == 0xab);
	CHECK(judgement.reason == WD_REASON_CLOSED);
	CHECK(judgement.silence_ms == 3001);
	CHECK(judgement.spare_newer_than_ms == UINT64_C(0x100000002));
	at = wd_tick_next_log(answer.logs, &line);
	CHECK(line.level == WD_LOG_WARNING && line.length == 2);
	CHECK(memcmp(line.text, "hi", 2) == 0);
	wd_tick_next_log(at, &line);
	CHECK(line.level == WD_LOG_DEBUG1 && line.length == 0);
}

static void
more_rows_than_slots_are_refused(void)
{
	WdTickAnswer answer;
	const char	*problem;

	make_sample();
	CHECK(!wd_tick_decode(sample, sizeof(sample), 1, &answer, &problem));
}

static void
no_truncation_is_valid(void)
{
	make_sample();
	CHECK(decodes(sizeof(sample)));
	for (size_t length = 0; length < sizeof(sample); length++)
		CHECK(!decodes(length));
}

/* One byte of the sample changed must make it invalid. */
static void
check_refused(size_t offset, uint8_t value)
{
	make_sample();
	sample[offset] = value;
	CHECK(!decodes(sizeof(sample)));
}

static void
impossible_values_are_refused(void)
{
	check_refused(0, 1); /* version 257 */
	check_refused(1, 2); /* version 2 */
	check_refused(2, 8); /* unknown flag, and rows without theirs */
	check_refused(2, WD_ANSWER_LISTENING);
	check_refused(AT_ROW_COUNT, 0x80);	/* 2 billion rows */
	check_refused(AT_ROW_COUNT + 3, 3); /* more than there are slots */
	check_refused(AT_ROW_COUNT + 3, 1); /* then the rest does not fit */
	check_refused(AT_ROWS, 5);
	check_refused(AT_ROWS + 1, 4);
	check_refused(AT_JUDGEMENTS, 0x03); /* 769, more than there are bytes */
	check_refused(AT_JUDGEMENTS, 0x04); /* 1025, more than allowed */
	check_refused(AT_JUDGEMENTS + 2, 0);
	check_refused(AT_JUDGEMENTS + 2 + 33, 0);
	check_refused(AT_JUDGEMENTS + 2 + 33, 4);
	check_refused(AT_LOGS, 1);
	check_refused(AT_LOGS + 1, 65);
	check_refused(AT_LOGS + 1, 1); /* then the second line is left over */
	check_refused(AT_LOGS + 2, 0);
	check_refused(AT_LOGS + 2, 4);
	check_refused(AT_LOGS + 3, 0xff);
}

static void
the_longest_valid_answer_is_the_stated_limit(void)
{
	size_t		 limit = wd_tick_max_answer_size(0);
	uint8_t		*bytes = calloc(1, limit + 1);
	uint8_t		*at = bytes + 3 + 4;
	WdTickAnswer answer;
	const char	*problem;

	bytes[1] = 1;
	at[0] = WD_MAX_JUDGEMENTS >> 8;
	at[1] = WD_MAX_JUDGEMENTS & 0xff;
	at += 2;
	for (int i = 0; i < WD_MAX_JUDGEMENTS; i++, at += JUDGEMENT)
	{
		at[0] = 6;
		at[33] = WD_REASON_GOODBYE;
	}
	at[1] = WD_MAX_LOG_LINES;
	at += 2;
	for (int i = 0; i < WD_MAX_LOG_LINES; i++, at += 3 + WD_MAX_LOG_BYTES)
	{
		at[0] = WD_LOG_LOG;
		at[1] = WD_MAX_LOG_BYTES >> 8;
		at[2] = WD_MAX_LOG_BYTES & 0xff;
	}
	CHECK((size_t) (at - bytes) == limit);
	CHECK(wd_tick_decode(bytes, limit, 0, &answer, &problem));
	CHECK(!wd_tick_decode(bytes, limit + 1, 0, &answer, &problem));
	free(bytes);
}

/* Counts and lengths just over a limit, with all their bytes there. */
static void
one_more_than_a_limit_is_refused(void)
{
	size_t	 judgements = 3 + 4 + 2 + (WD_MAX_JUDGEMENTS + 1) * JUDGEMENT + 2;
	size_t	 text = 3 + 4 + 2 + 2 + 3 + WD_MAX_LOG_BYTES + 1;
	uint8_t *bytes = calloc(1, judgements);
	WdTickAnswer answer;
	const char	*problem;

	bytes[1] = 1;
	bytes[10] = 1;
	bytes[11] = WD_LOG_LOG;
	bytes[12] = (WD_MAX_LOG_BYTES + 1) >> 8;
	bytes[13] = (WD_MAX_LOG_BYTES + 1) & 0xff;
	CHECK(!wd_tick_decode(bytes, text, 0, &answer, &problem));
	bytes[13]--;
	CHECK(wd_tick_decode(bytes, text - 1, 0, &answer, &problem));

	memset(bytes + 7, 0, judgements - 7);
	bytes[7] = (WD_MAX_JUDGEMENTS + 1) >> 8;
	bytes[8] = (WD_MAX_JUDGEMENTS + 1) & 0xff;
	for (int i = 0; i <= WD_MAX_JUDGEMENTS; i++)
	{
		bytes[9 + i * JUDGEMENT] = 4;
		bytes[9 + i * JUDGEMENT + 33] = WD_REASON_TIMEOUT;
	}
	CHECK(!wd_tick_decode(bytes, judgements, 0, &answer, &problem));
	bytes[8]--;
	memset(bytes + 9 + WD_MAX_JUDGEMENTS * JUDGEMENT, 0, 47);
	CHECK(wd_tick_decode(bytes, judgements - JUDGEMENT, 0, &answer, &problem));
	free(bytes);
}

/* Whatever bytes come, nothing outside of them is read (with sanitizers). */
static void
random_bytes_do_no_harm(void)
{
	uint32_t seed = 20261121;

	for (int round = 0; round < 20000; round++)
	{
		make_sample();
		for (int i = 0; i < 4; i++)
		{
			seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
			sample[(seed >> 8) % sizeof(sample)] = (uint8_t) (seed >> 24);
		}
		seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
		(void) decodes((seed >> 8) % (sizeof(sample) + 1));
	}
}

static void
row_flags_are_read_and_cleared(void)
{
	make_sample();
	CHECK(wd_peer_row_has_flag(sample + AT_ROWS, WD_PEER_CONNECTED));
	wd_peer_row_clear_flag(sample + AT_ROWS, WD_PEER_CONNECTED);
	CHECK(!wd_peer_row_has_flag(sample + AT_ROWS, WD_PEER_CONNECTED));
	CHECK(wd_peer_row_has_flag(sample + AT_ROWS, WD_PEER_ARMED));
}

int
main(void)
{
	RUN(an_ordinary_request_has_the_documented_bytes);
	RUN(the_list_of_who_may_connect_follows_when_it_is_new);
	RUN(the_upstream_follows_when_it_is_new);
	RUN(the_first_request_carries_configuration_and_rows);
	RUN(a_valid_answer_is_read_field_by_field);
	RUN(more_rows_than_slots_are_refused);
	RUN(no_truncation_is_valid);
	RUN(impossible_values_are_refused);
	RUN(the_longest_valid_answer_is_the_stated_limit);
	RUN(one_more_than_a_limit_is_refused);
	RUN(random_bytes_do_no_harm);
	RUN(row_flags_are_read_and_cleared);
	return finish();
}
