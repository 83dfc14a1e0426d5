/*
 * Tells when TCP streams stood still for GAP_MS or longer, as their receivers see
 * it (what comes after a lost segment does not count before the segment does), on
 * standard output:
 *
 *   gap SENDER RECEIVER BEGIN_US END_US
 *
 * Times are the caller's; a gap that goes on at the end has the end -1.
 */
#ifndef GAPS_H
#define GAPS_H

#include <stddef.h>
#include <stdint.h>

#define GAP_MS 50

/* Of connections whose one end has that port number. */
extern void begin_watch(int port);

/* An Ethernet frame that has reached its receiver. */
extern void watch(const unsigned char *ethernet, size_t length, int64_t now_us);

extern void end_watch(void);

#endif
