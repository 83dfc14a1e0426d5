/*-------------------------------------------------------------------------
 *
 * fake_driver.h
 *	  What odbc_test.c sets and sees of the fake driver behind the front.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_FAKE_DRIVER_H
#define LIBPQCM_FAKE_DRIVER_H

#include <stdbool.h>

typedef struct FakeDriver
{
	char host[200]; /* what PQcmLastHost() tells, once */
	bool told;
	int	 sum; /* of the last connect's integer arguments */
	int	 freed;
	bool unconnected;
	bool in_transaction;
} FakeDriver;

extern FakeDriver *fake_driver(void);

/* As in libpqcm.h, which needs libpq. */
extern const char *PQcmLastHost(void);

#endif /* LIBPQCM_FAKE_DRIVER_H */
