// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* UTF-8 by RFC 3629: no overlong forms, no surrogates; see utf8.h. */
#include "util/utf8.h"

int pn_utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int min, code;
	int len, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] < 0xe0)
		len = 2, min = 0x80, code = s[0] & 0x1f;
	else if ((s[0] & 0xf0) == 0xe0)
		len = 3, min = 0x800, code = s[0] & 0x0f;
	else if (s[0] >= 0xf0 && s[0] < 0xf5)
		len = 4, min = 0x10000, code = s[0] & 0x07;
	else
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < min || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return len;
}
