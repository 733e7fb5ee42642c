/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A terminal that is painted anew again and again, and never scrolls. */
#ifndef PN_CLI_SCREEN_H
#define PN_CLI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/* Lines that it still has room for; 0: as many as there are. */
struct pn_screen {
	unsigned int left;
};

/* An empty screen, but for a line of a title; false: @f is no terminal, nothing is done. */
bool pn_screen_start(struct pn_screen *s, FILE *f);

/* Is there room for a line? Instead of the first for which there is none stands "...". */
bool pn_screen_takes(struct pn_screen *s, FILE *f);

#endif
