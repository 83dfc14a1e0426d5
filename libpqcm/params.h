/*-------------------------------------------------------------------------
 *
 * params.h
 *	  Connection parameters as PQconnectStartParams() takes them: our copy
 *	  of the application's, with room for ours behind them.  libpq takes the
 *	  last value of a keyword that is not empty.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_PARAMS_H
#define LIBPQCM_PARAMS_H

#include <stdbool.h>

#include <libpq-fe.h>

/* How many values of ours fit behind the application's. */
#define CM_MOST_OVERRIDES 8

typedef struct CmParams
{
	const char **keywords; /* [0 .. count) are copies; then ours */
	const char **values;
	int			 count;
	int			 overrides;
	int			 expand_dbname;
} CmParams;

/* These return NULL when memory is out. */
extern CmParams *cm_params_copy(const char *const *keywords,
								const char *const *values, int expand_dbname);
extern CmParams *cm_params_of_options(const PQconninfoOption *options);

/* Forgets the overrides set so far. */
extern void cm_params_reset(CmParams *params);

/*
 * Adds one; nothing if the value is NULL or empty.  Neither text is copied:
 * both must stay until cm_params_reset().
 */
extern void
cm_params_override(CmParams *params, const char *keyword, const char *value);

extern void cm_params_free(CmParams *params);

/* The value of an option, or NULL if it is not set or empty. */
extern const char *
cm_option(const PQconninfoOption *options, const char *keyword);

#endif /* LIBPQCM_PARAMS_H */
