/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Kernel names are bytes; JSON and metrics want UTF-8. */
#ifndef PN_UTIL_UTF8_H
#define PN_UTIL_UTF8_H

#define PN_UTF8_REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

/* Length in bytes of the valid sequence at @s, 0 when it is none. */
int pn_utf8_length(const char *s);

#endif
