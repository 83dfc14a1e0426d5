/*-------------------------------------------------------------------------
 *
 * range.h
 *	  The address range in which all our handles are.  Also read by the
 *	  assembler.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_RANGE_H
#define LIBPQCM_RANGE_H

/* 32 MB of addresses: room for 524,288 connections of 64 bytes. */
#define CM_RANGE_BITS 25

#endif /* LIBPQCM_RANGE_H */
