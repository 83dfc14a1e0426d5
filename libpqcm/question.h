/*-------------------------------------------------------------------------
 *
 * question.h
 *	  Stage 1's messages (docs/protocol.md, section 2): no I/O, no state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_QUESTION_H
#define LIBPQCM_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A question's bytes, at most: six pairs whose values are cut to 64 bytes. */
#define CM_QUESTION_BYTES 512

/* Type and length of an answer, and the longest one. */
#define CM_HEADER_BYTES 5
#define CM_ANSWER_BYTES (1 + 2048)

/* Of host and hostaddr. */
#define CM_TEXT_BYTES 512

/* Longest "XXXXXXXX/XXXXXXXX", with its NUL */
#define CM_LSN_BYTES 18

/* What conmgr is asked. */
typedef struct CmQuestion
{
	const char *attrs;	 /* one of libpq's words */
	const char *min_lsn; /* "": none */
	int64_t		wait_ms; /* how long it waits for min_lsn; -1: any time */
	const char *application_name; /* "": none */
	long		pid;
	int			libpq_version;
} CmQuestion;

/* What stands at the start of the answer. */
typedef enum CmAnswerKind
{
	CM_ANSWER_MORE,		/* not enough bytes yet */
	CM_ANSWER_INSTANCE, /* a whole answer: go there */
	CM_ANSWER_REFUSAL,	/* a whole answer: nothing for you */
	CM_ANSWER_GO_ON,	/* PostgreSQL; this socket can be used */
	CM_ANSWER_REDIAL,	/* PostgreSQL; this socket cannot be used */
	CM_ANSWER_BAD		/* neither conmgr's nor PostgreSQL's */
} CmAnswerKind;

/* Strings point into the bytes that were parsed. */
typedef struct CmAnswer
{
	CmAnswerKind kind;
	size_t		 wanted; /* MORE: read exactly so many bytes more */
	const char	*host;	 /* INSTANCE; never empty */
	const char	*hostaddr;
	uint16_t	 port;
	const char	*min_lsn; /* INSTANCE: what conmgr has heeded, or NULL */
	const char	*message; /* REFUSAL, BAD */
} CmAnswer;

/* Writes the question; returns its length. */
extern size_t
cm_question_write(uint8_t out[CM_QUESTION_BYTES], const CmQuestion *question);

/* Reads an LSN and writes it as conmgr does; false if it is none. */
extern bool cm_lsn_read(const char *text, char lsn[CM_LSN_BYTES]);

/* What those bytes are; a byte past the answer is never asked for. */
extern CmAnswer cm_answer_parse(const uint8_t *bytes, size_t length);

#endif /* LIBPQCM_QUESTION_H */
