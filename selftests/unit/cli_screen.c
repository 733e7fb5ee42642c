// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Painting a terminal anew: what fits, what stands for the rest, and no terminal at all. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/out.h"
#include "tap.h"

static const struct pn_col cols[] = { { "n", "N", PN_LEFT }, PN_COL_END };
static const struct pn_table table = { .key = "rows", .cols = cols };

static void page_write(FILE *f, unsigned int rows)
{
	struct pn_out *o = pn_out_open(f, false, false, false);
	unsigned int i;

	pn_out_page(o, "title");
	pn_out_table(o, &table);
	for (i = 0; i < rows; i++) {
		pn_out_row(o);
		pn_out_u64(o, "n", i);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
	tap_eq(pn_out_close(o), 0, "closing");
}

/* What a terminal of @lines lines is sent for a table of @rows rows. */
static void terminal(unsigned int lines, unsigned int rows, const char *want)
{
	struct winsize ws = { .ws_row = lines, .ws_col = 80 };
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct pollfd p = { .fd = master, .events = POLLIN };
	char got[512] = "";
	FILE *f = NULL;
	ssize_t n = 0;

	tap_case("%u rows on %u lines", rows, lines);
	if (master >= 0 && !grantpt(master) && !unlockpt(master) &&
	    !ioctl(master, TIOCSWINSZ, &ws))
		f = fopen(ptsname(master), "we");
	if (tap_true(!!f, "a terminal")) {
		page_write(f, rows);
		while (n < (ssize_t)sizeof(got) - 1 && poll(&p, 1, 0) == 1 &&
		       (p.revents & POLLIN) && read(master, got + n, 1) == 1)
			n++;
		tap_str(got, want, "what is sent");
		fclose(f);
	}
	if (master >= 0)
		close(master);
	tap_end();
}

static void no_terminal(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = tmpfile();

	tap_case("a file gets all of it");
	page_write(f, 30);
	rewind(f);
	size = getdelim(&text, &size, 0, f);
	tap_true(!strncmp(text, "title\nN\n0\n", 10) && strstr(text, "\n29\n"), text);
	free(text);
	fclose(f);
	tap_end();
}

int main(void)
{
	terminal(8, 2, "\033[H\033[Jtitle\r\nN\r\n0\r\n1\r\n");
	terminal(8, 5, "\033[H\033[Jtitle\r\nN\r\n0\r\n1\r\n2\r\n3\r\n...\r\n");
	terminal(8, 30, "\033[H\033[Jtitle\r\nN\r\n0\r\n1\r\n2\r\n3\r\n...\r\n");
	no_terminal();
	return tap_done();
}
