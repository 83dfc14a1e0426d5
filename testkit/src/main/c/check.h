/*-------------------------------------------------------------------------
 *
 * check.h
 *	  The little that the unit tests need: count, print what failed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef TESTKIT_CHECK_H
#define TESTKIT_CHECK_H

#include <stdbool.h>
#include <stdio.h>

static int		   tests_passed;
static int		   tests_failed;
static const char *test_name;
static bool		   test_failed;

#define CHECK(condition)                                                       \
	do                                                                         \
	{                                                                          \
		if (!(condition))                                                      \
		{                                                                      \
			test_failed = true;                                                \
			printf("%s:%d: %s: not true: %s\n", __FILE__, __LINE__, test_name, \
				   #condition);                                                \
		}                                                                      \
	} while (0)

#define RUN(test)                                            \
	do                                                       \
	{                                                        \
		test_name = #test;                                   \
		test_failed = false;                                 \
		test();                                              \
		*(test_failed ? &tests_failed : &tests_passed) += 1; \
	} while (0)

static int
finish(void)
{
	printf("%d passed, %d failed\n", tests_passed, tests_failed);
	return tests_failed > 0;
}

#endif /* TESTKIT_CHECK_H */
