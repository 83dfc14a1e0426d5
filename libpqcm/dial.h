/*-------------------------------------------------------------------------
 *
 * dial.h
 *	  A real connection for one host of the list; the parts of an attempt
 *	  that only attempt.c and begin.c use.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_DIAL_H
#define LIBPQCM_DIAL_H

#include "attempt.h"

/* The host that is being tried. */
extern CmHost *cm_current(const CmAttempt *attempt);

/* What is asked of conmgr. */
extern const char *cm_wanted_attrs(const CmHandle *handle);

extern PGconn *cm_start_real(const CmParams *params);

/*
 * Dials the present host, or (CM_SENT_ON) the one that conmgr's answer names;
 * the phase is DIALLING, ORDINARY or SENT_ON afterwards.  The real connection
 * may have failed at once.  False: memory is out, or the name is too long.
 */
extern bool cm_dial(CmHandle *handle, CmPhase phase);

/*
 * Puts a real connection to the present host in place that has failed: for
 * accessor functions after a failure that libpq knows nothing of.
 */
extern void cm_bury(CmHandle *handle);

/* Whether libpq would have tried the next host; see attempt.c. */
extern bool cm_stands_at_marker(const CmHandle *handle);

/* These add to the attempt's errors; memory being out just loses text. */
extern void cm_add_error(CmAttempt *attempt, const char *text, size_t length);
extern void cm_add_reason(CmHandle *handle, const char *reason);
extern void cm_add_libpq_error(CmHandle *handle);

/* From begin.c: the attempt's memory. */
extern void cm_attempt_free(CmHandle *handle);

/* From attempt.c: begins with the next host; FAILED if there is none. */
extern PostgresPollingStatusType cm_attempt_next_host(CmHandle *handle);

#endif /* LIBPQCM_DIAL_H */
