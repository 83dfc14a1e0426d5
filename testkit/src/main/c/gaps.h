/*
 * Tells when TCP streams stood still for GAP_MS or longer, as their receivers see
 * it: what comes after a lost segment, be it the end, does not count before the
 * segment does.
 *
 * Of a connection that was there before the watch the first segment is taken for
 * the next one: what was lost just before is not known.
 *
 * Times are the caller's, in microseconds.
 */
#ifndef GAPS_H
#define GAPS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define GAP_MS 50

/* Of connections whose one end has that port number. */
extern void begin_watch(int port);

/* An Ethernet frame that has reached its receiver. */
extern void watch(const unsigned char *ethernet, size_t length, int64_t now_us);

/* Tells of the gaps that go on. */
extern void end_watch(void);

typedef struct Gap
{
	struct in_addr sender, receiver;
	int64_t		   begin_us;
	int64_t		   end_us; /* -1: it goes on */
	/* Whether the next bytes, or the stream's end, have ended it; else nothing came
	 * any more. */
	int filled;
} Gap;

/* The caller's: what to do with a gap. */
extern void on_gap(const Gap *gap);

#endif
