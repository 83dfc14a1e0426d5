/*-------------------------------------------------------------------------
 *
 * export.h
 *	  CM_EXPORT marks what programs may call; all else stays inside.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_EXPORT_H
#define LIBPQCM_EXPORT_H

#define CM_EXPORT __attribute__((visibility("default")))

#endif /* LIBPQCM_EXPORT_H */
