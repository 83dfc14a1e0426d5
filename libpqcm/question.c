/*-------------------------------------------------------------------------
 *
 * question.c
 *	  Stage 1's messages.  Every byte of an answer is hostile.
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "question.h"

#define GSSENC_REQUEST	 80877104
#define PROTOCOL_VERSION 1

/* Values longer than this are cut; conmgr takes 512 bytes. */
#define VALUE_BYTES 64

static uint8_t *
put32(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t) (value >> 24);
	out[1] = (uint8_t) (value >> 16);
	out[2] = (uint8_t) (value >> 8);
	out[3] = (uint8_t) value;
	return out + 4;
}

static uint32_t
get16(const uint8_t *in)
{
	return (uint32_t) in[0] << 8 | in[1];
}

static uint32_t
get32(const uint8_t *in)
{
	return get16(in) << 16 | get16(in + 2);
}

/* conmgr wants UTF-8 without control characters: plain ASCII is both. */
static uint8_t *
put_pair(uint8_t *out, const char *key, const char *value)
{
	size_t key_bytes = strlen(key) + 1;

	memcpy(out, key, key_bytes);
	out += key_bytes;
	for (int i = 0; i < VALUE_BYTES && value[i] != '\0'; i++)
		*out++ = value[i] >= ' ' && value[i] <= '~' ? (uint8_t) value[i] : '?';
	*out++ = '\0';
	return out;
}

/* The flag: answers may have pairs. */
#define READS_PAIRS 1

static uint8_t *
put_wish(uint8_t *out, const CmQuestion *question)
{
	char number[32];

	out = put_pair(out, "min_lsn", question->min_lsn);
	if (question->wait_ms < 0)
		return out;
	/* conmgr takes nine digits. */
	snprintf(number, sizeof(number), "%d",
			 question->wait_ms > 999999999 ? 999999999
										   : (int) question->wait_ms);
	return put_pair(out, "wait_ms", number);
}

size_t
cm_question_write(uint8_t out[CM_QUESTION_BYTES], const CmQuestion *question)
{
	uint8_t *at = put32(put32(out, 0), GSSENC_REQUEST);
	bool	 wish = question->min_lsn[0] != '\0';
	char	 number[32];

	memcpy(at, "CMGR", 4);
	at = put32(at + 4, PROTOCOL_VERSION << 16 | (wish ? READS_PAIRS : 0));
	at = put_pair(at, "target_session_attrs", question->attrs);
	if (wish)
		at = put_wish(at, question);
	if (question->application_name[0] != '\0')
		at = put_pair(at, "application_name", question->application_name);
	snprintf(number, sizeof(number), "%ld", question->pid);
	at = put_pair(at, "pid", number);
	snprintf(number, sizeof(number), "libpq-%d.%d",
			 question->libpq_version / 10000, question->libpq_version % 10000);
	at = put_pair(at, "driver", number);
	*at++ = '\0';
	put32(out, (uint32_t) (at - out));
	return (size_t) (at - out);
}

/* Up to eight hexadecimal digits; NULL if there is none, or more. */
static const char *
read_half(const char *text, uint32_t *half)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (digits < 1 || digits > 8)
		return NULL;
	*half = (uint32_t) strtoul(text, NULL, 16);
	return text + digits;
}

bool
cm_lsn_read(const char *text, char lsn[CM_LSN_BYTES])
{
	uint32_t	high;
	uint32_t	low;
	const char *at = read_half(text, &high);

	if (at == NULL || *at != '/' || (at = read_half(at + 1, &low)) == NULL ||
		*at != '\0')
		return false;
	snprintf(lsn, CM_LSN_BYTES, "%X/%X", high, low);
	return true;
}

static CmAnswer
bad(const char *message)
{
	return (CmAnswer){.kind = CM_ANSWER_BAD, .message = message};
}

/* A string up to its NUL, without control characters; NULL if it is none. */
static const char *
take_text(const uint8_t **at, const uint8_t *end, size_t most)
{
	const uint8_t *text = *at;
	const uint8_t *nul = memchr(text, '\0', (size_t) (end - text));

	if (nul == NULL || (size_t) (nul - text) > most)
		return NULL;
	for (const uint8_t *c = text; c < nul; c++)
		if (*c < ' ' || *c == 0x7f)
			return NULL;
	*at = nul + 1;
	return (const char *) text;
}

/*
 * What stands in a host name or address.  A comma would make a list of it, a
 * slash or an at-sign a Unix socket.
 */
static bool
is_host(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
	{
		bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
					  (*c & 0x80) != 0;
		bool digit = *c >= '0' && *c <= '9';

		if (!letter && !digit && strchr("._:%-", *c) == NULL)
			return false;
	}
	return text[0] != '\0';
}

static bool
is_address(const char *text)
{
	struct in6_addr address;
	char			numbers[INET6_ADDRSTRLEN];
	size_t			length = strcspn(text, "%");

	if (length >= sizeof(numbers) || !is_host(text))
		return false;
	memcpy(numbers, text, length);
	numbers[length] = '\0';
	return inet_pton(AF_INET6, numbers, &address) == 1 ||
		   (text[length] == '\0' && inet_pton(AF_INET, numbers, &address) == 1);
}

/* Pairs up to their NUL at the end; false if they are malformed. */
static bool
take_pairs(const uint8_t *at, const uint8_t *end, CmAnswer *answer)
{
	for (;;)
	{
		const char *key = take_text(&at, end, CM_TEXT_BYTES);
		const char *value;

		if (key == NULL)
			return false;
		if (key[0] == '\0')
			return at == end;
		value = take_text(&at, end, CM_TEXT_BYTES);
		if (value == NULL)
			return false;
		if (strcmp(key, "min_lsn") == 0)
			answer->min_lsn = value;
	}
}

static CmAnswer
parse_instance(const uint8_t *at, const uint8_t *end)
{
	CmAnswer answer = {.kind = CM_ANSWER_INSTANCE};

	if (end - at < 6)
		return bad("conmgr's answer is too short");
	if (get16(at) != PROTOCOL_VERSION)
		return bad("conmgr's answer is of another version");
	answer.port = (uint16_t) get16(at + 4);
	at += 6;
	answer.host = take_text(&at, end, CM_TEXT_BYTES);
	answer.hostaddr =
		answer.host != NULL ? take_text(&at, end, CM_TEXT_BYTES) : NULL;
	if (answer.hostaddr == NULL || take_text(&at, end, CM_TEXT_BYTES) == NULL ||
		(at != end && !take_pairs(at, end, &answer)))
		return bad("conmgr's answer is malformed");
	if (answer.host[0] == '\0')
		answer.host = answer.hostaddr;
	if (answer.port == 0 || !is_host(answer.host) ||
		!is_address(answer.hostaddr))
		return bad("conmgr's answer names no usable address");
	return answer;
}

static CmAnswer
parse_refusal(const uint8_t *at, const uint8_t *end)
{
	CmAnswer answer = {.kind = CM_ANSWER_REFUSAL};

	if (take_text(&at, end, 5) == NULL)
		return bad("conmgr's answer is malformed");
	answer.message = take_text(&at, end, CM_ANSWER_BYTES);
	if (answer.message == NULL || at != end)
		return bad("conmgr's answer is malformed");
	return answer;
}

CmAnswer
cm_answer_parse(const uint8_t *bytes, size_t length)
{
	size_t whole;

	if (length == 0)
		return (CmAnswer){.kind = CM_ANSWER_MORE, .wanted = 1};
	switch (bytes[0])
	{
		case 'N':
			return (CmAnswer){.kind = CM_ANSWER_GO_ON};
		case 'G':
		case 'E':
			return (CmAnswer){.kind = CM_ANSWER_REDIAL};
		case 'c':
		case 'e':
			break;
		default:
			return bad("the answer is neither conmgr's nor PostgreSQL's");
	}
	if (length < CM_HEADER_BYTES)
		return (CmAnswer){.kind = CM_ANSWER_MORE,
						  .wanted = CM_HEADER_BYTES - length};
	whole = get32(bytes + 1);
	if (whole < 4 || whole > CM_ANSWER_BYTES - 1)
		return bad("conmgr's answer has an impossible length");
	whole += 1;
	if (length < whole)
		return (CmAnswer){.kind = CM_ANSWER_MORE, .wanted = whole - length};
	if (bytes[0] == 'c')
		return parse_instance(bytes + CM_HEADER_BYTES, bytes + whole);
	return parse_refusal(bytes + CM_HEADER_BYTES, bytes + whole);
}
