/*-------------------------------------------------------------------------
 *
 * options.h
 *	  What the application's parameters come to, with libpq's defaults.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_OPTIONS_H
#define LIBPQCM_OPTIONS_H

#include "params.h"

/*
 * libpq's table of options; at least those that we go by have the value that
 * libpq will use: its defaults, the environment and the service file
 * included.  To be freed with PQconninfoFree().  NULL: libpq has a complaint,
 * or memory is out.
 */
extern PQconninfoOption *cm_options_read(CmParams *params);

#endif /* LIBPQCM_OPTIONS_H */
