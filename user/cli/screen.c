// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Painting a terminal anew; see screen.h. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/screen.h"

#define LOWEST 4	/* below it no terminal is taken at its word */

bool pn_screen_start(struct pn_screen *s, FILE *f)
{
	struct winsize ws;

	if (!isatty(fileno(f)))
		return false;
	fputs("\033[H\033[J", f);
	s->left = ioctl(fileno(f), TIOCGWINSZ, &ws) || ws.ws_row < LOWEST ? 0 : ws.ws_row - 1;
	return true;
}

bool pn_screen_takes(struct pn_screen *s, FILE *f)
{
	if (!s->left)
		return true;
	if (s->left == 1)
		return false;
	if (--s->left > 1)
		return true;
	fputs("...\n", f);
	return false;
}
