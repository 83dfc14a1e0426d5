/*-------------------------------------------------------------------------
 *
 * fuzz_tick.c
 *	  Whatever a broken JVM may answer, under libFuzzer (docs/fuzzing.md):
 *	  all that is decoded lies within the answer.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "tick.h"

#define MAX_PEERS 5

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
look_at_rows(const WdTickAnswer *answer)
{
	for (uint32_t i = 0; i < answer->row_count; i++)
	{
		WdPeerRow	   peer;
		uint8_t		   row[WD_PEER_ROW_BYTES];
		const uint8_t *at = answer->rows + (size_t) i * WD_PEER_ROW_BYTES;

		memcpy(row, at, sizeof(row));
		if (wd_peer_row_decode(row, &peer))
			require(strlen(peer.version) <= WD_VERSION_BYTES);
		wd_peer_row_clear_flag(row, WD_PEER_CONNECTED);
		require(!wd_peer_row_has_flag(row, WD_PEER_CONNECTED));
	}
}

static void
look_at_logs(const WdTickAnswer *answer, const uint8_t *end)
{
	const uint8_t *at = answer->logs;

	for (uint16_t i = 0; i < answer->log_count; i++)
	{
		WdLogLine line;
		char	  text[WD_MAX_LOG_BYTES];

		at = wd_tick_next_log(at, &line);
		require(line.length <= WD_MAX_LOG_BYTES && at <= end);
		memcpy(text, line.text, line.length);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	WdTickAnswer answer;
	const char	*problem = NULL;

	if (!wd_tick_decode(bytes, length, MAX_PEERS, &answer, &problem))
	{
		require(problem != NULL);
		return 0;
	}
	require(answer.row_count <= MAX_PEERS);
	look_at_rows(&answer);
	for (uint16_t i = 0; i < answer.judgement_count; i++)
	{
		WdJudgement judgement;

		wd_tick_judgement(&answer, i, &judgement);
	}
	look_at_logs(&answer, bytes + length);
	return 0;
}
