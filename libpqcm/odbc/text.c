/*-------------------------------------------------------------------------
 *
 * text.c
 *	  Text into an application's buffer, by ODBC's rules.
 *
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <string.h>

#include "text.h"

#define REPLACEMENT 0xfffd

static size_t
write_narrow(const char *utf8, void *out, size_t room)
{
	size_t length = strlen(utf8);
	size_t fits = length < room ? length : room - 1;

	if (out != NULL && room > 0)
	{
		memcpy(out, utf8, fits);
		((char *) out)[fits] = '\0';
	}
	return length;
}

/* The next character; what is not UTF-8 gives a replacement a byte. */
static uint32_t
next_character(const unsigned char **at)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char	 *c = *at;
	int		 bytes = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	uint32_t character = c[0];

	*at = c + 1;
	if (bytes == 1)
		return character;
	if (c[0] < 0xc0 || c[0] > 0xf4)
		return REPLACEMENT;
	character &= 0x7fU >> bytes;
	for (int i = 1; i < bytes; i++)
	{
		if ((c[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		character = character << 6 | (c[i] & 0x3fU);
	}
	if (character < least[bytes] || character > 0x10ffff ||
		(character >= 0xd800 && character < 0xe000))
		return REPLACEMENT;
	*at = c + bytes;
	return character;
}

static size_t
write_wide(const char *utf8, void *out, size_t room)
{
	const unsigned char *at = (const unsigned char *) utf8;
	uint16_t			*to = out;
	size_t				 units = 0;
	size_t				 written = 0;
	/* Without the NUL. */
	size_t most = out != NULL && room >= 2 ? room / 2 - 1 : 0;

	while (*at != '\0')
	{
		uint32_t character = next_character(&at);
		size_t	 needs = character > 0xffff ? 2 : 1;

		/* Once one did not fit, none does. */
		if (written == units && units + needs <= most)
		{
			if (needs == 2)
			{
				to[written++] =
					(uint16_t) (0xd800 + ((character - 0x10000) >> 10));
				to[written++] = (uint16_t) (0xdc00 + (character & 0x3ff));
			}
			else
				to[written++] = (uint16_t) character;
		}
		units += needs;
	}
	if (out != NULL && room >= 2)
		to[written] = 0;
	return units * 2;
}

size_t
cm_text_write(const char *utf8, size_t unit, void *out, size_t room)
{
	return unit == 1 ? write_narrow(utf8, out, room)
					 : write_wide(utf8, out, room);
}
