/*-------------------------------------------------------------------------
 *
 * fuzz_answer.c
 *	  Whatever answers on conmgr's port, under libFuzzer (docs/fuzzing.md).
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "question.h"

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_inside(const char *text, const uint8_t *bytes, size_t length)
{
	const uint8_t *at = (const uint8_t *) text;

	return at >= bytes && at < bytes + length &&
		   memchr(at, '\0', (size_t) (bytes + length - at)) != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char	 lsn[CM_LSN_BYTES];
	CmAnswer answer = cm_answer_parse(bytes, length);

	switch (answer.kind)
	{
		case CM_ANSWER_MORE:
			require(answer.wanted > 0 &&
					length + answer.wanted <= CM_ANSWER_BYTES);
			break;
		case CM_ANSWER_INSTANCE:
			require(is_inside(answer.host, bytes, length) &&
					is_inside(answer.hostaddr, bytes, length));
			require(answer.host[0] != '\0' && answer.port != 0);
			require(strlen(answer.host) <= CM_TEXT_BYTES);
			require(answer.min_lsn == NULL ||
					is_inside(answer.min_lsn, bytes, length));
			if (answer.min_lsn != NULL && cm_lsn_read(answer.min_lsn, lsn))
				require(strlen(lsn) < CM_LSN_BYTES);
			break;
		case CM_ANSWER_REFUSAL:
			require(is_inside(answer.message, bytes, length));
			break;
		case CM_ANSWER_BAD:
			require(answer.message != NULL);
			break;
		case CM_ANSWER_GO_ON:
		case CM_ANSWER_REDIAL:
			break;
	}
	return 0;
}
