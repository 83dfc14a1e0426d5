/*-------------------------------------------------------------------------
 *
 * judgement.c
 *	  How a judgement reads in the log and in the views.
 *
 *-------------------------------------------------------------------------
 */
#include "judgement.h"

#include <stdio.h>

const char *
wd_reason_name(WdReason reason)
{
	switch (reason)
	{
		case WD_REASON_TIMEOUT:
			return "timeout";
		case WD_REASON_CLOSED:
			return "closed";
		case WD_REASON_GOODBYE:
			return "goodbye";
	}
	return "unknown";
}

/* Writes the id into text, which has WD_CONMGR_ID_TEXT bytes. */
void
wd_conmgr_id_text(const uint8_t *id, char *text)
{
	for (int i = 0; i < WD_CONMGR_ID_BYTES; i++)
		sprintf(text + 2 * i, "%02x", id[i]);
}
