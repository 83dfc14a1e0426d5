/*-------------------------------------------------------------------------
 *
 * data.h
 *	  What libpq exports besides functions (pgresStatus); the generated
 *	  data.c defines it anew and real.c copies the contents.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_DATA_H
#define LIBPQCM_DATA_H

#include <stddef.h>

#include "export.h"

typedef struct CmData
{
	const char	*name;
	const void **ours;
	size_t		 size; /* in bytes */
} CmData;

/* Ends with a row of NULLs. */
extern const CmData cm_data[];

#endif /* LIBPQCM_DATA_H */
