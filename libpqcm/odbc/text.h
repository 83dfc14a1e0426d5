/*-------------------------------------------------------------------------
 *
 * text.h
 *	  Text into an application's buffer, by ODBC's rules: cut to what fits,
 *	  always with a NUL at the end.
 *
 * A unit has one byte (UTF-8, or what the text is) or two (UTF-16; a pair of
 * units is never cut in two).  "room" is the buffer's size in bytes, the NUL
 * included; nothing is written if "out" is NULL or there is no room for a
 * NUL.  Gives the length of the whole text in bytes, without the NUL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef LIBPQCM_ODBC_TEXT_H
#define LIBPQCM_ODBC_TEXT_H

#include <stddef.h>

extern size_t
cm_text_write(const char *utf8, size_t unit, void *out, size_t room);

#endif /* LIBPQCM_ODBC_TEXT_H */
