/*-------------------------------------------------------------------------
 *
 * question_test.c
 *	  Stage 1's bytes, against the golden files of the protocol.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "question.h"

#define GOLDEN "../wire/src/test/resources/golden/"

/* The bytes of a golden file: hexadecimal digits, "#" begins a comment. */
static size_t
read_golden(const char *name, uint8_t *bytes, size_t room)
{
	char   path[200];
	char   line[1000];
	size_t length = 0;
	FILE  *file;

	snprintf(path, sizeof(path), GOLDEN "%s.hex", name);
	file = fopen(path, "r");
	CHECK(file != NULL);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		unsigned int byte;

		line[strcspn(line, "# \n")] = '\0';
		for (char *at = line; sscanf(at, "%2x", &byte) == 1; at += 2)
			if (length < room)
				bytes[length++] = (uint8_t) byte;
	}
	if (file != NULL)
		fclose(file);
	return length;
}

/* Parses an exact copy, so that a read past the end is seen. */
static CmAnswerKind
kind_of(const uint8_t *bytes, size_t length)
{
	uint8_t *copy = malloc(length > 0 ? length : 1);
	CmAnswer answer;

	memcpy(copy, bytes, length);
	answer = cm_answer_parse(copy, length);
	free(copy);
	return answer.kind;
}

static void
a_question_is_understood_by_conmgr(void)
{
	uint8_t question[CM_QUESTION_BYTES];
	uint8_t golden[CM_QUESTION_BYTES];
	size_t	length =
		cm_question_write(question, &(CmQuestion){"read-write", "", -1,
												  "orders", 4711, 150020});
	size_t expected = read_golden("request", golden, sizeof(golden));

	/* The golden one has no driver. */
	CHECK(length == expected + strlen("driver") + strlen("libpq-15.20") + 2);
	CHECK(question[3] == length);
	CHECK(memcmp(question + 4, golden + 4, expected - 5) == 0);
	CHECK(memcmp(question + expected - 1, "driver\0libpq-15.20\0", 20) == 0);
}

static void
a_wish_is_understood_by_conmgr(void)
{
	uint8_t question[CM_QUESTION_BYTES];
	uint8_t golden[CM_QUESTION_BYTES];
	size_t	expected = read_golden("request-min-lsn", golden, sizeof(golden));
	size_t	length =
		cm_question_write(question, &(CmQuestion){"standby", "1/6B374D8", 5000,
												  "orders", 4711, 150020});

	CHECK(length > expected && question[3] == length);
	CHECK(memcmp(question + 4, golden + 4, expected - 5) == 0);
}

static void
an_lsn_is_read_as_postgresql_reads_it(void)
{
	static const char *const none[] = {"",	  "1",			 "1/",	 "/1",
									   "x/1", "0/123456789", "0/1 ", "-1/1"};
	char					 lsn[CM_LSN_BYTES];

	CHECK(cm_lsn_read("00000016/b374d848", lsn));
	CHECK(strcmp(lsn, "16/B374D848") == 0);
	CHECK(cm_lsn_read("FFFFFFFF/FFFFFFFF", lsn));
	CHECK(strcmp(lsn, "FFFFFFFF/FFFFFFFF") == 0);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(!cm_lsn_read(none[i], lsn));
}

static void
an_application_name_is_cut_and_made_plain(void)
{
	uint8_t question[CM_QUESTION_BYTES];
	char	name[3000];
	size_t	length;

	memset(name, '\n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	length =
		cm_question_write(question,
						  &(CmQuestion){"prefer-standby", "FFFFFFFF/FFFFFFFF",
										INT64_MAX, name, 2147483647, 180000});
	CHECK(length < CM_QUESTION_BYTES);
	CHECK(memchr(question, '\n', length) == NULL);
}

static void
the_golden_answers_are_understood(void)
{
	uint8_t	 bytes[CM_ANSWER_BYTES];
	size_t	 length = read_golden("instance", bytes, sizeof(bytes));
	CmAnswer answer = cm_answer_parse(bytes, length);

	CHECK(answer.kind == CM_ANSWER_INSTANCE);
	CHECK(strcmp(answer.host, "db2.example") == 0);
	CHECK(strcmp(answer.hostaddr, "10.0.0.2") == 0);
	CHECK(answer.port == 27500);

	CHECK(answer.min_lsn == NULL);

	length = read_golden("instance-min-lsn", bytes, sizeof(bytes));
	answer = cm_answer_parse(bytes, length);
	CHECK(answer.kind == CM_ANSWER_INSTANCE && answer.port == 27500);
	CHECK(strcmp(answer.min_lsn, "1/6B374D8") == 0);

	length = read_golden("refusal", bytes, sizeof(bytes));
	answer = cm_answer_parse(bytes, length);
	CHECK(answer.kind == CM_ANSWER_REFUSAL);
	CHECK(strcmp(answer.message, "no primary is known") == 0);

	length = read_golden("down", bytes, sizeof(bytes));
	CHECK(kind_of(bytes, length) == CM_ANSWER_BAD);
}

static void
each_truncation_wants_exactly_what_is_missing(void)
{
	static const char *const names[] = {"instance", "instance-min-lsn",
										"refusal"};

	for (int i = 0; i < 3; i++)
	{
		uint8_t bytes[CM_ANSWER_BYTES];
		size_t	length = read_golden(names[i], bytes, sizeof(bytes));

		for (size_t have = 0; have < length; have++)
		{
			CmAnswer answer = cm_answer_parse(bytes, have);

			CHECK(answer.kind == CM_ANSWER_MORE);
			CHECK(answer.wanted > 0 && have + answer.wanted <= length);
		}
	}
}

static void
no_changed_byte_is_read_past_its_end(void)
{
	uint8_t bytes[CM_ANSWER_BYTES];
	size_t	length = read_golden("instance", bytes, sizeof(bytes));

	for (size_t at = 0; at < length; at++)
		for (int value = 0; value < 256; value++)
		{
			uint8_t	 before = bytes[at];
			CmAnswer answer;

			bytes[at] = (uint8_t) value;
			CHECK(kind_of(bytes, length) <= CM_ANSWER_BAD);
			answer = cm_answer_parse(bytes, length);
			if (answer.kind == CM_ANSWER_MORE)
				CHECK(length + answer.wanted <= CM_ANSWER_BYTES);
			if (answer.kind == CM_ANSWER_INSTANCE)
				CHECK(strpbrk(answer.host, ",/@ '\\=\n") == NULL);
			bytes[at] = before;
		}
}

static void
other_servers_answers_are_known(void)
{
	CHECK(kind_of((const uint8_t *) "N", 1) == CM_ANSWER_GO_ON);
	CHECK(kind_of((const uint8_t *) "G", 1) == CM_ANSWER_REDIAL);
	CHECK(kind_of((const uint8_t *) "E", 1) == CM_ANSWER_REDIAL);
	CHECK(kind_of((const uint8_t *) "S", 1) == CM_ANSWER_BAD);
	CHECK(kind_of((const uint8_t *) "", 1) == CM_ANSWER_BAD);
}

int
main(void)
{
	RUN(a_question_is_understood_by_conmgr);
	RUN(a_wish_is_understood_by_conmgr);
	RUN(an_lsn_is_read_as_postgresql_reads_it);
	RUN(an_application_name_is_cut_and_made_plain);
	RUN(the_golden_answers_are_understood);
	RUN(each_truncation_wants_exactly_what_is_missing);
	RUN(no_changed_byte_is_read_past_its_end);
	RUN(other_servers_answers_are_known);
	return finish();
}
