// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Word wrapping for terminals; see wrap.h. */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/wrap.h"

#define NARROWEST 40	/* below that wrapping does more harm than good */

void pn_wrap_print(FILE *f, const char *text, size_t len, struct pn_wrap at)
{
	const char *end = text + len;

	while (text < end) {
		int word = strcspn(text, " \n");

		if (word > end - text)
			word = end - text;
		if (at.width && at.column > at.indent && at.column + 1 + word >= at.width) {
			fprintf(f, "\n%*s", at.indent, "");
			at.column = at.indent;
		} else if (at.column > at.indent) {
			at.column += fprintf(f, " ");
		}
		at.column += fprintf(f, "%.*s", word, text);
		text += word;
		text += strspn(text, " \n");
	}
	fputc('\n', f);
}

int pn_wrap_width(FILE *f)
{
	struct winsize ws;

	if (!isatty(fileno(f)) || ioctl(fileno(f), TIOCGWINSZ, &ws) || ws.ws_col < NARROWEST)
		return 0;
	return ws.ws_col;
}
